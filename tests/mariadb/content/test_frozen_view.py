"""A frozen view on a real server: one moment, nobody waits for its end, nothing is left when it fails."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from installer.database.values.address import DatabaseAddress
from installer.database.values.picture import TableContent
from installer.mariadb.content.frozen_view import frozen_view, read_contents
from installer.mariadb.content.take_picture import picture_of, take_picture
from installer.mariadb.server.queries import ServerError, rows_of, run_sql, value_of
from installer.mariadb.server.server import connect
from tests.mariadb.schemas import execute, query

pytestmark = [pytest.mark.engine, pytest.mark.database]
TABLES = """CREATE TABLE a (id INT AUTO_INCREMENT PRIMARY KEY, n INT);
    INSERT INTO a (n) VALUES (1), (2);
    CREATE TABLE b (n INT); INSERT INTO b VALUES (7);
    CREATE TABLE m (n INT) ENGINE=MyISAM; INSERT INTO m VALUES (1);
    CREATE TABLE e (n INT) ENGINE=Aria; INSERT INTO e VALUES (1);
    CREATE SEQUENCE s"""
CHANGES = """INSERT INTO a (n) VALUES (3); DELETE FROM b; INSERT INTO m VALUES (2); UPDATE e SET n = 5;
    SELECT NEXTVAL(s)"""


def test_what_is_written_later_is_not_seen_in_any_table(database: DatabaseAddress) -> None:
    execute(database, TABLES)
    before = picture_of(database)
    with frozen_view(database) as view:
        assert view.is_frozen
        execute(database, CHANGES)
        assert take_picture(view) == before
    after = picture_of(database)
    assert {name for name in after.tables if after.tables[name] != before.tables[name]} == set("abme")
    assert (before.positions, after.positions) == ({"a": 3, "s": 1}, {"a": 4, "s": 1001})


def test_a_quick_picture_reads_no_rows(database: DatabaseAddress) -> None:
    execute(database, TABLES)
    full, quick = picture_of(database), picture_of(database, "quick")
    assert quick.tables == {}
    assert (quick.definitions, quick.positions, quick.grants) == (
        full.definitions,
        full.positions,
        full.grants,
    )


def test_the_order_of_rows_does_not_matter(database: DatabaseAddress) -> None:
    execute(database, "CREATE TABLE t (n INT, w TEXT); INSERT INTO t VALUES (1, 'x'), (2, NULL), (3, '')")
    before = picture_of(database).tables
    execute(database, "DELETE FROM t; INSERT INTO t VALUES (3, ''), (1, 'x'), (2, NULL)")
    assert picture_of(database).tables == before
    execute(database, "UPDATE t SET w = '' WHERE n = 2")
    assert picture_of(database).tables != before


def test_who_changes_a_table_does_not_wait_for_the_end_of_the_view(database: DatabaseAddress) -> None:
    execute(database, TABLES)
    with frozen_view(database) as view, connect(database) as other:
        read_contents(view, ("a", "b"))
        run_sql(other, "SET SESSION lock_wait_timeout = 1")
        run_sql(other, "ALTER TABLE a ADD m INT")
        run_sql(other, "DROP TABLE b")
        run_sql(other, "ALTER TABLE m ADD o INT")


@contextmanager
def busy_with(address: DatabaseAddress, statement: str) -> Iterator[None]:
    """Someone's long statement."""
    with connect(address) as connection:
        number = value_of(connection, "SELECT CONNECTION_ID()")

        def run() -> None:
            with pytest.raises(ServerError):
                rows_of(connection, statement)

        busy = threading.Thread(target=run)
        busy.start()
        time.sleep(0.3)
        try:
            yield
        finally:
            execute(address, f"KILL {number}")
            busy.join()


def test_a_long_write_is_not_waited_for_and_the_view_says_that_it_is_not_frozen(
    database: DatabaseAddress,
) -> None:
    execute(database, TABLES)
    with busy_with(database, "UPDATE a SET n = n WHERE SLEEP(60) = 0 LIMIT 1"):
        began = time.monotonic()
        with frozen_view(database) as view:
            assert not view.is_frozen
            assert read_contents(view, ("b", "m"))["m"].rows == 1
        assert time.monotonic() - began < 30


def test_a_long_query_is_not_in_the_way(database: DatabaseAddress) -> None:
    execute(database, TABLES)
    with busy_with(database, "SELECT SLEEP(60) FROM a"), frozen_view(database) as view:
        assert view.is_frozen


def test_a_view_that_fails_leaves_no_one_reading(database: DatabaseAddress) -> None:
    execute(database, TABLES)
    with pytest.raises(KeyError), frozen_view(database):
        raise KeyError
    time.sleep(0.2)
    mine = f"SELECT COUNT(*) - 1 FROM information_schema.processlist WHERE db = '{database.database}'"
    assert query(database, mine) == [(0,)]
    execute(database, "INSERT INTO m VALUES (2)")


def test_a_table_without_rows_has_a_sum_too(database: DatabaseAddress) -> None:
    execute(database, "CREATE TABLE t (n INT)")
    assert picture_of(database).tables == {"t": TableContent(0, 0)}
