"""Checks what existing rows must satisfy, so that a statement does not fail."""

from collections.abc import Iterator

from packager.lint.catalogue.findings import Finding
from packager.lint.history.changes import AddColumn, Change, ChangeRows
from packager.lint.postgresql.postgresql_changes import (
    BuildIndex,
    BuildPrimaryKey,
    CheckReferences,
    SetNotNull,
    Validate,
)
from packager.lint.postgresql.postgresql_history import Known
from packager.lint.rules.row_changes import judge_rows
from packager.lint.rules.rule_context import RuleContext


def judge_needed(change: Change, known: Known, statement: tuple[Change, ...]) -> Iterator[Finding]:
    """Yields what rows of a table must satisfy, if it can have any."""
    table = change.changed_table
    if isinstance(change, ChangeRows):
        yield from judge_rows(change, RuleContext(known.schema, statement, known.schema))
    if not known.has_rows(table):
        return
    match change:
        case AddColumn():
            yield from _added_column(change)
        case BuildIndex(from_index="", is_built=True, of_constraint="exclude"):
            yield Finding("PG205", table)
        case BuildIndex(from_index="", is_built=True, index=index) if index.kind == "unique":
            yield Finding("MF101", table, ", ".join(index.columns) or index.name or "?")
        case BuildPrimaryKey(from_index="", columns=columns):
            yield Finding("PG203", table, now=", ".join(columns))
        case CheckReferences(key=key, is_validated=True):
            yield Finding("AL110", table, ", ".join(key.columns), now=key.to)
        case SetNotNull(name=name, is_not_null=True) if _may_be_null(known, table, name):
            yield Finding("MF104", table, name)
        case Validate(name=name):
            yield Finding("PG206", table, name)


def _added_column(change: AddColumn) -> Iterator[Finding]:
    table, column = change.table, change.column
    has_value = column.default is not None or column.generated or column.is_auto_increment
    if not column.is_nullable and not has_value:
        yield Finding("PG201", table, column.name)
    if (column.is_unique or column.is_primary) and column.default is not None:
        yield Finding("MF101", table, column.name)
    if column.references and column.default is not None:
        yield Finding("AL110", table, column.name, now=column.references.to)
    if column.generated == "stored":
        yield Finding("AL135", table, column.name)


def _may_be_null(known: Known, table: str, name: str) -> bool:
    column = known.column(table, name)
    return (column is None or column.is_nullable) and not known.proves_not_null(table, name)
