"""Generates a database of a given size on a server, fast: the server computes the rows, indexes come last."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from benchmark.database.mariadb.pools import NOISE, POOL, Table
from benchmark.database.mariadb.tables import CUSTOMERS, ORDERS, OTHER_OBJECTS, TABLES
from installer.database.values.address import DatabaseAddress
from installer.mariadb.server.queries import ServerError, quoted, run_sql, value_of
from installer.mariadb.server.server import connect

if TYPE_CHECKING:
    from installer.mariadb.server.queries import Server

CONNECTIONS = 2
DEADLOCK = 1213
ROWS_AT_ONCE = 100_000
WHILE_FILLING = {  # reset by the server's next start
    "innodb_buffer_pool_size": 2 << 30,
    "innodb_log_file_size": 512 << 20,
    "innodb_flush_log_at_trx_commit": 0,
    "innodb_io_capacity": 4000,
}
WITHOUT_CHECKS = "SET SESSION foreign_key_checks = 0, unique_checks = 0, time_zone = '+00:00'"


def generate(address: DatabaseAddress, size_bytes: int) -> None:
    """Recreates the schema with about `size_bytes` of data and indexes.

    The server keeps the settings for filling until its next start.
    """
    with connect(address, schema=False) as connection:
        for name, value in WHILE_FILLING.items():
            run_sql(connection, f"SET GLOBAL {name} = {value}")
        run_sql(connection, f"DROP DATABASE IF EXISTS {quoted(address.database)}")
        run_sql(connection, f"CREATE DATABASE {quoted(address.database)} CHARACTER SET utf8mb4")
    with connect(address) as connection:
        for statement in (*POOL.split(";"), *NOISE.split(";")):
            run_sql(connection, statement)
        for table in TABLES:
            run_sql(connection, f"CREATE TABLE {table.name} {table.create}")
    _in_parallel(address, [statement for table in TABLES for statement in _inserts(table, size_bytes)])
    _in_parallel(
        address, [f"ALTER TABLE {table.name} {', '.join(table.indexes)}" for table in TABLES if table.indexes]
    )
    with connect(address) as connection:
        for statement in OTHER_OBJECTS:
            run_sql(connection, statement)
        run_sql(connection, f"ANALYZE TABLE {', '.join(table.name for table in TABLES)}")


def table_names() -> tuple[str, ...]:
    """Returns every table of the generated schema."""
    return (*(table.name for table in TABLES), "sentences", "noise")


def rows_of_table(table: Table, size_bytes: int) -> int:
    """Returns the number of rows of the table in a database of this size."""
    return max(1, int(size_bytes * table.share / table.row_bytes))


def database_bytes(connection: "Server") -> int:
    """Returns the size of data and indexes of the connection's schema, as the server counts it."""
    return int(
        value_of(
            connection,
            "SELECT SUM(data_length + index_length) FROM information_schema.tables"
            " WHERE table_schema = DATABASE()",
        )
    )


def _inserts(table: Table, size_bytes: int) -> Iterator[str]:
    rows = rows_of_table(table, size_bytes)
    values = table.rows.format(
        customers=rows_of_table(CUSTOMERS, size_bytes), orders=rows_of_table(ORDERS, size_bytes)
    )
    at_once = max(1, min(ROWS_AT_ONCE, (64 << 20) // table.row_bytes))
    for first in range(1, rows + 1, at_once):
        last = min(rows, first + at_once - 1)
        yield f"INSERT INTO {table.name} SELECT {values} FROM seq_{first}_to_{last}"


def _in_parallel(address: DatabaseAddress, statements: list[str]) -> None:
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        list(pool.map(lambda statement: _run(address, statement), statements))


def _run(address: DatabaseAddress, statement: str) -> None:
    with connect(address) as connection:
        run_sql(connection, WITHOUT_CHECKS)
        while not _has_run(connection, statement):
            continue


def _has_run(connection: "Server", statement: str) -> bool:
    """Runs a statement; returns False if a deadlock with the other connection undid it."""
    try:
        run_sql(connection, statement)
    except ServerError as error:
        if error.code != DEADLOCK:
            raise
        return False
    return True
