"""A restore replaces a PostgreSQL database wholly, or leaves it as it was."""

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path

import pytest

from installer.database.dumps.dump_reader import read_sql
from installer.database.records.backup_record import Backup
from installer.database.records.differences import differences
from installer.database.values.address import DatabaseAddress
from installer.database.values.picture import Picture
from installer.database.values.problems import ContentUntouched
from installer.postgresql.backup.backup import back_up
from installer.postgresql.content.take_picture import picture_of
from installer.postgresql.restore.database_beside import beside
from installer.postgresql.restore.replace_content import replace_content
from installer.postgresql.server.queries import ServerError, databases_of, run_script, run_sql, value_of
from installer.postgresql.server.server import connect
from installer.screen.console import Console
from tests.postgresql.everything import changed, everything, said, words

real = [pytest.mark.engine, pytest.mark.database]


@pytest.fixture
def backup(pg: DatabaseAddress, tmp_path: Path) -> Iterator[Backup]:
    """Of a database with every kind of object, and a role of its own that is gone afterwards."""
    with everything(pg):
        yield back_up(
            pg,
            tmp_path,
            reason="test",
            now=datetime(2026, 1, 1, tzinfo=timezone.utc),
            console=Console(story=io.StringIO()),
        )


def compared_with(backup: Backup, now: Picture) -> tuple[str, ...]:
    """Without the roles, which belong to the server."""
    return differences(replace(backup, grants=None), now, same_server=True)


def restore(pg: DatabaseAddress, backup: Backup) -> None:
    replace_content(pg, backup.create_database, read_sql(backup.path), lambda now: compared_with(backup, now))


class TestOnRealServers:
    pytestmark = real

    def test_everything_that_changed_since_is_as_in_the_backup(
        self, pg: DatabaseAddress, backup: Backup
    ) -> None:
        changed(pg)
        restore(pg, backup)
        with connect(pg) as connection:
            left = [name for name in databases_of(connection) if name.startswith(f"{pg.database}_")]
        assert (compared_with(backup, picture_of(pg)), left) == ((), [])

    def test_a_role_that_the_server_lost_comes_back_and_others_keep_what_they_are(
        self, pg: DatabaseAddress, backup: Backup
    ) -> None:
        names = words(pg)
        asked = "SELECT rolname, rolcanlogin, rolpassword FROM pg_authid WHERE rolname = $1"
        with connect(pg) as connection:
            lost = value_of(connection, f"SELECT row(q.*)::text FROM ({asked}) q", (names["*lost*"],))
            run_script(
                connection, said("DROP OWNED BY *lost*; DROP ROLE *lost*; ALTER ROLE *plain* LOGIN", names)
            )
        restore(pg, backup)
        with connect(pg) as connection:
            again = value_of(connection, f"SELECT row(q.*)::text FROM ({asked}) q", (names["*lost*"],))
            kept = value_of(
                connection, "SELECT rolcanlogin FROM pg_roles WHERE rolname = $1", (names["*plain*"],)
            )
        assert (again, kept) == (lost, True)

    def test_a_dump_that_ends_in_the_middle_leaves_the_database_as_it_was(
        self, pg: DatabaseAddress, backup: Backup
    ) -> None:
        with connect(pg) as connection:
            run_sql(connection, "CREATE TABLE later (a int)")
        before, sql = picture_of(pg), b"".join(read_sql(backup.path))
        for end in (len(sql) // 2, len(sql) * 9 // 10):
            with pytest.raises(ContentUntouched):
                replace_content(
                    pg, backup.create_database, [sql[:end]], lambda now: compared_with(backup, now)
                )
        with connect(pg) as connection:
            assert beside(pg).database not in databases_of(connection)
        assert picture_of(pg) == before

    def test_what_a_killed_restore_left_beside_does_not_matter_and_sessions_are_ended(
        self, pg: DatabaseAddress, backup: Backup
    ) -> None:
        with connect(pg) as connection, connect(pg) as user:
            run_sql(connection, f'CREATE DATABASE "{beside(pg).database}"')
            restore(pg, backup)
            with pytest.raises(ServerError) as ended:
                run_sql(user, "SELECT 1")
        assert ended.value.is_lost_connection
        assert compared_with(backup, picture_of(pg)) == ()
