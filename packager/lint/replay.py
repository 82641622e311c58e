"""What the tables are after a change: the history that judgements are made from."""

from dataclasses import replace

from packager.lint.changes import (
    Change,
    ChangeRows,
    CreateTable,
    DropDatabase,
    DropTable,
    NotRead,
    RenameTable,
    SetOption,
)
from packager.lint.schema import ForeignKey, Schema, Table
from packager.lint.table_changes import altered


def after(schema: Schema, change: Change) -> Schema:
    """The schema once the change is made; a table that something unknown happened to is forgotten."""
    match change:
        case SetOption(checks_foreign_keys=bool(checks)):
            return replace(schema, checks_foreign_keys=checks)
        case SetOption(is_strict=bool(is_strict)):
            return replace(schema, is_strict=is_strict)
        case CreateTable():
            return _created(schema, change)
        case DropTable(table=name) | NotRead(table=name):
            return _with(schema, name, None)
        case DropDatabase():
            return replace(schema, tables={})
        case RenameTable():
            return _renamed(schema, change)
        case ChangeRows(table=name, kind="inserts" | "updates"):
            return _filled(schema, name)
        case _:
            name = getattr(change, "table", "")
            table = schema.table(name)
            return schema if table is None else _with(schema, name, altered(table, change))


def forget_newness(schema: Schema) -> Schema:
    """The schema as the next migration finds it: every table may have rows."""
    tables = {name: replace(table, is_new=False) for name, table in schema.tables.items()}
    return Schema(tables)


def _created(schema: Schema, change: CreateTable) -> Schema:
    if change.if_missing and schema.table(change.table) is not None:
        return schema
    if change.from_select:
        return _with(schema, change.table, None)  # its columns are the query's
    table = Table(change.table, charset=change.charset, is_new=True)
    if change.like is not None:
        model = schema.table(change.like)
        if model is None:
            return _with(schema, change.table, None)
        table = replace(model, name=change.table, foreign_keys=(), is_new=True)
    for element in change.elements:
        table = altered(table, element)
    return _with(schema, change.table, table)


def _with(schema: Schema, name: str, table: Table | None) -> Schema:
    others = {key: value for key, value in schema.tables.items() if key != name}
    return replace(schema, tables={**others, name: table} if table else others)


def _renamed(schema: Schema, change: RenameTable) -> Schema:
    table = schema.table(change.table)
    moved = _with(_with(schema, change.table, None), change.to, table and replace(table, name=change.to))
    tables = {
        name: replace(one, foreign_keys=tuple(_pointing(k, change) for k in one.foreign_keys))
        for name, one in moved.tables.items()
    }
    return replace(moved, tables=tables)


def _pointing(key: ForeignKey, change: RenameTable) -> ForeignKey:
    return replace(key, to=change.to) if key.to == change.table else key


def _filled(schema: Schema, name: str) -> Schema:
    """Which tables may have rows now; all of them when it is not plain which one got some."""
    tables = {
        key: replace(table, is_new=table.is_new and name not in ("", key))
        for key, table in schema.tables.items()
    }
    return replace(schema, tables=tables)
