import pytest

from installer.database.values.address import DatabaseAddress
from installer.database.values.picture import TableContent
from installer.postgresql.content.table_content import read_content
from installer.postgresql.server.queries import run_script, value_of
from installer.postgresql.server.server import connect

pytestmark = [pytest.mark.engine, pytest.mark.database]

ROWS = 10_000
LONG = 1 << 64


def test_a_checksum_is_the_exact_sum_that_records_have_of_more_than_64_bits(pg: DatabaseAddress) -> None:
    with connect(pg) as connection:
        run_script(connection, f"CREATE TABLE t AS SELECT 'same' AS a FROM generate_series(1, {ROWS})")
        hash_of_row = value_of(connection, "SELECT hashtextextended('(same)', 0)")
        content = read_content(connection, "t")
    assert abs(hash_of_row * ROWS) > LONG
    assert content == TableContent(ROWS, hash_of_row * ROWS)
