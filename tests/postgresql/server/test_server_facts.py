"""What a server says of itself, and what of it no backup of one database has."""

from datetime import datetime, timezone
from pathlib import Path

import pytest

from installer.database.values.address import DatabaseAddress
from installer.errors import Refused
from installer.postgresql.backup.backup import back_up
from installer.postgresql.backup.backup_obstacles import refuse_obstacles
from installer.postgresql.restore.restore import restore_exactly
from installer.postgresql.server.queries import ServerError, rows_of, run_script, run_sql
from installer.postgresql.server.server import connect
from installer.postgresql.server.server_facts import read_facts
from installer.system.process.process import output_of
from tests.mariadb.backups import Told
from tests.testbed.postgresql import PostgreSQL, running_postgresql, wait_until_ready

pytestmark = [pytest.mark.engine, pytest.mark.database]
NOW = datetime(2026, 1, 1, tzinfo=timezone.utc)
IN_ITS_VOLUME = "--label=with=volume"  # not in memory: it outlives a restart
HIDDEN = """
    CREATE TABLE secrets (a int);
    INSERT INTO secrets VALUES (1), (2);
    ALTER TABLE secrets ENABLE ROW LEVEL SECURITY;
    ALTER TABLE secrets FORCE ROW LEVEL SECURITY;
    CREATE POLICY nobody ON secrets USING (false);
"""


def run(pg: DatabaseAddress, script: str) -> None:
    with connect(pg) as connection:
        run_script(connection, script)


def leave_an_invalid_index(pg: DatabaseAddress) -> None:
    run(pg, "CREATE TABLE twice (a int); INSERT INTO twice VALUES (1), (1)")
    with connect(pg) as connection, pytest.raises(ServerError):
        run_sql(connection, "CREATE UNIQUE INDEX CONCURRENTLY half ON twice (a)")


def test_databases_that_belong_to_others_are_known(postgresql: PostgreSQL, pg: DatabaseAddress) -> None:
    assert read_facts(pg).other_databases == ()
    left = f'"{pg.database}_airlock_before"'
    try:
        postgresql.execute("CREATE DATABASE wiki")
        postgresql.execute(f"CREATE DATABASE {left}")
        postgresql.execute("CREATE TABLE kept (a int)")
        assert read_facts(pg).other_databases == ("postgres", "wiki")
    finally:
        postgresql.execute("DROP TABLE IF EXISTS kept")
        for name in ("wiki", left):
            postgresql.execute(f"DROP DATABASE IF EXISTS {name}")


def test_an_invalid_index_is_told_because_no_backup_has_it(pg: DatabaseAddress, tmp_path: Path) -> None:
    leave_an_invalid_index(pg)
    line = "Index half of table twice is invalid; delete it with: DROP INDEX CONCURRENTLY half;"
    assert read_facts(pg).warnings == (line,)
    told = Told()
    backup = back_up(pg, tmp_path, reason="test", now=NOW, console=told.console, reserve_bytes=0)
    assert f"Warning: Not in the backup. {line}" in told.lines
    restore_exactly(pg, backup, told.console)
    assert read_facts(pg).warnings == ()


def test_rows_that_a_policy_hides_from_their_owner_are_in_the_backup(
    pg: DatabaseAddress, tmp_path: Path
) -> None:
    run(pg, HIDDEN)
    backup = back_up(pg, tmp_path, reason="test", now=NOW, console=Told().console, reserve_bytes=0)
    run(pg, "DELETE FROM secrets")
    restore_exactly(pg, backup, Told().console)
    with connect(pg) as connection:
        assert rows_of(connection, "SELECT a FROM secrets ORDER BY a") == [(1,), (2,)]


def test_a_standby_is_refused_for_a_backup_and_for_a_restore(tmp_path: Path) -> None:
    with running_postgresql("postgres:17", data=IN_ITS_VOLUME) as server:
        address = server.address()
        backup = back_up(address, tmp_path, reason="test", now=NOW, console=Told().console, reserve_bytes=0)
        output_of(("docker", "exec", server.container_id, "sh", "-c", 'touch "$PGDATA/standby.signal"'))
        output_of(("docker", "restart", server.container_id))
        wait_until_ready(server)
        with connect(address) as connection, pytest.raises(Refused) as no_backup:
            refuse_obstacles(connection)
        with pytest.raises(Refused) as no_restore:
            restore_exactly(address, backup, Told().console)
    happened = "This PostgreSQL server is a standby: it only repeats what another server does."
    assert (no_backup.value.happened, no_restore.value.happened) == (happened, happened)
