"""Checks names that the server refuses with any rows: existing, missing, or written in another case.

Applies only if the schema is known for certain. Source of the numbers: MariaDB 10.11 and 11.8
(`tests/packager/lint/test_refused.py`).
"""

from collections.abc import Iterator

from packager.lint.catalogue.findings import Finding
from packager.lint.history.changes import (
    AddCheck,
    AddColumn,
    AddIndex,
    AddPrimaryKey,
    Change,
    ChangeColumn,
    ChangeDefault,
    ChangeRows,
    CreateTable,
    DropColumn,
    DropConstraint,
    DropForeignKey,
    DropIndex,
    DropPrimaryKey,
    DropTable,
    RenameColumn,
    RenameIndex,
    RenameTable,
)
from packager.lint.history.tables import Table, same
from packager.lint.rules.rule_context import RuleContext

TAKEN, MISSING = "AL123", "AL124"


def judge_names(change: Change, context: RuleContext) -> Iterator[Finding]:
    """Yields names of tables, columns, indexes and keys that already exist, or do not exist."""
    yield from _other_case(change, context)
    if not context.is_sure:
        return
    name = change.changed_table
    table = context.table(name)
    match change:
        case CreateTable(replaces=False, if_missing=False) if table or name in context.schema.others:
            yield Finding(TAKEN, name, now="1050")
        case RenameTable(to=to) if to in context.schema.tables:
            yield Finding(TAKEN, to, now="1050")
        case CreateTable(elements=elements):
            yield from _twice(name, elements)
        case AddColumn() | AddIndex() | AddPrimaryKey() | AddCheck() if table:
            yield from _taken(table, change, context)
        case _ if table:
            yield from _missing(table, change, context)


def missing_table(change: Change, context: RuleContext) -> Finding | None:
    """Returns a finding if the changed table certainly does not exist."""
    name = change.changed_table
    if isinstance(change, CreateTable):
        name = change.like or ""
    if not name or not context.is_sure or not context.schema.lacks(name):
        return None
    error = "1051" if isinstance(change, DropTable) else "1146"
    known = context.schema.in_other_case(name)
    return Finding("AL170", name, was=known, now=error) if known else Finding(MISSING, name, now=error)


def _other_case(change: Change, context: RuleContext) -> Iterator[Finding]:
    """Yields a second table whose name differs only in case."""
    name = change.table if isinstance(change, CreateTable) else ""
    known = context.schema.in_other_case(name) if name and not context.table(name) else None
    if known:
        yield Finding("AL171", name, now=known)


def _twice(table: str, elements: tuple[Change, ...]) -> Iterator[Finding]:
    """Yields columns and indexes that are duplicate in one CREATE TABLE."""
    columns = [one.column.name for one in elements if isinstance(one, AddColumn)]
    indexes = [one.index.name for one in elements if isinstance(one, AddIndex) and one.index.name]
    for error, names in (("1060", columns), ("1061", indexes)):
        seen: set[str] = set()
        for name in names:
            if name.lower() in seen:
                yield Finding(TAKEN, table, name, now=error)
            seen.add(name.lower())
    yield from _unknown_columns(table, {name.lower() for name in columns}, elements)


def _unknown_columns(table: str, known: set[str], elements: tuple[Change, ...]) -> Iterator[Finding]:
    for one in elements:
        named = one.index.columns if isinstance(one, AddIndex) else ()
        named = one.columns if isinstance(one, AddPrimaryKey) else named
        yield from (Finding(MISSING, table, name, now="1072") for name in named if name.lower() not in known)


def _taken(table: Table, change: Change, context: RuleContext) -> Iterator[Finding]:
    match change:
        case AddColumn(column=column):
            if table.column(column.name) and not context.frees_column(column.name):
                yield Finding(TAKEN, table.name, column.name, now="1060")
        case AddIndex(index=index):
            here = (one for one in table.indexes if same(one.name, index.name or ""))
            if any(not one.is_implicit for one in here) and not context.frees_index(index.name or ""):
                yield Finding(TAKEN, table.name, index.name or "", now="1061")
            yield from _unknown_columns(table.name, set(table.columns) | context.added_columns, (change,))
        case AddPrimaryKey():
            if table.primary_key and not any(isinstance(one, DropPrimaryKey) for one in context.statement):
                yield Finding(TAKEN, table.name, "PRIMARY KEY", now="1068")
            yield from _unknown_columns(table.name, set(table.columns) | context.added_columns, (change,))
        case AddCheck(name=str(name)):
            if any(same(check, name) for check in table.checks) and len(context.statement) == 1:
                yield Finding(TAKEN, table.name, name, now="1826")


def _missing(table: Table, change: Change, context: RuleContext) -> Iterator[Finding]:
    earlier = context.before.table(table.name) or table
    match change:
        case DropColumn(name=name) if not context.knows_column(table, name):
            yield Finding(MISSING, table.name, name, now="1091")
        case ChangeColumn(name=name) | RenameColumn(name=name) | ChangeDefault(name=name):
            if not context.knows_column(table, name):
                yield Finding(MISSING, table.name, name, now="1054")
            to = change.column.name if isinstance(change, ChangeColumn) else getattr(change, "to", name)
            if not same(name, to) and table.column(to) and not context.frees_column(to):
                yield Finding(TAKEN, table.name, to, now="1060")
        case DropIndex(name=name) | RenameIndex(name=name):
            indexes = (*table.indexes, *earlier.indexes)
            if name.upper() != "PRIMARY" and not any(same(one.name, name) for one in indexes):
                yield Finding(
                    MISSING, table.name, name, now="1091" if isinstance(change, DropIndex) else "1176"
                )
        case DropForeignKey(name=name) if not any(same(key.name, name) for key in earlier.foreign_keys):
            yield Finding(MISSING, table.name, name, now="1091")
        case DropPrimaryKey() if not earlier.primary_key:
            yield Finding(MISSING, table.name, "PRIMARY KEY", now="1091")
        case DropConstraint(name=name) if not _has_constraint(earlier, name):
            yield Finding(MISSING, table.name, name, now="1091")
        case ChangeRows(columns=columns):
            for name in columns:
                if table.column(name) is None:
                    yield Finding(MISSING, table.name, name, now="1054")


def _has_constraint(table: Table, name: str) -> bool:
    """Returns whether the constraint exists; an unnamed CHECK has an unknown name from the server."""
    unique = [index.name for index in table.indexes if index.kind == "unique"]
    named = [*(key.name for key in table.foreign_keys), *table.checks, *unique]
    is_numbered = name.upper().startswith("CONSTRAINT_")
    return is_numbered or name.upper() == "PRIMARY" or any(same(one, name) for one in named)
