"""Whatever the size of a row or the number of tables: our process stays below 150 MB."""

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import timedelta
from multiprocessing import get_context
from pathlib import Path

import pytest

from installer.database.values.address import DatabaseAddress
from installer.mariadb.backup.backup import read_backup
from installer.mariadb.restore.restore import restore_exactly
from tests.mariadb.backups import NAME, NOW, Told, backup_of
from tests.mariadb.schemas import execute, picture
from tests.testbed.mariadb import MariaDB

pytestmark = [pytest.mark.engine, pytest.mark.database, pytest.mark.long]

LIMIT_BYTES = 150 * 10**6
STATUS = Path("/proc/self/status")
TABLES = 2000
TABLE = "CREATE TABLE t{0} (id INT PRIMARY KEY, a INT, KEY a (a)); INSERT INTO t{0} VALUES ({0}, {0});"


def peak_of(action: Callable[[DatabaseAddress, Path], None], address: DatabaseAddress, folder: Path) -> int:
    """The most memory a process of its own had that did only this, in bytes."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as one:
        return one.submit(_measured, action, address, folder).result()


def _measured(action: Callable[[DatabaseAddress, Path], None], address: DatabaseAddress, folder: Path) -> int:
    action(address, folder)
    [peak] = [line for line in STATUS.read_text().splitlines() if line.startswith("VmHWM")]
    return int(peak.split()[1]) * 1024


def back_up_here(address: DatabaseAddress, folder: Path) -> None:
    """Only the backup."""
    backup_of(address, folder)


def restore_here(address: DatabaseAddress, folder: Path) -> None:
    """A restore with a safety backup."""
    later = NOW + timedelta(hours=1)
    restore_exactly(address, read_backup(folder / NAME), Told().console, safety_folder=folder, now=later)


def stays_small(address: DatabaseAddress, folder: Path) -> None:
    """Back up and restore, each in a process of its own; the database is the same afterwards."""
    before = picture(address)
    peaks = [peak_of(action, address, folder) for action in (back_up_here, restore_here)]
    assert ([peak < LIMIT_BYTES for peak in peaks], picture(address)) == ([True, True], before), peaks


def test_a_row_of_64_megabytes_does_not_go_through_memory_as_a_whole(
    mariadb: MariaDB, database: DatabaseAddress, tmp_path: Path
) -> None:
    mariadb.execute("SET GLOBAL max_allowed_packet = 1 << 30")
    try:
        execute(database, "CREATE TABLE t (id INT PRIMARY KEY, b LONGBLOB, later LONGTEXT)")
        execute(database, "INSERT INTO t VALUES (1, REPEAT(X'00FF0A27', 1 << 24), REPEAT('한', 1 << 24))")
        stays_small(database, tmp_path)
    finally:
        mariadb.execute("SET GLOBAL max_allowed_packet = 1 << 24")


def test_two_thousand_tables_do_not_take_memory(database: DatabaseAddress, tmp_path: Path) -> None:
    execute(database, "".join(TABLE.format(number) for number in range(TABLES)))
    stays_small(database, tmp_path)
