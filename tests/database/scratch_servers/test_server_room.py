"""A copy of the database needs room that the live one does not."""

from pathlib import Path

import pytest

from installer.database.scratch_servers.server_room import expect_disk, server_memory_bytes
from installer.database.values.problems import CannotRehearse
from installer.system.memory import available_memory_bytes

MIB, GIB = 1024**2, 1024**3


def test_a_disk_that_is_too_small_is_told_with_both_sizes(tmp_path: Path) -> None:
    with pytest.raises(CannotRehearse) as refused:
        expect_disk(tmp_path, 1 << 60)
    happened, fact, hint = str(refused.value).splitlines()
    assert happened == "There is not enough room for a copy of the database."
    assert fact.startswith(f"  On the disk of {tmp_path}: 1048576.0 TiB needed, ") and fact.endswith(" free")
    assert hint == "Make room there; see how much there is: df -h"


def test_a_disk_with_room_is_taken(tmp_path: Path) -> None:
    expect_disk(tmp_path, 1)


@pytest.mark.parametrize(
    ("available_bytes", "taken_bytes"),
    [(512 * MIB, 256 * MIB), (2 * GIB, GIB), (64 * GIB, 4 * GIB), (None, 256 * MIB)],
)
def test_the_second_server_takes_half_of_the_available_memory_within_limits(
    available_bytes: int | None, taken_bytes: int
) -> None:
    assert server_memory_bytes(available_bytes) == taken_bytes


def test_without_memory_there_is_no_second_server() -> None:
    with pytest.raises(CannotRehearse) as refused:
        server_memory_bytes(511 * MIB)
    assert str(refused.value).splitlines() == [
        "There is too little memory for a second database server.",
        "  512.0 MiB needed, 511.0 MiB free",
        "Check the memory usage: free -h",
    ]


def test_the_available_memory_is_read_in_bytes(tmp_path: Path) -> None:
    told = tmp_path / "meminfo"
    told.write_text("MemTotal:       16000 kB\nMemAvailable:    2048 kB\n")
    assert available_memory_bytes(told) == 2048 * 1024
    assert available_memory_bytes(tmp_path / "none") is None
