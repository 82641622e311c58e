"""A sum over a table's rows by a query of our own, for tables the server's CHECKSUM TABLE sums by chance.

CHECKSUM TABLE takes virtual columns into its sum without computing them: what stands in their place in memory
differs from scan to scan. Seen with MariaDB 10.11, all storage engines.
"""

from typing import TYPE_CHECKING

from installer.system.mariadb_sql import quoted, rows_of, value_of

if TYPE_CHECKING:
    from installer.system.mariadb_sql import Server

COLUMNS = """SELECT column_name, data_type, extra LIKE '%%VIRTUAL GENERATED%%' FROM information_schema.columns
    WHERE table_schema = DATABASE() AND table_name = %s ORDER BY ordinal_position"""
KEEPS_HISTORY = """SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = DATABASE()
    AND table_name = %s AND table_type = 'SYSTEM VERSIONED'"""
MOMENT = "timestamp"
PERIOD = (("ROW_START", MOMENT), ("ROW_END", MOMENT))


def has_virtual_columns(connection: "Server", table: str) -> bool:
    """Whether the server's own checksum of this table means nothing."""
    return any(is_virtual for _name, _type, is_virtual in rows_of(connection, COLUMNS, (table,)))


def row_sum(connection: "Server", table: str) -> int:
    """The same number for the same rows in any order, history included; virtual columns do not count."""
    keeps_history = bool(value_of(connection, KEEPS_HISTORY, (table,)))
    stored = [(quoted(name), of_type) for name, of_type, is_virtual in rows_of(connection, COLUMNS, (table,))
              if not is_virtual]  # fmt: skip
    parts = ", ".join(_part(*column) for column in (*stored, *(PERIOD if keeps_history else ())))
    rows = f"{quoted(table)} FOR SYSTEM_TIME ALL" if keeps_history else quoted(table)
    return int(value_of(connection, f"SELECT COALESCE(SUM(CRC32(CONCAT_WS(',', {parts}))), 0) FROM {rows}"))


def _part(column: str, of_type: str) -> str:
    """Moments as they are stored, whatever time zone the session is in; NULL is not the empty text."""
    value = f"UNIX_TIMESTAMP({column})" if of_type == MOMENT else column
    return f"COALESCE(CRC32({value}), '-')"
