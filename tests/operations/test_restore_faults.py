"""The database server dies while a restore runs: all is as before when it returns, or a person is told."""

import os
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from installer.errors import FailedAndRestored, Stuck
from installer.operations.backup import read_backup
from installer.operations.replace_content import replace_content
from installer.operations.restore import restore_exactly
from installer.operations.restore_content import Content, content_of
from installer.system.mariadb import DatabaseAddress
from tests.operations.backups import NOW, Told, backup_of
from tests.system.schemas import execute, picture
from tests.testbed.mariadb import DATA, MariaDB, restart, running_mariadb

pytestmark = [pytest.mark.engine, pytest.mark.database, pytest.mark.long]
SAFETY = "backup_before_restore_20261122_010203.sql.gz"


def kill_server(server: MariaDB) -> None:
    """As a power cut or a full disk would."""
    words = ("docker", "inspect", "--format", "{{.State.Pid}}", server.container_id)
    found = subprocess.run(words, stdout=subprocess.PIPE, text=True, check=True)
    os.kill(int(found.stdout), signal.SIGKILL)


def deadly(wanted: Content, server: MariaDB) -> Content:
    """The same content; the server dies while it is loaded."""

    def read() -> Iterator[bytes]:
        sql = b"".join(wanted.read())
        at = sql.index(b"INSERT INTO")
        yield sql[:at]
        kill_server(server)
        yield sql[at:]

    return replace(wanted, read=read)


def restore(address: DatabaseAddress, wanted: Content, folder: Path) -> None:
    replace_content(address, wanted, Told().console, safety_folder=folder, now=NOW, alone=None)


def test_a_server_that_comes_back_by_itself_gets_back_what_was_there(tmp_path: Path) -> None:
    with (
        running_mariadb("mariadb:10.11", "--restart=always", data=f"--volume={DATA}") as server,
        server.new_database() as database,
    ):
        execute(database, "CREATE TABLE t (n INT, KEY (n)); INSERT INTO t VALUES (1)")
        wanted = content_of(backup_of(database, tmp_path))
        execute(database, "CREATE TABLE precious (n INT); INSERT INTO precious VALUES (1)")
        before = picture(database)
        with pytest.raises(FailedAndRestored) as failed:
            restore(database, deadly(wanted, server), tmp_path)
        assert failed.value.details[-1].endswith(f"from the safety backup {SAFETY}.")
        assert picture(database) == before


def test_a_server_that_stays_away_is_told_and_its_backups_still_restore(tmp_path: Path) -> None:
    with (
        running_mariadb("mariadb:10.11", data=f"--volume={DATA}") as server,
        server.new_database() as database,
    ):
        execute(database, "CREATE TABLE t (n INT, KEY (n)); INSERT INTO t VALUES (1)")
        before, backup = picture(database), backup_of(database, tmp_path)
        with pytest.raises(Stuck) as stuck:
            restore(database, deadly(content_of(backup), server), tmp_path)
        assert stuck.value.hint == f"Both backups are untouched. Try again: ./airlock restore {SAFETY}"
        restart(server)
        restore_exactly(database, read_backup(tmp_path / SAFETY), Told().console)
        assert picture(database) == before
