"""Judges by its text whether a script that was not rehearsed may change values or delete rows."""

from installer.bundle.sql.migrations import Migration
from installer.bundle.sql.statement_words import begins_with, words_of
from installer.bundle.sql.statements import split_statements
from installer.mariadb.losses.new_tables import word_for_rows
from installer.mariadb.losses.plan_losses import (
    CHANGES_VALUES,
    PROGRAMS,
    ROWS_WORK,
    VERSION_COMMENTS,
    says_ignore,
)


def may_lose_values(migration: Migration) -> bool:
    """Returns False only if the script changes no column, ignores no error and leaves sql_mode unchanged."""
    return any(_may(statement.text) for statement in split_statements(migration.text))


def _may(sql: str) -> bool:
    if begins_with(sql, ROWS_WORK):
        return says_ignore(sql)
    if begins_with(sql, "ALTER"):
        return bool(CHANGES_VALUES & {word.upper for word in words_of(sql)})
    if word_for_rows(sql):
        return True
    if begins_with(sql, "SET"):
        return bool({"SQL_MODE", "STATEMENT"} & {word.upper for word in words_of(sql)})
    is_program = begins_with(sql, PROGRAMS) or begins_with(sql, "BEGIN", "NOT")
    return is_program or sql.startswith(VERSION_COMMENTS)
