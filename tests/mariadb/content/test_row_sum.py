"""The sum over rows for tables with virtual columns: equal rows have one sum, different rows another."""

import pytest

from installer.database.values.address import DatabaseAddress
from installer.mariadb.content.row_sum import has_generated_columns, row_sum
from installer.mariadb.server.queries import run_sql
from installer.mariadb.server.server import connect
from tests.mariadb.schemas import execute

pytestmark = [pytest.mark.engine, pytest.mark.database]
TABLE = """CREATE TABLE `t ``1` (id INT PRIMARY KEY, note TEXT, seen TIMESTAMP(6) NULL, f FLOAT, b BIT(9),
    g POINT, loud VARCHAR(99) AS (UPPER(note)) VIRTUAL INVISIBLE) WITH SYSTEM VERSIONING;
    SET SESSION timestamp = 1700000000;
    INSERT INTO `t ``1` (id, note, seen, f, b, g)
    VALUES (1, '', '2026-01-01 00:00:00.000001', 0.1, b'1', POINT(1, 2)), (2, NULL, NULL, NULL, NULL, NULL);
    SET SESSION timestamp = 1700000001"""
AGAIN = """SET SESSION time_zone = '+09:00', SESSION system_versioning_insert_history = 1;
    CREATE TABLE again LIKE `t ``1`;
    INSERT INTO again (id, note, seen, f, b, g, row_start, row_end)
    SELECT id, note, seen, f, b, g, row_start, row_end FROM `t ``1` FOR SYSTEM_TIME ALL ORDER BY id DESC"""
CHANGES = (
    "UPDATE again SET note = 'a' WHERE id = 1",
    "UPDATE again SET note = '' WHERE id = 2",
    "UPDATE again SET seen = '2026-01-01 00:00:00.000002' WHERE id = 1",
    "UPDATE again SET g = POINT(2, 1) WHERE id = 1",
    "UPDATE again SET b = b'10' WHERE id = 1",
    "DELETE FROM again WHERE id = 2",
    "DELETE HISTORY FROM again",
)


def test_the_same_rows_in_another_order_and_time_zone_have_the_same_sum(database: DatabaseAddress) -> None:
    execute(database, TABLE + "; UPDATE `t ``1` SET note = 'x' WHERE id = 2")
    execute(database, AGAIN)
    with connect(database) as connection:
        first, other = row_sum(connection, "t `1"), row_sum(connection, "again")
        run_sql(connection, "SET SESSION time_zone = '-05:00'")
        assert {first, other, row_sum(connection, "again")} == {first}


@pytest.mark.parametrize("change", CHANGES)
def test_another_value_null_or_past_has_another_sum(database: DatabaseAddress, change: str) -> None:
    execute(database, TABLE + "; UPDATE `t ``1` SET note = 'x' WHERE id = 2; UPDATE `t ``1` SET note = NULL")
    execute(database, AGAIN)
    with connect(database) as connection:
        before = row_sum(connection, "again")
        run_sql(connection, change)
        assert row_sum(connection, "again") != before


def test_tables_with_generated_columns_are_known(database: DatabaseAddress) -> None:
    execute(database, TABLE + "; CREATE TABLE kept (id INT, s INT AS (id + 1) STORED)")
    execute(database, "CREATE TABLE plain (id INT DEFAULT (1 + 1))")
    with connect(database) as connection:
        found = [has_generated_columns(connection, name) for name in ("t `1", "kept", "plain")]
        assert (found, row_sum(connection, "kept")) == ([True, True, False], 0)


def test_columns_of_a_named_period_count_like_hidden_ones(database: DatabaseAddress) -> None:
    execute(
        database,
        """CREATE TABLE t (id INT PRIMARY KEY, since TIMESTAMP(6) GENERATED ALWAYS AS ROW START INVISIBLE,
        until TIMESTAMP(6) GENERATED ALWAYS AS ROW END, PERIOD FOR SYSTEM_TIME (since, until))
        WITH SYSTEM VERSIONING; INSERT INTO t (id) VALUES (1); DELETE FROM t""",
    )
    with connect(database) as connection:
        before = row_sum(connection, "t")
        run_sql(connection, "DELETE HISTORY FROM t")
        assert (before != 0, row_sum(connection, "t")) == (True, 0)
