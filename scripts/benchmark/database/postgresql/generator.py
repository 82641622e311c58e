"""Generates a database of a given size on a server, fast: the server computes the rows, indexes come last."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from benchmark.database.postgresql.pools import NOISE, POOL, Table
from benchmark.database.postgresql.tables import (
    BEFORE_TABLES,
    CUSTOMERS,
    FOREIGN_KEYS,
    ORDERS,
    OTHER_OBJECTS,
    TABLES,
)
from installer.database.values.address import DatabaseAddress
from installer.postgresql.server.queries import quoted, run_script, run_sql, value_of
from installer.postgresql.server.server import connect

CONNECTIONS = 2
ROWS_AT_ONCE = 100_000
MOST_BYTES_AT_ONCE = 64 << 20
WHILE_FILLING = "SET synchronous_commit = off; SET maintenance_work_mem = '512MB'"


def generate(address: DatabaseAddress, size_bytes: int) -> None:
    """Recreates the database with about `size_bytes` of data and indexes, as `VACUUM` leaves it."""
    recreate(address)
    _run(address, POOL)
    _run(address, NOISE)
    for statement in (*BEFORE_TABLES, *(f"CREATE TABLE {table.name} {table.create}" for table in TABLES)):
        _run(address, statement)
    _in_parallel(address, [statement for table in TABLES for statement in _inserts(table, size_bytes)])
    _in_parallel(address, [statement for table in TABLES for statement in table.indexes])
    for statement in (*FOREIGN_KEYS, *OTHER_OBJECTS, *_positions()):
        _run(address, statement)
    with connect(address) as connection:
        run_sql(connection, "VACUUM (ANALYZE)")
        run_sql(connection, "CHECKPOINT")


def recreate(address: DatabaseAddress) -> None:
    """Drops the database, and creates it without content."""
    with connect(replace(address, database="postgres")) as connection:
        run_sql(connection, f"DROP DATABASE IF EXISTS {quoted(address.database)} WITH (FORCE)")
        run_sql(connection, f"CREATE DATABASE {quoted(address.database)}")


def table_names() -> tuple[str, ...]:
    """Returns every table of the generated database."""
    return (*(table.name for table in TABLES), "sentences", "noise")


def rows_of_table(table: Table, size_bytes: int) -> int:
    """Returns the number of rows of the table in a database of this size."""
    return max(1, int(size_bytes * table.share / table.row_bytes))


def database_bytes(address: DatabaseAddress) -> int:
    """Returns the size of rows and indexes on the server's disk."""
    with connect(address) as connection:
        return int(value_of(connection, "SELECT pg_database_size(current_database())"))


def _inserts(table: Table, size_bytes: int) -> Iterator[str]:
    rows = rows_of_table(table, size_bytes)
    values = table.rows.format(
        customers=rows_of_table(CUSTOMERS, size_bytes), orders=rows_of_table(ORDERS, size_bytes)
    )
    at_once = max(1, min(ROWS_AT_ONCE, MOST_BYTES_AT_ONCE // table.row_bytes))
    for first in range(1, rows + 1, at_once):
        last = min(rows, first + at_once - 1)
        yield f"INSERT INTO {table.name} SELECT {values} FROM generate_series({first}, {last}) AS n"


def _positions() -> Iterator[str]:
    for table in TABLES:
        if " AS IDENTITY" in table.create:
            sequence = f"pg_get_serial_sequence('{table.name}', 'id')"
            yield f"SELECT setval({sequence}, (SELECT max(id) FROM {table.name}))"


def _in_parallel(address: DatabaseAddress, statements: Sequence[str]) -> None:
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        list(pool.map(lambda statement: _run(address, statement), statements))


def _run(address: DatabaseAddress, script: str) -> None:
    with connect(address) as connection:
        run_script(connection, WHILE_FILLING)
        run_script(connection, script)
