"""Reads the content of a schema's tables: numbers of rows, checksums, and next numbers."""

from typing import TYPE_CHECKING

from installer.database.values.picture import TableContent
from installer.errors import Refused
from installer.mariadb.content.row_sum import has_generated_columns, row_sum
from installer.mariadb.server.queries import quoted, rows_of, value_of
from installer.text import _

if TYPE_CHECKING:
    from installer.mariadb.server.queries import Server

TABLES = "FROM information_schema.tables WHERE table_schema = DATABASE() AND "
WITHOUT_TRANSACTIONS = TABLES + "engine <> 'InnoDB' AND table_type IN ('BASE TABLE', 'SYSTEM VERSIONED')"
LARGEST_FIRST = (
    TABLES + "table_type IN ('BASE TABLE', 'SYSTEM VERSIONED') ORDER BY data_length DESC, table_name"
)


def tables_by_size(connection: "Server") -> tuple[str, ...]:
    """Returns all tables that hold rows, the largest first, by the server's statistics."""
    return tuple(name for (name,) in rows_of(connection, "SELECT table_name " + LARGEST_FIRST))


def tables_without_transactions(connection: "Server") -> tuple[str, ...]:
    """Returns tables without transactions (MyISAM, Aria, MEMORY …), which only a lock keeps unchanged."""
    return tuple(name for (name,) in rows_of(connection, "SELECT table_name " + WITHOUT_TRANSACTIONS))


def read_content(connection: "Server", table: str) -> TableContent:
    """Returns rows and checksum of one table; reads every row, and counts them by the smallest index."""
    rows = int(value_of(connection, f"SELECT COUNT(*) FROM {quoted(table)}"))
    if has_generated_columns(connection, table):
        return TableContent(rows, row_sum(connection, table))
    return TableContent(rows, _checksum(connection, table))


def read_positions(connection: "Server") -> dict[str, int]:
    """Returns the next number of each table with AUTO_INCREMENT, and of each sequence."""
    numbered = "SELECT table_name, auto_increment " + TABLES + "auto_increment IS NOT NULL"
    sequences = rows_of(connection, "SELECT table_name " + TABLES + "table_type = 'SEQUENCE'")
    asked = "SELECT next_not_cached_value FROM "
    return {
        **{name: int(number) for name, number in rows_of(connection, numbered)},
        **{name: int(value_of(connection, asked + quoted(name))) for (name,) in sequences},
    }


def _checksum(connection: "Server", table: str) -> int:
    checksum = rows_of(connection, f"CHECKSUM TABLE {quoted(table)} EXTENDED")[0][1]
    if checksum is None:  # the server gives the reason in warnings instead of an error
        reasons = [str(text) for _level, _code, text in rows_of(connection, "SHOW WARNINGS")]
        raise Refused(_("The rows of the table {name} cannot be read.", name=table), details=reasons)
    return int(checksum)
