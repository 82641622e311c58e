"""Which table stands under which name, as long as temporary ones hide others."""

from dataclasses import replace

from packager.lint.history.tables import Schema, Table


def put(schema: Schema, name: str, table: Table | None) -> Schema:
    """The schema with this table, or none, under that name; below a temporary one, where there is one."""
    if name in schema.temporary:
        return replace(schema, temporary={**schema.temporary, name: table})
    others = {key: value for key, value in schema.tables.items() if key != name}
    return replace(schema, tables={**others, name: table} if table else others)


def hidden(schema: Schema, name: str) -> Schema:
    """A temporary table takes the place of what is called so."""
    if not name or name in schema.temporary:
        return schema
    return replace(put(schema, name, None), temporary={**schema.temporary, name: schema.table(name)})


def uncovered(schema: Schema, names: tuple[str, ...]) -> Schema:
    """Temporary tables go, and what they hid is there again."""
    for name in names:
        if name in schema.temporary:
            left = {key: hidden for key, hidden in schema.temporary.items() if key != name}
            schema = put(replace(schema, temporary=left), name, schema.temporary[name])
    return schema
