"""Calculates a table's checksum by a query, where the server's CHECKSUM TABLE is not reliable.

CHECKSUM TABLE includes generated columns, virtual or stored, with the values that are in memory at the time:
the checksum of the same rows differs from load to load. Seen with MariaDB 10.11, all storage engines. On
MySQL, an index on an expression is a hidden column of this kind.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from installer.mariadb.server.queries import quoted, rows_of, value_of

if TYPE_CHECKING:
    from installer.mariadb.server.queries import Server

COLUMNS = """SELECT column_name, data_type, extra LIKE '%%GENERATED%%', extra LIKE '%%VIRTUAL GENERATED%%',
    COALESCE(generation_expression = 'ROW START', FALSE) FROM information_schema.columns
    WHERE table_schema = DATABASE() AND table_name = %s ORDER BY ordinal_position"""
KEEPS_HISTORY = """SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = DATABASE()
    AND table_name = %s AND table_type = 'SYSTEM VERSIONED'"""
ON_EXPRESSIONS = """SELECT COUNT(*) FROM information_schema.statistics WHERE table_schema = DATABASE()
    AND table_name = %s AND column_name IS NULL"""
MOMENT = "timestamp"


@dataclass(frozen=True)
class _Column:
    name: str
    type: str
    is_generated: bool
    is_virtual: bool
    is_start_of_row: bool

    @property
    def part(self) -> str:
        """Returns the column's term in the checksum.

        A TIMESTAMP counts as it is stored, in any time zone of the session; NULL differs from the empty text.
        """
        value = f"UNIX_TIMESTAMP({quoted(self.name)})" if self.type == MOMENT else quoted(self.name)
        return f"COALESCE(CRC32({value}), '-')"


PERIOD = tuple(_Column(name, MOMENT, True, False, True) for name in ("row_start", "row_end"))


def has_generated_columns(connection: "Server", table: str) -> bool:
    """Returns whether the table has generated columns, which make the server's own checksum useless."""
    return any(column.is_generated for column in _columns(connection, table)) or bool(
        value_of(connection, ON_EXPRESSIONS, (table,))
    )


def row_sum(connection: "Server", table: str) -> int:
    """Returns a sum that is equal for the same rows in any order.

    It includes the history, and leaves out virtual columns.
    """
    keeps_history = bool(value_of(connection, KEEPS_HISTORY, (table,)))
    columns = _columns(connection, table)
    if keeps_history and not any(column.is_start_of_row for column in columns):
        columns += PERIOD
    parts = ", ".join(column.part for column in columns if not column.is_virtual)
    rows = f"{quoted(table)} FOR SYSTEM_TIME ALL" if keeps_history else quoted(table)
    return int(value_of(connection, f"SELECT COALESCE(SUM(CRC32(CONCAT_WS(',', {parts}))), 0) FROM {rows}"))


def _columns(connection: "Server", table: str) -> tuple[_Column, ...]:
    return tuple(_Column(str(name), str(of_type), *map(bool, facts))
                 for name, of_type, *facts in rows_of(connection, COLUMNS, (table,)))  # fmt: skip
