"""Tracks which table has which name while temporary tables hide others."""

from dataclasses import replace

from packager.lint.history.tables import Schema, Table


def put(schema: Schema, name: str, table: Table | None) -> Schema:
    """Returns the schema with this table, or none, as `name`; below a temporary table with the same name."""
    if name in schema.temporary:
        return replace(schema, temporary={**schema.temporary, name: table})
    others = {key: value for key, value in schema.tables.items() if key != name}
    return replace(schema, tables={**others, name: table} if table else others)


def hidden(schema: Schema, name: str) -> Schema:
    """Returns the schema with a temporary table that hides the table `name`."""
    if not name or name in schema.temporary:
        return schema
    return replace(put(schema, name, None), temporary={**schema.temporary, name: schema.table(name)})


def uncovered(schema: Schema, names: tuple[str, ...]) -> Schema:
    """Returns the schema without these temporary tables; the tables they hid are visible again."""
    for name in names:
        if name in schema.temporary:
            left = {key: hidden for key, hidden in schema.temporary.items() if key != name}
            schema = put(replace(schema, temporary=left), name, schema.temporary[name])
    return schema
