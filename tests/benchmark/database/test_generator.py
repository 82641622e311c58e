"""The generated database is a function of its size."""

import pytest

from benchmark.database.mariadb.generator import database_bytes, generate, rows_of_table, table_names
from benchmark.database.mariadb.tables import TABLES
from installer.database.values.address import DatabaseAddress
from installer.mariadb.server.queries import rows_of, value_of
from installer.mariadb.server.server import connect
from tests.testbed.mariadb import running_mariadb

SIZE = 4 << 20
FOREIGN_KEYS = """SELECT COUNT(*) FROM information_schema.referential_constraints
    WHERE constraint_schema = DATABASE()"""
ORPHANS = """SELECT
    (SELECT COUNT(*) FROM order_lines LEFT JOIN orders o ON o.id = order_id WHERE o.id IS NULL) +
    (SELECT COUNT(*) FROM orders LEFT JOIN customers c ON c.id = customer_id WHERE c.id IS NULL)"""


def test_the_parts_of_the_whole_are_one() -> None:
    assert sum(table.share for table in TABLES) == pytest.approx(1)


@pytest.mark.engine
@pytest.mark.database
def test_the_same_size_is_the_same_database() -> None:
    with running_mariadb("mariadb:10.11") as server:  # of its own: it keeps the settings for filling
        first, second = made(server.address("one")), made(server.address("two"))
    assert first == second


def made(address: DatabaseAddress) -> list[int]:
    generate(address, SIZE)
    with connect(address) as connection:
        assert value_of(connection, FOREIGN_KEYS) == 5
        assert value_of(connection, ORPHANS) == 0
        assert SIZE / 2 < database_bytes(connection) < 6 * SIZE
        rows = {table.name: value_of(connection, f"SELECT COUNT(*) FROM {table.name}") for table in TABLES}
        assert rows == {table.name: rows_of_table(table, SIZE) for table in TABLES}
        sums = rows_of(connection, f"CHECKSUM TABLE {', '.join(table_names())} EXTENDED")
    return [checksum for _name, checksum in sums]
