"""Checks what is dropped, emptied or renamed: tables, columns, rows, constraints, types, schemas."""

from collections.abc import Iterator

from packager.lint.catalogue.findings import Finding
from packager.lint.history.changes import (
    Change,
    ChangeRows,
    DropColumn,
    DropConstraint,
    DropDatabase,
    RenameColumn,
    RenameTable,
)
from packager.lint.history.tables import ForeignKey, Table, same
from packager.lint.postgresql.postgresql_changes import (
    BuildPrimaryKey,
    Cascade,
    DropObject,
    DropRelation,
    RenameEnumValue,
)
from packager.lint.postgresql.postgresql_history import Known

ROWS = {"truncates": "AL101", "deletes": "AL102", "updates": "AL103"}


def judge_lost(change: Change, known: Known, statement: tuple[Change, ...]) -> Iterator[Finding]:
    """Yields what the change drops, deletes or renames."""
    match change:
        case DropDatabase(name=name):
            yield Finding("DS101", name)
        case DropRelation():
            yield from _dropped_table(change, known)
        case DropColumn(table=table, name=name):
            yield from _dropped_column(table, name, known, statement)
        case DropConstraint(table=table, name=name):
            yield from _dropped_constraint(table, name, known, statement)
        case DropObject(kind=kind, names=names, cascades=True):
            code = "PG152" if kind == "schema" else "PG153"
            yield from (Finding(code, "", name) for name in names)
        case Cascade(table=table, name=name) if name:
            yield Finding("PG153", table, name)
        case RenameTable(table=table, to=to) if known.is_shared(table):
            yield Finding("BC101", table, now=to)
        case RenameColumn(table=table, name=name, to=to) if known.is_shared(table):
            yield Finding("BC102", table, name, now=to)
        case RenameEnumValue(name=name, was=was, to=to):
            yield Finding("PG151", "", name, f"'{was}'", f"'{to}'")
        case ChangeRows(table=table, kind=kind) if known.has_rows(table):
            yield from _changed_rows(change, known, statement, kind)


def _dropped_table(change: DropRelation, known: Known) -> Iterator[Finding]:
    name = change.table
    if known.has_rows(name):
        yield Finding("DS102", name)
    if change.cascades:
        yield Finding("PG153", name, name)
        return
    for table, key in known.schema.references_to(name):
        if table.name not in change.others:
            yield Finding("AL120", name, ", ".join(key.to_columns), now=key.called)


def _dropped_column(table: str, name: str, known: Known, statement: tuple[Change, ...]) -> Iterator[Finding]:
    column = known.column(table, name)
    if known.has_rows(table) and (column is None or column.generated != "virtual"):
        yield Finding("DS103", table, name)
    found = known.table(table)
    if found is None or any(isinstance(one, Cascade) and one.name == name for one in statement):
        return
    for _other, key in known.schema.references_to(table):
        if name in _referenced(key, found):
            yield Finding("AL120", table, name, now=key.called)


def _referenced(key: ForeignKey, table: Table) -> tuple[str, ...]:
    return key.to_columns or table.primary_key


def _dropped_constraint(
    name: str, constraint: str, known: Known, statement: tuple[Change, ...]
) -> Iterator[Finding]:
    table = known.table(name)
    if table is None:
        yield Finding("CD102", name, constraint)
    elif any(same(key.name, constraint) for key in table.foreign_keys):
        yield Finding("CD101", name, constraint)
    elif any(same(check, constraint) for check in table.checks):
        yield Finding("CD102", name, constraint)
    elif table.primary_key and same(f"{name.rpartition('.')[2]}_pkey", constraint):
        yield from _dropped_primary_key(table, known, statement)


def _dropped_primary_key(table: Table, known: Known, statement: tuple[Change, ...]) -> Iterator[Finding]:
    """Yields the foreign keys that need it, and that rows may be equal if no other one replaces it."""
    if not any(isinstance(one, BuildPrimaryKey) for one in statement):
        yield Finding("CD103", table.name)
    if any(isinstance(one, Cascade) for one in statement):
        return
    for _other, key in known.schema.references_to(table.name):
        if _referenced(key, table) == table.primary_key:
            yield _needed(table.name, key)


def _changed_rows(
    change: ChangeRows, known: Known, statement: tuple[Change, ...], kind: str
) -> Iterator[Finding]:
    table = change.table
    if change.updates_others:
        yield Finding("AL144", table)
    if kind not in ROWS:
        return
    yield Finding(ROWS[kind], table)
    if kind != "truncates":
        return
    emptied = {one.table for one in statement if isinstance(one, ChangeRows)}
    cascades = any(isinstance(one, Cascade) for one in statement)
    for other, key in known.schema.references_to(table):
        if other.name not in emptied:
            yield Finding("PG154", other.name, now=table) if cascades else _needed(table, key)


def _needed(table: str, key: ForeignKey) -> Finding:
    return Finding("AL120", table, ", ".join(key.to_columns), now=key.called)
