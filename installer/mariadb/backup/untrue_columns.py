"""Finds column values that a text dump cannot keep, so that they are reported before a restore differs."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from installer.mariadb.server.queries import quoted, rows_of, value_of

if TYPE_CHECKING:
    from installer.mariadb.server.queries import Server

COLUMNS = """FROM information_schema.columns c
    JOIN information_schema.tables t USING (table_schema, table_name)
    WHERE c.table_schema = DATABASE() AND t.table_type IN ('BASE TABLE', 'SYSTEM VERSIONED') AND """
FLOATS = "SELECT c.table_name, c.column_name " + COLUMNS + "c.data_type = 'float' ORDER BY 1, 2"
FOREIGN_TEXT = (  # every character of the other sets exists in Unicode
    "SELECT c.table_name, c.column_name, c.character_set_name "
    + COLUMNS
    + """c.character_set_name NOT IN ('utf8mb4', 'utf8mb3', 'utf8', 'ascii', 'latin1', 'ucs2', 'utf16',
    'utf16le', 'utf32', 'binary') AND c.data_type NOT IN ('enum', 'set') ORDER BY 1, 2"""
)
EMPTY_MEMBERS = (
    "SELECT c.table_name, c.column_name "
    + COLUMNS
    + "c.data_type = 'enum' AND c.column_type REGEXP '[(,]\\'\\'[,)]' ORDER BY 1, 2"
)


@dataclass(frozen=True)
class Loss:
    """Holds a column as `table.column`, and the number of its values that a dump changes."""

    column: str
    rows: int


def rounded_columns(connection: "Server") -> tuple[str, ...]:
    """Returns FLOAT columns as `table.column`: the server prints six digits, so a dump loses the rest."""
    return tuple(f"{table}.{column}" for table, column in rows_of(connection, FLOATS))


def lost_values(connection: "Server") -> tuple[Loss, ...]:
    """Returns values that a dump changes: characters outside Unicode, and ENUM error values.

    An ENUM's error value looks like its empty member. Only columns where this is possible are read.
    """
    return tuple(loss for loss in _counted(connection) if loss.rows)


def _counted(connection: "Server") -> Iterator[Loss]:
    for table, column, character_set in rows_of(connection, FOREIGN_TEXT):
        name = quoted(column)
        back = f"CONVERT(CONVERT({name} USING utf8mb4) USING {character_set})"
        yield _loss(connection, table, column, f"BINARY {back} <> BINARY {name}")
    for table, column in rows_of(connection, EMPTY_MEMBERS):
        yield _loss(connection, table, column, f"{quoted(column)} + 0 = 0")


def _loss(connection: "Server", table: str, column: str, condition: str) -> Loss:
    rows = value_of(connection, f"SELECT COUNT(*) FROM {quoted(table)} WHERE {condition}")
    return Loss(f"{table}.{column}", int(rows))
