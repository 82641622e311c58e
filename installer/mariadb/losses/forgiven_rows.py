"""Reads from the server's counts how many rows a forgiving statement deleted or skipped.

Source: the message of an OK packet, `Records: 4  Duplicates: 1  Warnings: 2`, on MariaDB 10.11 and 11.8.
"""

import re
from dataclasses import dataclass

from installer.bundle.sql.statement_words import words_of
from installer.database.values.rehearsal_result import RehearsedStatement
from installer.mariadb.losses.new_tables import word_for_rows
from installer.mariadb.losses.plan_losses import Forgiving
from installer.text import _, ngettext

COUNT = r"{name}: (\d+)"


@dataclass(frozen=True)
class Forgiven:
    """Holds the number of `rows` that are deleted or change, None when not known, and the message `words`."""

    rows: int | None
    words: str


def forgiven(statement: RehearsedStatement, forgiving: Forgiving) -> Forgiven | None:
    """Returns what a forgiving statement did; None when it surely changed nothing without an error."""
    duplicates = _duplicates(statement)
    if forgiving == "alter":
        return _deleted(duplicates)
    if forgiving == "insert" and not _updates(statement) and statement.warnings == duplicates:
        return _skipped(duplicates)
    if forgiving == "relaxed":
        return _warned(statement.warnings) if statement.warnings else None
    word = word_for_rows(statement.text)
    loses_some = statement.warnings or _leaves_some(statement) or (word and duplicates)
    if not forgiving or not loses_some:
        return None
    if word == "REPLACE":
        return Forgiven(
            None, _("The number of rows that are replaced or change without an error is not known: REPLACE.")
        )
    return Forgiven(
        None, _("The number of rows that are skipped or change without an error is not known: IGNORE.")
    )


def _duplicates(statement: RehearsedStatement) -> int | None:
    """Returns the number of duplicate rows; for an INSERT of one row, the server reports only a warning."""
    told = _count(statement, "Duplicates")
    if told is None and not statement.message and statement.rows is not None:
        return statement.warnings if statement.rows == 0 else 0
    return told


def _leaves_some(statement: RehearsedStatement) -> bool:
    """Returns whether rows matched but did not change, including rows that had the value already."""
    return _count(statement, "Rows matched") != _count(statement, "Changed")


def _count(statement: RehearsedStatement, name: str) -> int | None:
    found = re.search(COUNT.format(name=name), statement.message)
    return int(found[1]) if found else None


def _updates(statement: RehearsedStatement) -> bool:
    return "DUPLICATE" in {word.upper for word in words_of(statement.text)}


def _deleted(rows: int | None) -> Forgiven | None:
    if rows is None:
        return Forgiven(None, _("The number of rows that are deleted without an error is not known: IGNORE."))
    words = ngettext(
        "{count} row is deleted without an error: IGNORE.",
        "{count} rows are deleted without an error: IGNORE.",
        rows,
    )
    return Forgiven(rows, words) if rows else None


def _skipped(rows: int | None) -> Forgiven | None:
    words = ngettext(
        "{count} row is not inserted, without an error: IGNORE.",
        "{count} rows are not inserted, without an error: IGNORE.",
        rows or 0,
    )
    return Forgiven(rows, words) if rows else None


def _warned(warnings: int) -> Forgiven:
    words = ngettext(
        "The number of values that change without an error is not known: sql_mode is not strict,"
        " {count} warning.",
        "The number of values that change without an error is not known: sql_mode is not strict,"
        " {count} warnings.",
        warnings,
    )
    return Forgiven(None, words)
