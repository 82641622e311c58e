"""Applies changes to the schema, which is the history that checks are based on."""

import re
from dataclasses import replace

from packager.lint.history import changes
from packager.lint.history.changes import Change
from packager.lint.history.names_of_tables import hidden, put, uncovered
from packager.lint.history.renames import with_renamed_column, with_renamed_table
from packager.lint.history.table_changes import altered
from packager.lint.history.tables import Column, Schema, Table, same

TOUCHES_NO_TABLE = re.compile(
    r"\s*(GRANT|REVOKE|KILL|CHECK|REPAIR|OPTIMIZE|ANALYZE|DELIMITER|INSERT|UPDATE|DELETE|(CREATE|ALTER|DROP)\s+USER)\b",
    re.IGNORECASE,
)


def after(schema: Schema, change: Change) -> Schema:
    """Returns the schema after the change; drops what is known of a table after an unknown change."""
    match change:
        case changes.SetOption(checks_foreign_keys=checks, is_strict=is_strict):
            return _set(schema, checks, is_strict)
        case changes.CreateTable():
            return _created(schema, change)
        case changes.CreateCode(kind="view" | "sequence", name=name):
            return _forgotten(schema, name)
        case changes.DropCode(names=names):
            return replace(schema, others=schema.others - set(names))
        case changes.ReadOnly(makes=made, drops=dropped):
            return hidden(uncovered(schema, dropped), made)
        case changes.DropTable(table=name) if name in schema.temporary:
            return uncovered(schema, (name,))
        case changes.DropTable(table=name):
            return replace(put(schema, name, None), others=schema.others - {name})
        case changes.NotRead(table=name) if name in schema.temporary:
            return schema
        case changes.NotRead(table=name, words=words):
            return _forgotten(schema, name) if name or TOUCHES_NO_TABLE.match(words) else _unsure(schema)
        case changes.UseDatabase():
            return _unsure(schema)
        case changes.DropDatabase():
            return replace(schema, tables={})
        case changes.RenameTable():
            return with_renamed_table(schema, change)
        case changes.ChangeRows(table=name, kind="inserts" | "updates"):
            return _filled(schema, name)
        case _:
            return _altered(schema, change, change.changed_table)


def forget_newness(schema: Schema) -> Schema:
    """Returns the schema for the next migration: every table may have rows, and none is temporary."""
    schema = uncovered(schema, tuple(schema.temporary))
    tables = {name: _older(table) for name, table in schema.tables.items()}
    return replace(schema, tables=tables, checks_foreign_keys=True, is_strict=True)


def _unsure(schema: Schema) -> Schema:
    """Marks the schema as incomplete: any table may have changed."""
    return replace(schema, is_whole=False)


def _forgotten(schema: Schema, name: str) -> Schema:
    """Returns the schema with something of that name about which nothing is known."""
    return replace(put(schema, name, None), others=schema.others | {name}) if name else schema


def _altered(schema: Schema, change: Change, name: str) -> Schema:
    table = schema.table(name)
    if table is None:
        is_other = name and name not in schema.temporary
        return replace(schema, others=schema.others | {name}) if is_other else schema
    schema = put(schema, name, altered(table, change))
    match change:
        case changes.ChangeColumn(name=was, column=Column(name=to)) | changes.RenameColumn(name=was, to=to):
            return schema if same(was, to) else with_renamed_column(schema, name, was, to)
    return schema


def _set(schema: Schema, checks: bool | None, is_strict: bool | None) -> Schema:
    """Returns the schema after a SET; None leaves an option unchanged."""
    return replace(
        schema,
        checks_foreign_keys=schema.checks_foreign_keys if checks is None else checks,
        is_strict=schema.is_strict if is_strict is None else is_strict,
    )


def _created(schema: Schema, change: changes.CreateTable) -> Schema:
    if change.if_missing and schema.table(change.table) is not None:
        return schema
    if change.from_select:
        return _forgotten(schema, change.table)  # its columns come from the query
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
    for element in sorted(change.elements, key=lambda one: isinstance(one, changes.AddForeignKey)):
        table = altered(table, element)
    return put(schema, change.table, table)


def _filled(schema: Schema, name: str) -> Schema:
    """Marks tables that may have rows now; all of them if it is not clear which one got rows."""
    tables = {
        key: _filled_table(table) if name in ("", key) else table for key, table in schema.tables.items()
    }
    return replace(schema, tables=tables)


def _older(table: Table) -> Table:
    return replace(table, is_new=False, is_own=False) if table.is_new or table.is_own else table


def _filled_table(table: Table) -> Table:
    return replace(table, is_new=False) if table.is_new else table
