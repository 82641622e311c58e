"""What the tables are after a change: the history that judgements are made from."""

import re
from dataclasses import replace

from packager.lint.changes import (
    AddForeignKey,
    Change,
    ChangeColumn,
    ChangeRows,
    CreateCode,
    CreateTable,
    DropCode,
    DropDatabase,
    DropTable,
    NotRead,
    ReadOnly,
    RenameColumn,
    RenameTable,
    SetOption,
    UseDatabase,
)
from packager.lint.schema import Column, ForeignKey, Schema, Table, same
from packager.lint.table_changes import altered

TOUCHES_NO_TABLE = re.compile(
    r"\s*(GRANT|REVOKE|KILL|CHECK|REPAIR|OPTIMIZE|ANALYZE|DELIMITER|INSERT|UPDATE|DELETE|(CREATE|ALTER|DROP)\s+USER)\b",
    re.IGNORECASE,
)


def after(schema: Schema, change: Change) -> Schema:
    """The schema once the change is made; a table that something unknown happened to is forgotten."""
    match change:
        case SetOption(checks_foreign_keys=checks, is_strict=is_strict):
            return _set(schema, checks, is_strict)
        case CreateTable():
            return _created(schema, change)
        case CreateCode(kind="view" | "sequence", name=name):
            return _forgotten(schema, name)
        case DropCode(names=names):
            return replace(schema, others=schema.others - set(names))
        case ReadOnly(makes=made, drops=dropped):
            return _hidden(_uncovered(schema, dropped), made)
        case DropTable(table=name) if name in schema.temporary:
            return _uncovered(schema, (name,))
        case DropTable(table=name):
            return replace(_with(schema, name, None), others=schema.others - {name})
        case NotRead(table=name) if name in schema.temporary:
            return schema
        case NotRead(table=name, words=words):
            return _forgotten(schema, name) if name or TOUCHES_NO_TABLE.match(words) else _unsure(schema)
        case UseDatabase():
            return _unsure(schema)
        case DropDatabase():
            return replace(schema, tables={})
        case RenameTable():
            return _renamed(schema, change)
        case ChangeRows(table=name, kind="inserts" | "updates"):
            return _filled(schema, name)
        case _:
            return _altered(schema, change, getattr(change, "table", ""))


def forget_newness(schema: Schema) -> Schema:
    """The schema as the next migration finds it: every table may have rows, and none is temporary."""
    schema = _uncovered(schema, tuple(schema.temporary))
    tables = {name: _older(table) for name, table in schema.tables.items()}
    return replace(schema, tables=tables, checks_foreign_keys=True, is_strict=True)


def _unsure(schema: Schema) -> Schema:
    """Anything may have happened to any table."""
    return replace(schema, is_whole=False)


def _forgotten(schema: Schema, name: str) -> Schema:
    """There is something of that name, of which nothing is known."""
    return replace(_with(schema, name, None), others=schema.others | {name}) if name else schema


def _hidden(schema: Schema, name: str) -> Schema:
    """A temporary table takes the place of what is called so."""
    if not name or name in schema.temporary:
        return schema
    return replace(_with(schema, name, None), temporary={**schema.temporary, name: schema.table(name)})


def _uncovered(schema: Schema, names: tuple[str, ...]) -> Schema:
    """Temporary tables go, and what they hid is there again."""
    for name in names:
        if name in schema.temporary:
            left = {key: hidden for key, hidden in schema.temporary.items() if key != name}
            schema = _with(replace(schema, temporary=left), name, schema.temporary[name])
    return schema


def _altered(schema: Schema, change: Change, name: str) -> Schema:
    table = schema.table(name)
    if table is None:
        is_other = name and name not in schema.temporary
        return replace(schema, others=schema.others | {name}) if is_other else schema
    schema = _with(schema, name, altered(table, change))
    match change:
        case ChangeColumn(name=was, column=Column(name=to)) | RenameColumn(name=was, to=to):
            return schema if same(was, to) else _pointing_to_column(schema, name, was, to)
    return schema


def _pointing_to_column(schema: Schema, table: str, was: str, to: str) -> Schema:
    """The schema whose foreign keys to a renamed column know its new name."""

    def pointing(key: ForeignKey) -> ForeignKey:
        renamed = tuple(to if same(name, was) else name for name in key.to_columns)
        return replace(key, to_columns=renamed) if key.to == table else key

    tables = {
        name: replace(one, foreign_keys=tuple(map(pointing, one.foreign_keys))) if one.foreign_keys else one
        for name, one in schema.tables.items()
    }
    return replace(schema, tables=tables)


def _set(schema: Schema, checks: bool | None, is_strict: bool | None) -> Schema:
    """The schema with what a SET says of the connection; None says nothing."""
    return replace(
        schema,
        checks_foreign_keys=schema.checks_foreign_keys if checks is None else checks,
        is_strict=schema.is_strict if is_strict is None else is_strict,
    )


def _created(schema: Schema, change: CreateTable) -> Schema:
    if change.if_missing and schema.table(change.table) is not None:
        return schema
    if change.from_select:
        return _forgotten(schema, change.table)  # its columns are the query's
    table = Table(
        change.table,
        charset=change.charset or (change.collation or "").partition("_")[0] or None,
        collation=change.collation,
        engine=change.engine,
        is_new=True,
        is_own=True,
    )
    if change.like is not None:
        model = schema.table(change.like)
        if model is None:
            return _forgotten(schema, change.table)
        table = replace(model, name=change.table, foreign_keys=(), is_new=True, is_own=True)
    for element in sorted(change.elements, key=lambda one: isinstance(one, AddForeignKey)):
        table = altered(table, element)
    return _with(schema, change.table, table)


def _with(schema: Schema, name: str, table: Table | None) -> Schema:
    if name in schema.temporary:
        return replace(schema, temporary={**schema.temporary, name: table})
    others = {key: value for key, value in schema.tables.items() if key != name}
    return replace(schema, tables={**others, name: table} if table else others)


def _renamed(schema: Schema, change: RenameTable) -> Schema:
    if change.table in schema.temporary:
        return _hidden(_uncovered(schema, (change.table,)), change.to)
    table = schema.table(change.table)
    moved = _with(_with(schema, change.table, None), change.to, table and _called(table, change.to))
    if table is None:
        moved = replace(moved, others=moved.others - {change.table} | {change.to})
    tables = {
        name: replace(one, foreign_keys=tuple(_pointing(k, change) for k in one.foreign_keys))
        for name, one in moved.tables.items()
    }
    return replace(moved, tables=tables)


def _called(table: Table, name: str) -> Table:
    """The table by another name; the server renames the keys that it has named itself."""
    numbered = f"{table.name}_ibfk_"
    keys = (
        replace(key, name=f"{name}_ibfk_{key.name[len(numbered) :]}")
        if key.name and key.name.startswith(numbered)
        else key
        for key in table.foreign_keys
    )
    return replace(table, name=name, foreign_keys=tuple(keys))


def _pointing(key: ForeignKey, change: RenameTable) -> ForeignKey:
    return replace(key, to=change.to) if key.to == change.table else key


def _filled(schema: Schema, name: str) -> Schema:
    """Which tables may have rows now; all of them when it is not plain which one got some."""
    tables = {
        key: _filled_table(table) if name in ("", key) else table for key, table in schema.tables.items()
    }
    return replace(schema, tables=tables)


def _older(table: Table) -> Table:
    return replace(table, is_new=False, is_own=False) if table.is_new or table.is_own else table


def _filled_table(table: Table) -> Table:
    return replace(table, is_new=False) if table.is_new else table
