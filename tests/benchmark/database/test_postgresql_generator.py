"""The generated PostgreSQL database is a function of its size."""

from collections.abc import Mapping

import pytest

from benchmark.database.postgresql.generator import database_bytes, generate, rows_of_table, table_names
from benchmark.database.postgresql.tables import FOREIGN_KEYS, TABLES
from installer.database.values.address import DatabaseAddress
from installer.database.values.picture import TableContent
from installer.postgresql.content.content_at_one_moment import at_one_moment
from installer.postgresql.server.queries import value_of
from installer.postgresql.server.server import connect
from tests.testbed.postgresql import running_postgresql

SIZE = 4 << 20
OF_EMPTY_DATABASE = 8 << 20
KEYS = "SELECT count(*) FROM pg_constraint WHERE contype = 'f'"


def test_the_parts_of_the_whole_are_one() -> None:
    assert sum(table.share for table in TABLES) == pytest.approx(1)


@pytest.mark.engine
@pytest.mark.database
def test_the_same_size_is_the_same_database() -> None:
    with running_postgresql("postgres:17") as server:
        first, second = made(server.address("one")), made(server.address("two"))
    assert first == second


def made(address: DatabaseAddress) -> Mapping[str, TableContent]:
    generate(address, SIZE)
    with connect(address) as connection, at_one_moment(address) as moment:
        assert value_of(connection, KEYS) == len(FOREIGN_KEYS)
        assert SIZE / 2 < database_bytes(address) - OF_EMPTY_DATABASE < 3 * SIZE
        contents = moment.contents()
    rows = {table.name: contents[table.name].rows for table in TABLES}
    assert rows == {table.name: rows_of_table(table, SIZE) for table in TABLES}
    assert set(contents) == {*table_names(), "sales"}
    return contents
