"""Checks what is dropped or renamed: databases, tables, columns, rows, constraints."""

from collections.abc import Iterator

from packager.lint.catalogue.findings import Finding
from packager.lint.history.changes import (
    AddIndex,
    Change,
    ChangePartitions,
    ChangeRows,
    CreateTable,
    DropColumn,
    DropConstraint,
    DropDatabase,
    DropForeignKey,
    DropIndex,
    DropTable,
    RenameColumn,
    RenameTable,
)
from packager.lint.history.tables import Index, same, serves
from packager.lint.rules.rule_context import RuleContext

ROWS = {"truncates": "AL101", "deletes": "AL102", "updates": "AL103"}


def judge_loss(change: Change, context: RuleContext) -> Iterator[Finding]:
    """Yields what is dropped or renamed by the change."""
    match change:
        case DropDatabase(name=name):
            yield Finding("DS101", name)
        case DropTable(table=name):
            yield from _dropped_table(change, context)
        case CreateTable(table=name, replaces=True) if context.table(name) is not None:
            yield Finding("DS102", name)
        case DropColumn():
            yield from _dropped_column(change, context)
        case DropIndex():
            yield from _dropped_index(change, context)
        case DropForeignKey(table=name, name=key):
            yield Finding("CD101", name, key)
        case DropConstraint():
            yield from _dropped_constraint(change, context)
        case RenameTable(table=name, to=to):
            yield Finding("BC101", name, now=to)
        case RenameColumn(table=name, name=column, to=to):
            yield Finding("BC102", name, column, now=to)
        case ChangeRows(table=name, updates_others=True) if context.may_have_rows(name):
            yield Finding("AL144", name)
        case ChangeRows(table=name, kind=kind) if kind in ROWS and context.may_have_rows(name):
            yield Finding(ROWS[kind], name)
            if kind == "truncates" and context.schema.checks_foreign_keys:
                yield from _pointed_to(name, context)
        case ChangePartitions(table=name, loses_rows=True):
            yield Finding("AL101", name)


def _pointed_to(name: str, context: RuleContext) -> Iterator[Finding]:
    for _table, key in context.schema.references_to(name):
        yield Finding("AL120", name, ", ".join(key.to_columns), now=key.called)


def _dropped_table(change: DropTable, context: RuleContext) -> Iterator[Finding]:
    name = change.table
    if context.may_have_rows(name):
        yield Finding("DS102", name)
    if context.schema.checks_foreign_keys:
        for table, key in context.schema.references_to(name):
            if table.name not in change.others:
                yield Finding("AL120", name, ", ".join(key.to_columns), now=key.called)


def _dropped_column(change: DropColumn, context: RuleContext) -> Iterator[Finding]:
    table = context.table(change.table)
    column = table.column(change.name) if table else None
    if context.may_have_rows(change.table) and (column is None or column.generated != "virtual"):
        yield Finding("DS103", change.table, change.name)
    if table is None:
        return
    for key in context.foreign_keys_on(table, change.name):
        yield Finding("AL120", change.table, change.name, now=key.called)
    for index in table.indexes_with(change.name):
        if len(index.columns) > 1 and not _is_dropped(index, context):
            code = "AL121" if index.kind == "unique" else "AL122"
            yield Finding(code, change.table, change.name, now=index.name or ", ".join(index.columns))


def _dropped_index(change: DropIndex, context: RuleContext) -> Iterator[Finding]:
    """Yields foreign keys that need the dropped index, unless another index supports them."""
    table = context.table(change.table)
    if table is None or not context.schema.checks_foreign_keys:
        return
    added = [one.index for one in context.statement if isinstance(one, AddIndex)]
    others = [index for index in (*table.indexes, *added) if not _is_dropped(index, context)]
    dropped = [index for index in table.indexes if same(index.name, change.name)]
    for key in table.foreign_keys:
        needed = any(serves(index.columns, key.columns) for index in dropped)
        served = any(
            serves(columns, key.columns) for columns in (table.primary_key, *(i.columns for i in others))
        )
        if needed and not served and not context.drops_foreign_key(key):
            yield Finding("AL120", change.table, change.name, now=key.called)


def _is_dropped(index: Index, context: RuleContext) -> bool:
    names = [one.name for one in context.statement if isinstance(one, DropIndex | DropConstraint)]
    return any(same(index.name, name) for name in names)


def _dropped_constraint(change: DropConstraint, context: RuleContext) -> Iterator[Finding]:
    table = context.table(change.table)
    if table and any(same(key.name, change.name) for key in table.foreign_keys):
        yield Finding("CD101", change.table, change.name)
    elif table is None or any(same(check, change.name) for check in table.checks):
        yield Finding("CD102", change.table, change.name)
