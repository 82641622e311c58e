"""Counts rows quickly, and leaves out tables that take long."""

import time
from collections.abc import Iterable, Iterator

from installer.database.values.address import DatabaseAddress
from installer.postgresql.server.queries import ServerError, rows_of, run_sql, value_of
from installer.postgresql.server.server import connect

VIEWS = "SELECT oid::regclass::text FROM pg_class WHERE relkind = 'm'"


def row_counts(address: DatabaseAddress, tables: Iterable[str], seconds: float) -> Iterator[tuple[str, int]]:
    """Yields the number of rows of each table, without missing tables and those slower than `seconds`.

    Tables are named as SQL names them. All tables together take at most twice as long. Materialized views are
    left out: a record does not count their rows.
    """
    with connect(address) as connection:
        run_sql(connection, f"SET statement_timeout = {max(1, round(seconds * 1000))}")
        views = {name for (name,) in rows_of(connection, VIEWS)}
        deadline = time.monotonic() + 2 * seconds
        for name in (name for name in tables if name not in views):
            if time.monotonic() > deadline:
                return
            try:
                yield name, int(value_of(connection, f"SELECT count(*) FROM ONLY {name}"))
            except ServerError as problem:
                if problem.is_lost_connection:
                    raise
