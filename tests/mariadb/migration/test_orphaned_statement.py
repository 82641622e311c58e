"""A migration whose program died is not called failed while the server still executes it."""

import signal
import subprocess
import sys
import time

import pytest

from installer.bundle.sql.migrations import Migration
from installer.database.records.status_report import status_lines
from installer.database.values.address import DatabaseAddress
from installer.errors import Refused
from installer.mariadb.database import MariaDbDatabase
from installer.mariadb.migration.migrate import deploy
from installer.mariadb.migration.status import migration_status
from installer.mariadb.server.server import connect
from tests.mariadb.backups import Told

pytestmark = [pytest.mark.engine, pytest.mark.database]
SLOW = Migration("20260301080000_slow", b"DO SLEEP(6);\nCREATE TABLE late (n INT);")
DEPLOY = """
import sys
from installer.bundle.sql.migrations import Migration
from installer.database.values.address import DatabaseAddress
from installer.mariadb.migration.migrate import deploy
from installer.screen.console import Console
from installer.system.secret import Secret
words = sys.argv[1:]
address = DatabaseAddress(words[0], words[1], int(words[2]), words[3], Secret(words[4]), words[5], None, "")
deploy(address, [Migration(words[6], words[7].encode())], Console())
"""


def test_it_is_running_then_failed(database: DatabaseAddress) -> None:
    words = (
        database.container_id, database.host, str(database.port), database.user, database.password.reveal(),
        database.database, SLOW.name, (SLOW.script or b"").decode(),
    )  # fmt: skip
    with subprocess.Popen((sys.executable, "-c", DEPLOY, *words)) as program:
        _wait_until(database, ("Still running on the server:", f"  {SLOW.name}"))
        program.send_signal(signal.SIGKILL)
    assert _lines(database)[2:] == ["Still running on the server:", f"  {SLOW.name}"]
    for refused in (
        lambda: deploy(database, [SLOW], Told()),
        lambda: MariaDbDatabase(database).resolve([SLOW], SLOW.name, "rolled-back"),
    ):
        with pytest.raises(Refused, match="still executes a migration whose program has ended") as refusal:
            refused()
        assert refusal.value.details == (SLOW.name,)
    _wait_until(database, ("Failed migrations:",))


def _lines(database: DatabaseAddress) -> list[str]:
    with connect(database) as connection:
        return list(status_lines(migration_status(connection, [SLOW]), [SLOW]))


def _wait_until(database: DatabaseAddress, lines: tuple[str, ...]) -> None:
    deadline = time.monotonic() + 60
    while not set(lines) <= set(_lines(database)):
        assert time.monotonic() < deadline, _lines(database)
        time.sleep(0.05)
