"""Checks scripts statement by statement, against the schema that all earlier statements make.

MariaDB's are checked here, those of PostgreSQL by `postgresql`.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from installer.bundle.sql.migrations import Migration
from installer.bundle.sql.provider import MYSQL, POSTGRESQL, Provider
from installer.bundle.sql.statements import Statement, split_statements
from packager.lint.catalogue.findings import Finding
from packager.lint.catalogue.judged import Judged, JudgedMigration, judged_statement
from packager.lint.catalogue.verdicts import verdict_of
from packager.lint.history.changes import (
    Change,
    ChangeColumn,
    ChangeRows,
    CreateCode,
    CreateTable,
    DropCode,
    DropTable,
    NotRead,
)
from packager.lint.history.replay import after, forget_newness
from packager.lint.history.tables import Schema
from packager.lint.postgresql.judge_postgresql import judge_postgresql
from packager.lint.rules.additions import judge_addition
from packager.lint.rules.column_changes import judge_change
from packager.lint.rules.definitions import judge_definition, judge_whole
from packager.lint.rules.destructive import judge_loss
from packager.lint.rules.foreign_words import foreign_words
from packager.lint.rules.invalid_columns import judge_possible
from packager.lint.rules.refusals import judge_names, missing_table
from packager.lint.rules.repairs import Repair, Repairs
from packager.lint.rules.rule_context import RuleContext
from packager.lint.rules.session import left_behind
from packager.lint.sql.executable_comments import executed, without_rows
from packager.lint.sql.qualified_names import is_lenient, is_qualified
from packager.lint.sql.reading import read_statement

SHOWN_CHARACTERS = 80  # of a statement that is not understood


def judge_migrations(
    migrations: Iterable[Migration], provider: Provider = MYSQL
) -> tuple[JudgedMigration, ...]:
    """Checks every migration of a history that starts with an empty database of this provider, in order."""
    if provider == POSTGRESQL:
        return judge_postgresql(migrations)
    schema, judged = Schema(), []
    for migration in migrations:
        statements, schema = judge_script(migration.text, forget_newness(schema))
        judged.append(JudgedMigration(migration, statements, tuple(_of_the_whole(migration.text))))
    return tuple(judged)


def _of_the_whole(script: str) -> Iterator[Finding]:
    if not script.strip("\ufeff \t\r\n;"):
        yield Finding("AL141")
    elif "\ufeff" in script[:1]:
        yield Finding("AL142")


def judge_script(script: str, schema: Schema) -> tuple[tuple[Judged, ...], Schema]:
    """Checks every statement of a script against this schema; returns them and the resulting schema."""
    statements = split_statements(script)
    read = [read_statement(statement.text) for statement in statements]
    left = left_behind(read)
    judged, repairs = [], Repairs()
    for at, (statement, changes) in enumerate(zip(statements, read, strict=True)):
        findings, schema = _judge(statement, changes, schema, repairs.known)
        repairs.see(statement.line, changes)
        verdicts = tuple(map(verdict_of, changes))
        judged.append(judged_statement(statement, verdicts, (*findings, *left.get(at, ()))))
    return tuple(judged), schema


def _judge(
    statement: Statement, changes: tuple[Change, ...], schema: Schema, repairs: tuple[Repair, ...]
) -> tuple[tuple[Finding, ...], Schema]:
    text = without_rows(executed(statement.text) or "")
    foreign = foreign_words(text)
    found: list[Finding] = [foreign] if foreign else []
    context = RuleContext(schema, changes, schema, is_lenient=is_lenient(text), repairs=repairs)
    for change in changes:
        found += _findings(change, context)
        context = replace(context, schema=after(context.schema, change))
    for name in dict.fromkeys(change.changed_table for change in changes):
        found += judge_whole(name, context)
    return tuple(dict.fromkeys(found)), _less_sure(context.schema, changes, text)


def _less_sure(schema: Schema, changes: tuple[Change, ...], text: str) -> Schema:
    """Returns the schema, marked as incomplete after a change to a table of another database."""
    changes_tables = not all(isinstance(one, ChangeRows | CreateCode | DropCode) for one in changes)
    return replace(schema, is_whole=False) if changes_tables and is_qualified(text) else schema


def _findings(change: Change, context: RuleContext) -> Iterator[Finding]:
    table = change.changed_table
    if isinstance(change, NotRead):
        yield _not_judged(change)
        return
    if (missing := missing_table(change, context)) is not None:
        yield missing
        return
    names = tuple(judge_names(change, context))
    yield from names
    yield from judge_definition(change, context)
    yield from judge_possible(change, context)
    if any(finding.code == "AL124" for finding in names):
        return
    yield from judge_loss(change, context)
    if isinstance(change, ChangeColumn):
        yield from judge_change(change, context)
    elif context.may_have_rows(table):
        yield from judge_addition(change, context)
    if _lacks_its_past(change, context):
        yield Finding("AL180", table)


def _lacks_its_past(change: Change, context: RuleContext) -> bool:
    """Returns whether the change is to a table that no migration made, as far as they were understood."""
    table = change.changed_table
    is_read = not any(isinstance(one, NotRead) for one in context.statement)
    needs_past = not isinstance(change, CreateTable | DropTable | ChangeRows)
    return bool(table) and is_read and needs_past and context.table(table) is None


def _not_judged(change: NotRead) -> Finding:
    words = " ".join(change.words.split())
    if re.match(r"DELIMITER\b", words, re.IGNORECASE):
        return Finding("AL140")
    return Finding(
        "AL190",
        change.table,
        now=words if len(words) <= SHOWN_CHARACTERS else f"{words[:SHOWN_CHARACTERS]}…",
    )
