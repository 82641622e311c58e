"""Renames tables and columns, also in the foreign keys that reference them."""

from dataclasses import replace

from packager.lint.history.changes import RenameTable
from packager.lint.history.names_of_tables import hidden, put, uncovered
from packager.lint.history.tables import ForeignKey, Schema, Table, same


def with_renamed_table(schema: Schema, change: RenameTable) -> Schema:
    """Returns the schema with a renamed table; foreign keys to it follow."""
    if change.table in schema.temporary:
        return hidden(uncovered(schema, (change.table,)), change.to)
    table = schema.table(change.table)
    moved = put(put(schema, change.table, None), change.to, table and _called(table, change.to))
    if table is None:
        moved = replace(moved, others=moved.others - {change.table} | {change.to})
    tables = {
        name: replace(one, foreign_keys=tuple(_pointing(k, change) for k in one.foreign_keys))
        for name, one in moved.tables.items()
    }
    return replace(moved, tables=tables)


def with_renamed_column(schema: Schema, table: str, was: str, to: str) -> Schema:
    """Returns the schema with the column renamed in all foreign keys that reference it."""

    def pointing(key: ForeignKey) -> ForeignKey:
        renamed = tuple(to if same(name, was) else name for name in key.to_columns)
        return replace(key, to_columns=renamed) if key.to == table else key

    tables = {
        name: replace(one, foreign_keys=tuple(map(pointing, one.foreign_keys))) if one.foreign_keys else one
        for name, one in schema.tables.items()
    }
    return replace(schema, tables=tables)


def _called(table: Table, name: str) -> Table:
    """Returns the renamed table; the server also renames the keys that it named itself."""
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
