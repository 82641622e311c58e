"""Content that a dump writes in another way than the server keeps it is restored exactly all the same."""

from pathlib import Path

import pytest

from installer.database.values.address import DatabaseAddress
from installer.postgresql.backup.backup import back_up
from installer.postgresql.content.row_counts import row_counts
from installer.postgresql.content.take_picture import picture_of
from installer.postgresql.restore.restore import restore_exactly
from installer.postgresql.server.queries import run_script
from installer.postgresql.server.server import connect
from tests.mariadb.backups import NOW, Told

pytestmark = [pytest.mark.engine, pytest.mark.database]

STALE = """
CREATE TABLE t (id int); INSERT INTO t VALUES (1), (2);
CREATE MATERIALIZED VIEW m AS SELECT id FROM t; DELETE FROM t WHERE id = 1;
"""
WITH_HOLES = "SELECT lo_create(1), lo_put(1, 9000, '\\x01'), lo_put(1, 20000, '\\x0000')"
AT_THE_END = "CREATE SEQUENCE s START 9223372036854775807; SELECT nextval('s')"
QUOTED = """
DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET quote_all_identifiers = on', current_database()); END $$;
CREATE TABLE t (id int); INSERT INTO t VALUES (1)
"""
LATE_COLUMN = """
CREATE TABLE p (a int); CREATE TABLE c (b text) INHERITS (p); ALTER TABLE p ADD d int;
INSERT INTO c VALUES (1, 'x', 2)
"""
EMPTIED = (
    "SELECT lo_unlink(oid) FROM pg_largeobject_metadata; DROP SCHEMA public CASCADE; CREATE SCHEMA public"
)


@pytest.mark.parametrize(
    "script",
    [STALE, WITH_HOLES, AT_THE_END, QUOTED, LATE_COLUMN],
    ids=["stale view", "holes", "last number", "quoted", "late column"],
)
def test_odd_content_is_restored_exactly(pg: DatabaseAddress, tmp_path: Path, script: str) -> None:
    run(pg, script)
    before = picture_of(pg)
    backup = back_up(pg, tmp_path, reason="test", now=NOW, console=Told().console, reserve_bytes=0)
    run(pg, EMPTIED)
    restore_exactly(pg, backup, Told().console)
    assert picture_of(pg) == before


def test_zeros_at_the_end_of_a_large_object_are_seen(pg: DatabaseAddress) -> None:
    run(pg, "SELECT lo_from_bytea(1, '\\x01')")
    before = picture_of(pg).tables
    run(pg, "SELECT lo_put(1, 1, '\\x0000')")
    assert picture_of(pg).tables != before


def test_rows_of_materialized_views_are_not_counted(pg: DatabaseAddress) -> None:
    run(pg, STALE)
    assert dict(row_counts(pg, ("t", "m"), seconds=10)) == {"t": 1}


def run(pg: DatabaseAddress, script: str) -> None:
    with connect(pg) as connection:
        run_script(connection, script)
