"""A restore that fails after everything was dropped: what was there before is loaded back by itself."""

import gzip
import hashlib
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest

from installer.database.values.address import DatabaseAddress
from installer.errors import AirlockError, FailedAndRestored, Interrupted, Refused, Stuck
from installer.mariadb.backup.backup import Backup, read_backup
from installer.mariadb.restore.prepare_restore import prepare_restore
from installer.mariadb.restore.put_in_place import put_in_place
from installer.mariadb.restore.restore import restore_exactly
from installer.mariadb.restore.restore_safety_backup import restore_safety_backup
from installer.mariadb.restore.restored_content import Content, content_of
from installer.mariadb.server.queries import rows_of
from installer.mariadb.server.server import connect
from installer.screen.console import Advance, Console
from tests.mariadb.backups import NOW, Told, backup_of
from tests.mariadb.schemas import execute, picture, query
from tests.testbed.mariadb import MariaDB

pytestmark = [pytest.mark.engine, pytest.mark.database]
SAFETY = "backup_before_restore_20261122_010203.sql.gz"
BACK = f"The old content was restored from the safety backup {SAFETY}."


@pytest.fixture
def backup(database: DatabaseAddress, tmp_path: Path) -> Backup:
    """A backup of one table; since then there is a second one with a row."""
    execute(database, "CREATE TABLE t (n INT, KEY (n)); INSERT INTO t VALUES (1)")
    made = backup_of(database, tmp_path)
    execute(database, "CREATE TABLE precious (n INT); INSERT INTO precious VALUES (1)")
    return made


def with_sql(backup: Backup, old: bytes, new: bytes) -> Backup:
    """The same backup with other SQL, and a record that claims it."""
    sql = gzip.decompress(backup.path.read_bytes()).replace(old, new)
    backup.path.write_bytes(gzip.compress(sql))
    digest = hashlib.sha256(backup.path.read_bytes()).hexdigest()
    return replace(backup, sha256=digest, sql_bytes=len(sql), size_bytes=backup.path.stat().st_size)


def test_sql_that_the_server_refuses_brings_back_what_was_there(
    database: DatabaseAddress, backup: Backup, tmp_path: Path
) -> None:
    before, wrong = picture(database), with_sql(backup, b"INSERT INTO", b"INSERT INTOO")
    with pytest.raises(FailedAndRestored) as failed:
        restore_exactly(database, wrong, Told().console, safety_folder=tmp_path, now=NOW)
    assert picture(database) == before
    assert failed.value.happened == f"{backup.path.name} was not restored."
    assert any("INTOO" in line for line in failed.value.details)
    assert failed.value.details[-1] == BACK
    assert failed.value.hint.endswith(f"./airlock restore {backup.path.name}")


def test_a_result_that_differs_brings_back_what_was_there_and_names_the_way_around(
    database: DatabaseAddress, backup: Backup, tmp_path: Path
) -> None:
    before = picture(database)
    with pytest.raises(FailedAndRestored) as failed:
        wrong = with_sql(backup, b"(1)", b"(2)")
        restore_exactly(database, wrong, Told().console, safety_folder=tmp_path, now=NOW)
    assert picture(database) == before
    assert failed.value.details == (
        "The restored database differs from the backup.",
        "t: values in its rows differ",
        BACK,
    )
    assert failed.value.hint.endswith(f"./airlock restore --unproven {backup.path.name}")


class Impatient(Console):
    """A person presses Ctrl-C once the backup has begun to load."""

    def __init__(self) -> None:
        super().__init__(story=StringIO())
        self._is_pressed = False

    @contextmanager
    def progress(self, title: str, total_bytes: int | None) -> Iterator[Advance]:
        if title == "Loading the backup" and not self._is_pressed:
            self._is_pressed = True
            os.kill(os.getpid(), signal.SIGINT)
        yield lambda size_bytes: None


def test_ctrl_c_brings_back_what_was_there(database: DatabaseAddress, backup: Backup, tmp_path: Path) -> None:
    before = picture(database)
    with pytest.raises(Interrupted) as interrupted:
        restore_exactly(database, backup, Impatient(), safety_folder=tmp_path, now=NOW)
    assert (interrupted.value.details, picture(database)) == ((BACK,), before)


def test_when_the_way_back_fails_too_both_backups_and_reasons_are_named(
    database: DatabaseAddress, backup: Backup
) -> None:
    wanted = content_of(backup)
    safety = replace(wanted, name="safety.sql.gz", read=lambda: iter([b"SELECT * FROM nowhere;\n"]))
    with pytest.raises(Stuck) as stuck:
        restore_safety_backup(Refused("the first reason"), database, wanted, safety, Told().console)
    assert stuck.value.details[:3] == (
        f"Restoring {backup.path.name}:",
        "the first reason",
        "Loading the safety backup safety.sql.gz:",
    )
    assert any("nowhere" in line for line in stuck.value.details[3:])
    assert stuck.value.hint == "Both backups are untouched. Try again: ./airlock restore safety.sql.gz"


def test_no_statement_goes_on_after_ctrl_c(database: DatabaseAddress, backup: Backup, tmp_path: Path) -> None:
    going_on = "SELECT COUNT(*) FROM information_schema.processlist WHERE state = 'User sleep'"

    def endless() -> Iterator[bytes]:
        yield b"-- " + b"x" * 5000 + b"\nCREATE TABLE half (n INT); INSERT INTO half SELECT SLEEP(1000);\n"
        while query(database, going_on) == [(0,)]:
            yield b"-- \n"
        raise KeyboardInterrupt

    wanted: Content = replace(content_of(backup), read=endless)
    with pytest.raises(KeyboardInterrupt):
        put_in_place(database, wanted, Told().console)
    assert query(database, going_on) == [(0,)]


def test_nothing_begins_after_ctrl_c_that_comes_at_once(database: DatabaseAddress, backup: Backup) -> None:
    def at_once() -> Iterator[bytes]:
        yield b"-- " + b"x" * 5000 + b"\nCREATE TABLE late (n INT);\n"
        raise KeyboardInterrupt

    wanted: Content = replace(content_of(backup), read=at_once)
    with pytest.raises(KeyboardInterrupt):
        put_in_place(database, wanted, Told().console)
    before = query(database, "SHOW TABLES")
    time.sleep(1)
    assert query(database, "SHOW TABLES") == before


def test_a_view_that_a_failed_migration_broke_does_not_stand_against_a_restore(
    database: DatabaseAddress, backup: Backup, tmp_path: Path
) -> None:
    execute(database, "CREATE VIEW broken AS SELECT n FROM precious; ALTER TABLE precious CHANGE n m INT")
    told = Told()
    restore_exactly(database, backup, told.console, safety_folder=tmp_path, now=NOW)
    assert query(database, "SHOW TABLES") == [("t",)]
    assert any("broken" in line for line in told.lines)
    restore_exactly(database, read_backup(tmp_path / SAFETY), told.console)
    assert query(database, "SELECT m FROM precious") == [(1,)]


def test_without_room_for_a_safety_backup_the_way_around_is_named(
    database: DatabaseAddress, backup: Backup
) -> None:
    before = picture(database)
    with pytest.raises(Refused) as refusal:
        restore_exactly(database, backup, Told().console, safety_folder=Path("/proc"), now=NOW)
    assert refusal.value.hint.endswith(f"./airlock restore --no-safety-backup {backup.path.name}")
    assert picture(database) == before


def test_a_backup_that_cannot_fit_into_the_data_directory_is_refused(
    database: DatabaseAddress, backup: Backup
) -> None:
    with pytest.raises(Refused, match=r"room for .* in the database's data folder"):
        restore_exactly(database, replace(backup, data_bytes=1 << 60), Told().console)
    assert query(database, "SELECT n FROM precious") == [(1,)]


def test_rights_on_a_routine_that_was_dropped_meanwhile_come_back(
    mariadb: MariaDB, database: DatabaseAddress, tmp_path: Path
) -> None:
    execute(database, "CREATE PROCEDURE p() SELECT 1; CREATE USER app; GRANT EXECUTE ON PROCEDURE p TO app")
    try:
        before, backup = query(database, "SHOW GRANTS FOR app"), backup_of(database, tmp_path)
        execute(database, "DROP PROCEDURE p")
        told = Told()
        prepared = prepare_restore(database, backup, told.console)
        assert not prepared.is_in_place()
        prepared.load()
        assert (query(database, "SHOW GRANTS FOR app"), len(before)) == (before, 2)
        assert told.lines[-1] == f"The database is exactly as in {backup.path.name}."
        assert prepared.is_in_place()
        execute(database, "REVOKE EXECUTE ON PROCEDURE p FROM app")
        assert not prepared.is_in_place()
    finally:
        mariadb.execute("DROP USER app")


def test_the_servers_settings_return_after_a_failure_too(database: DatabaseAddress, backup: Backup) -> None:
    asked = "SELECT @@GLOBAL.event_scheduler, @@GLOBAL.max_allowed_packet"
    execute(database, "SET GLOBAL event_scheduler = ON")
    try:
        before = query(database, asked)
        with pytest.raises(AirlockError):
            restore_exactly(database, with_sql(backup, b"INSERT INTO", b"INSERT INTOO"), Told().console)
        assert query(replace(database, database="mysql"), asked) == before
    finally:
        execute(replace(database, database="mysql"), "SET GLOBAL event_scheduler = OFF")


def test_settings_that_a_killed_restore_left_behind_are_told(
    mariadb: MariaDB, database: DatabaseAddress, backup: Backup
) -> None:
    told = Told()
    mariadb.execute("SET GLOBAL max_allowed_packet = 1 << 30")
    try:
        restore_exactly(database, backup, told.console)
    finally:
        mariadb.execute("SET GLOBAL max_allowed_packet = 1 << 24")
    assert (
        "Warning: max_allowed_packet was changed while the server ran; restart the server to reset it."
    ) in told.lines


@pytest.mark.long
def test_nothing_is_dropped_while_somebody_holds_a_table(
    database: DatabaseAddress, backup: Backup, tmp_path: Path
) -> None:
    before = picture(database)
    with connect(database) as other:
        rows_of(other, "START TRANSACTION")
        rows_of(other, "SELECT * FROM precious")
        with pytest.raises(Refused, match="are locked by other sessions") as refusal:
            restore_exactly(database, backup, Told().console)
        assert "root" in refusal.value.details[0]
    assert picture(database) == before
