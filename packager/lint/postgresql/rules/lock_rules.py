"""Checks what keeps others from a table for as long as all its rows are read or written.

Every ALTER TABLE takes a lock, most for a moment; these are the lasting ones, measured on PostgreSQL 15, 17
and 18 (`tests/packager/lint/postgresql/test_locks.py`).
"""

from collections.abc import Iterator

from packager.lint.catalogue.findings import Finding
from packager.lint.history.changes import AddColumn, Change
from packager.lint.postgresql.postgresql_changes import (
    AttachPartition,
    BuildIndex,
    BuildPrimaryKey,
    CheckReferences,
    CheckRows,
    Reindex,
    Rewrite,
    SetNotNull,
)
from packager.lint.postgresql.postgresql_history import Known
from packager.lint.postgresql.rules.volatile_defaults import is_volatile


def judge_lock(change: Change, known: Known) -> Iterator[Finding]:
    """Yields why others must wait while the change runs; nobody waits for a table that is new."""
    table = change.changed_table
    if not known.is_shared(table):
        return
    match change:
        case AddColumn():
            yield from _added_column(change)
        case BuildIndex():
            yield from _built_index(change)
        case BuildPrimaryKey(columns=columns, from_index=""):
            yield Finding("PG307", table, ", ".join(columns))
        case CheckReferences(key=key, is_validated=True):
            yield Finding("PG309", table, ", ".join(key.columns), now=key.to)
        case CheckRows(is_validated=True):
            yield Finding("PG202", table)
        case SetNotNull(name=name, is_not_null=True) if not _is_not_null(known, table, name):
            yield Finding("PG306", table, name)
        case AttachPartition():
            yield Finding("PG311", table)
        case Rewrite(words=words):
            yield Finding("PG305", table, now=f"{words} {table}".strip())
        case Reindex(words=words, is_concurrent=False):
            yield Finding("PG310", table, now=words)


def _added_column(change: AddColumn) -> Iterator[Finding]:
    table, column = change.table, change.column
    is_computed = column.default is not None and is_volatile(column.default)
    if column.generated == "stored":
        yield Finding("PG303", table, column.name)
    elif column.is_auto_increment:
        yield Finding("PG304", table, column.name)
    elif is_computed:
        yield Finding("PG302", table, column.name, now=column.default or "")
    elif column.is_checked or (column.references and column.default is not None):
        yield Finding("PG311", table)
    if column.is_unique or column.is_primary:
        yield Finding("PG307", table, column.name)


def _built_index(change: BuildIndex) -> Iterator[Finding]:
    if change.from_index or change.is_concurrent or not change.is_built:
        return
    name = ", ".join(change.index.columns) or change.index.name or "?"
    yield Finding("PG307" if change.of_constraint else "PG308", change.table, name)


def _is_not_null(known: Known, table: str, name: str) -> bool:
    """Returns whether the server need not read the rows: it knows that none is NULL."""
    column = known.column(table, name)
    return (column is not None and not column.is_nullable) or known.proves_not_null(table, name)
