"""A database server that dies, or whose disk fills up, while a restore has dropped everything."""

import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import pytest

from installer.database.values.address import DatabaseAddress
from installer.errors import FailedAndRestored, Refused, Stuck
from installer.mariadb.backup.backup import Backup
from installer.mariadb.restore.restore import restore_exactly
from installer.mariadb.server.server import connect
from installer.screen.console import Advance, Console
from tests.mariadb.backups import NOW, Told, backup_of
from tests.mariadb.schemas import execute, picture
from tests.testbed.mariadb import DATA, MariaDB, restart, running_mariadb

pytestmark = [pytest.mark.engine, pytest.mark.database]

MIB = 1024**2
LOADING = "Loading the backup"
CONTENT = """CREATE TABLE t (id INT PRIMARY KEY, noise VARBINARY(1000), KEY noise (noise));
    INSERT INTO t SELECT seq, RANDOM_BYTES(1000) FROM seq_1_to_3000;
    CREATE VIEW v AS SELECT COUNT(*) AS rows_of_t FROM t"""
CHANGED = "DROP VIEW v; ALTER TABLE t ADD later INT; CREATE TABLE new (i INT); INSERT INTO new VALUES (1)"
HALF_WAY = "The restore stopped half-way; the database is incomplete."


@pytest.fixture(scope="module")
def server() -> Iterator[MariaDB]:
    """A server whose files outlive it."""
    with running_mariadb("mariadb:10.11", data=f"--volume={DATA}") as server:
        yield server


@pytest.fixture
def shop(server: MariaDB) -> Iterator[DatabaseAddress]:
    """A database that each test may lose."""
    with server.new_database() as address:
        execute(address, CONTENT)
        yield address


class Eventful(Console):
    """Something happens in the middle of the first load."""

    def __init__(self, happens: Callable[[], object]) -> None:
        super().__init__(story=StringIO())
        self._waiting = [happens]

    @contextmanager
    def progress(self, title: str, total_bytes: int | None) -> Iterator[Advance]:
        def advance(_size_bytes: int) -> None:
            if title == LOADING and self._waiting:
                self._waiting.pop()()

        yield advance


def kill(address: DatabaseAddress) -> None:
    """As the kernel does when memory runs out."""
    docker("kill", address.container_id)


def test_a_server_that_dies_while_loading_leaves_a_backup_that_loads_later(
    server: MariaDB, shop: DatabaseAddress, tmp_path: Path
) -> None:
    before, backup = picture(shop), backup_of(shop, tmp_path)
    with pytest.raises(Stuck) as stuck:
        restore_exactly(shop, backup, Eventful(lambda: kill(shop)))
    assert (stuck.value.happened, stuck.value.exit_code, len(stuck.value.details) > 0) == (HALF_WAY, 7, True)
    assert stuck.value.hint == f"The backup is untouched. Try again: ./airlock restore {backup.path.name}"
    with pytest.raises(Refused, match="does not answer"):
        restore_exactly(shop, backup, Told().console)
    restart(server)
    restore_exactly(shop, backup, Told().console)
    assert picture(shop) == before


def test_a_server_that_dies_and_comes_again_gets_back_what_was_there(
    server: MariaDB, shop: DatabaseAddress, tmp_path: Path
) -> None:
    backup = backup_of(shop, tmp_path)
    execute(shop, CHANGED)
    before = picture(shop)

    def kill_and_start_later() -> None:
        kill(shop)
        threading.Timer(3, restart, (server,)).start()

    with pytest.raises(FailedAndRestored) as failed:
        restore_exactly(shop, backup, Eventful(kill_and_start_later), safety_folder=tmp_path, now=NOW)
    assert failed.value.happened == f"{backup.path.name} was not restored."
    assert failed.value.details[-1].startswith("The old content was restored from the safety backup ")
    assert (picture(shop), failed.value.exit_code) == (before, 6)


@pytest.mark.long
def test_a_data_disk_that_fills_up_while_loading_loses_no_backup(tmp_path: Path) -> None:
    with (
        small_disk(700 * MIB) as disk,
        running_mariadb("mariadb:10.11", data=disk.option) as server,
        server.new_database() as address,
    ):
        execute(address, CONTENT)
        before, backup = picture(address), backup_of(address, tmp_path)
        with pytest.raises(Stuck) as stuck:
            restore_exactly(address, backup, Eventful(disk.fill))
        assert (stuck.value.happened, stuck.value.exit_code) == (HALF_WAY, 7)
        refuses_again(address, backup)
        disk.make_room()
        make_it_answer(server)
        restore_exactly(address, backup, Told().console)
        assert picture(address) == before


@dataclass(frozen=True)
class SmallDisk:
    """A filesystem of the engine's that someone else can fill."""

    volume: str
    holder: str

    @property
    def option(self) -> str:
        """For `docker run`: the server's data go there."""
        return f"--volume={self.volume}:{DATA}"

    def fill(self) -> None:
        """Leave no byte free."""
        subprocess.run(
            ("docker", "exec", self.holder, "dd", "if=/dev/zero", "of=/disk/ballast", "bs=64k"),
            stderr=subprocess.DEVNULL,
            check=False,
        )

    def make_room(self) -> None:
        """Undo `fill`."""
        docker("exec", self.holder, "rm", "/disk/ballast")


@contextmanager
def small_disk(size_bytes: int) -> Iterator[SmallDisk]:
    """A disk in memory, there as long as its holder runs, whatever becomes of the server."""
    options = ("--opt", "type=tmpfs", "--opt", "device=tmpfs", "--opt", f"o=size={size_bytes}")
    volume = docker("volume", "create", *options)
    holder = docker("run", "--detach", "--volume", f"{volume}:/disk", "busybox:1", "sleep", "3600")
    try:
        yield SmallDisk(volume, holder)
    finally:
        docker("rm", "--force", holder)
        docker("volume", "rm", volume)


def docker(*words: str) -> str:
    """What a command of the engine's says."""
    return subprocess.run(("docker", *words), stdout=subprocess.PIPE, text=True, check=True).stdout.strip()


def refuses_again(address: DatabaseAddress, backup: Backup) -> None:
    """As long as the disk is full nothing more is done, whether the server died of it or not."""
    with pytest.raises(Refused, match=r"not enough room|does not answer"):
        restore_exactly(address, backup, Told().console)


def make_it_answer(server: MariaDB) -> None:
    """Start it if it died, and wait for it."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            with connect(server.address(), schema=False):
                return
        except Refused:
            restart(server)
    raise TimeoutError
