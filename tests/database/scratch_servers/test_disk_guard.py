"""What fills a disk is ended in time, and says so; everything else passes through."""

import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest

from installer.database.scratch_servers.disk_guard import DiskFilledUp, guarding
from installer.errors import Refused
from installer.system.files.files import free_bytes
from tests.faults.vault import small_filesystem

MIB = 1024**2
PATIENCE_SECONDS = 60.0


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A filesystem of 40 MiB."""
    with small_filesystem(tmp_path / "disk", 40 * MIB) as folder:
        yield folder


def fill(folder: Path) -> None:
    """Write a file slowly until it is taken away."""
    while True:
        with (folder / "work" / "growing").open("ab") as file:
            file.write(bytes(MIB))
        time.sleep(0.02)


def test_what_fills_the_disk_is_ended_before_the_reserve_is_gone(disk: Path) -> None:
    least = []

    def make_room() -> None:
        least.append(free_bytes(disk))
        (disk / "work").rename(disk / "gone")  # now the writer fails
        shutil.rmtree(disk / "gone")

    (disk / "work").mkdir()
    with pytest.raises(DiskFilledUp) as refused, guarding(disk, 20 * MIB, make_room):
        fill(disk)
    assert least[0] > 10 * MIB
    assert str(refused.value).splitlines() == [
        f"The disk of {disk} was filling up, and the running database needs it.",
        "  Less than 20.0 MiB was free.",
        "Make room there; see how much there is: df -h",
    ]


def test_a_body_that_ends_well_although_its_ground_was_taken_is_no_success(disk: Path) -> None:
    noticed = Event()
    with pytest.raises(DiskFilledUp), guarding(disk, 60 * MIB, noticed.set):
        assert noticed.wait(PATIENCE_SECONDS)


def test_making_room_is_tried_again_when_it_fails(disk: Path) -> None:
    tries = []
    has_room = Event()

    def fail_once() -> None:
        tries.append(free_bytes(disk))
        if len(tries) == 1:
            raise Refused("the engine does not answer")
        shutil.rmtree(disk / "heap", ignore_errors=True)
        has_room.set()

    (disk / "heap").mkdir()
    (disk / "heap" / "file").write_bytes(bytes(30 * MIB))
    with pytest.raises(DiskFilledUp), guarding(disk, 20 * MIB, fail_once):
        assert has_room.wait(PATIENCE_SECONDS)
    assert len(tries) == 2


@pytest.mark.parametrize("failure", [KeyboardInterrupt, ValueError])
def test_while_there_is_room_the_bodys_own_failure_passes_through(
    disk: Path, failure: type[BaseException]
) -> None:
    with pytest.raises(failure), guarding(disk, MIB, lambda: None):
        raise failure


def test_while_there_is_room_nobody_notices(disk: Path) -> None:
    with guarding(disk, MIB, lambda: pytest.fail("made room")):
        time.sleep(0.3)
