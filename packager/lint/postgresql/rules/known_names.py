"""Checks names that the server refuses with any rows: they exist already, or they do not exist.

Applies only while every statement before was understood, and not to IF EXISTS or IF NOT EXISTS.
"""

import re
from collections.abc import Iterator

from packager.lint.catalogue.findings import Finding
from packager.lint.history.changes import (
    AddColumn,
    Change,
    ChangeDefault,
    CreateTable,
    DropColumn,
    NotRead,
    RenameColumn,
    RenameTable,
)
from packager.lint.history.tables import Table
from packager.lint.postgresql.postgresql_changes import (
    BuildIndex,
    BuildPrimaryKey,
    Cascade,
    ChangeType,
    CheckReferences,
    CopyFromClient,
    SetNotNull,
)
from packager.lint.postgresql.postgresql_history import Known

TAKEN, MISSING = "AL123", "AL124"
CONDITION = re.compile(r"\bIF\s+(NOT\s+)?EXISTS\b", re.IGNORECASE)
OF_COLUMN = (DropColumn, ChangeType, SetNotNull, ChangeDefault, RenameColumn)


def is_lenient(sql: str) -> bool:
    """Returns whether the server may accept a statement although a name exists, or does not."""
    return CONDITION.search(sql) is not None


def judge_names(change: Change, known: Known, statement: tuple[Change, ...]) -> Iterator[Finding]:
    """Yields names of tables, columns and indexes that already exist, or do not exist."""
    if not known.schema.is_whole or any(isinstance(one, NotRead) for one in statement):
        return
    name = change.changed_table
    table = known.table(name)
    if isinstance(change, CreateTable):
        if table:
            yield Finding(TAKEN, name, now="42P07")
    elif name and known.schema.lacks(name) and not isinstance(change, Cascade | CopyFromClient):
        yield Finding(MISSING, name, now="42P01")
    elif table:
        yield from _of_known(table, change, known, statement)


def _of_known(table: Table, change: Change, known: Known, statement: tuple[Change, ...]) -> Iterator[Finding]:
    match change:
        case RenameTable(to=to) if known.table(to):
            yield Finding(TAKEN, to, now="42P07")
        case AddColumn(column=column, if_missing=False):
            if table.column(column.name) and not _drops(statement, column.name):
                yield Finding(TAKEN, table.name, column.name, now="42701")
        case RenameColumn(to=to) if table.column(to):
            yield Finding(TAKEN, table.name, to, now="42701")
        case BuildIndex(index=index):
            if index.name and not change.of_constraint and known.table_of_index(index.name):
                yield Finding(TAKEN, table.name, index.name, now="42P07 index")
            yield from _missing(table, index.columns, statement)
        case BuildPrimaryKey(columns=columns):
            yield from _missing(table, columns, statement)
        case CheckReferences(key=key):
            yield from _missing(table, key.columns, statement)
    if isinstance(change, OF_COLUMN):
        yield from _missing(table, (change.name,), () if isinstance(change, DropColumn) else statement)


def _drops(statement: tuple[Change, ...], name: str) -> bool:
    """Returns whether the statement drops the column: the server drops before it adds."""
    return any(isinstance(one, DropColumn) and one.name == name for one in statement)


def _missing(table: Table, names: tuple[str, ...], statement: tuple[Change, ...]) -> Iterator[Finding]:
    """Yields the columns that the table lacks, and that the statement does not add, in whatever order."""
    added = {one.column.name for one in statement if isinstance(one, AddColumn)}
    for name in names:
        if table.column(name) is None and name not in added:
            yield Finding(MISSING, table.name, name, now="42703")
