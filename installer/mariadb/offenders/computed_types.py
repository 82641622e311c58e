"""Finds the types of expressions that compute new stored columns, by asking the server on empty tables."""

from dataclasses import replace
from typing import TYPE_CHECKING

from installer.mariadb.offenders.columns_and_constraints import Column, Shape, read_shape
from installer.mariadb.server.queries import ServerError, quoted, run_sql

if TYPE_CHECKING:
    from installer.mariadb.server.queries import Server

TABLE = "airlock_computed"


def computed_types(side: "Server", before: Shape, after: Shape) -> dict[tuple[str, str], Column]:
    """Returns the type of each stored column's new expression by table and column, where it can be found."""
    found: dict[tuple[str, str], Column] = {}
    for table, columns in after.columns.items():
        for column in columns.values():
            old = before.columns.get(table, {}).get(column.name.lower())
            if column.is_stored and (old is None or old.expression != column.expression):
                kind = _type_of(side, table, column.expression or "NULL")
                found |= {(table, column.name): kind} if kind else {}
    return found


def _type_of(side: "Server", table: str, expression: str) -> Column | None:
    try:
        run_sql(
            side, f"CREATE OR REPLACE TABLE {TABLE} AS SELECT ({expression}) AS value FROM {quoted(table)}"
        )
    except ServerError:
        return None
    value = read_shape(side).columns[TABLE]["value"]
    cuts_blanks_off = value.kind == "varchar"  # the server cuts trailing blanks, as of a CHAR
    return replace(value, kind="char") if cuts_blanks_off else value
