"""Finds rows that are equal in new unique indexes, or in existing ones over columns that change."""

from collections.abc import Iterator

from installer.database.offenders.row_requirement import RowRequirement
from installer.mariadb.offenders.changed_table import Table
from installer.mariadb.offenders.columns_and_constraints import Column, Unique
from installer.mariadb.offenders.new_values import Value
from installer.mariadb.offenders.type_families import LONG_TEXTS
from installer.mariadb.server.queries import quoted

LONGEST = 512  # characters; the server's in-memory tables for grouping hold no longer texts


def unique_requirements(
    table: Table, before: tuple[Unique, ...], after: tuple[Unique, ...]
) -> Iterator[RowRequirement]:
    """Yields a requirement for each unique index that the present indexes do not already guarantee."""
    old = [_parts(unique) for unique in before if unique.table == table.name]
    for unique in (unique for unique in after if unique.table == table.new_name):
        is_guaranteed = any(parts <= _parts(unique) for parts in old)
        if not is_guaranteed or any(_changes(table, name) for name, _length in unique.parts):
            yield _requirement(table, unique)


def _parts(unique: Unique) -> set[tuple[str, int | None]]:
    return {(name.lower(), length) for name, length in unique.parts}


def _changes(table: Table, name: str) -> bool:
    """Returns whether a column will hold another value, or compare in another way."""
    value, old = table.change.value(name), table.change.origin(name)
    return value is None or old is None or value.sql != quoted(old.name)


def _requirement(table: Table, unique: Unique) -> RowRequirement:
    """Returns the requirement of a unique index; NULL equals no value, and constant columns are ignored."""
    columns = ", ".join(f"`{name}`" for name, _length in unique.parts)
    values = [key_part(table, name, length) for name, length in unique.parts]
    known = [value for value in values if value is not None]
    if len(known) < len(values):
        return RowRequirement("unique", table.name, columns, unique.name)
    groups, select = _selects(quoted(table.name), known)
    reads = table.reading(name for value in known for name in value.reads)
    doubtful = table.unsettled(name for name, _length in unique.parts)
    return RowRequirement("unique", table.name, columns, unique.name, select, groups, doubtful, reads)


def _selects(table: str, values: list[Value]) -> tuple[str, str]:
    """Returns two SELECTs: the number of rows for each value in several rows, as `n`; and these rows."""
    varying = [value.sql for value in values if not value.is_constant]
    if any(value.sql.upper() == "NULL" for value in values):
        return f"SELECT 0 AS n FROM {table} WHERE FALSE", f"SELECT * FROM {table} WHERE FALSE"
    if not varying:
        more_than_one = f"SELECT COUNT(*) AS n FROM {table} HAVING COUNT(*) > 1"
        return more_than_one, f"SELECT * FROM {table} WHERE (SELECT COUNT(*) FROM {table}) > 1"
    key, given = ", ".join(varying), " AND ".join(f"{sql} IS NOT NULL" for sql in varying)
    shared = f"FROM {table} WHERE {given} GROUP BY {key} HAVING COUNT(*) > 1"
    row = f"({key})" if len(varying) > 1 else key
    return (
        f"SELECT SQL_BIG_RESULT COUNT(*) AS n {shared}",  # sorting is 8 times as fast as a temporary table
        f"SELECT * FROM {table} WHERE {row} IN (SELECT {key} {shared})",
    )


def key_part(table: Table, name: str, length: int | None) -> Value | None:
    """Returns what the index compares of a column; None where that is not known or too long to group by."""
    column, value = table.change.after[name.lower()], table.change.value(name)
    if value is None or value.is_constant:
        return value
    characters = length or (column.octets if _is_long(column) else column.characters) or 0
    if characters > LONGEST:
        return None
    return Value(_prefix(value.sql, column, length), value.reads) if length else value


def _is_long(column: Column) -> bool:
    return column.kind in LONG_TEXTS or column.kind.endswith("blob")


def _prefix(sql: str, column: Column, length: int) -> str:
    """Returns the beginning of a long text, as a type that the server can group by in memory."""
    start = f"LEFT({sql}, {length})"
    if not _is_long(column):
        return start
    if not column.charset:
        return f"CAST({start} AS BINARY({length}))"
    return f"CAST({start} AS CHAR({length}) CHARACTER SET {column.charset}) COLLATE {column.collation}"
