"""A disk that records its writes shows what a power cut leaves: what was flushed, and perhaps more."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from testbed.power.file_systems import FileSystem
from testbed.power.power_cut import PowerCut, blocks_left, last_flush
from testbed.power.power_disk import PowerDisk, after, new_disk
from testbed.power.write_log import BLOCK_BYTES, FLUSH, WriteLog, records_of
from tests.testbed.power import kinds_of_disks, needs_disks

MIB = 1024**2
ONE, OTHER = b"1" * BLOCK_BYTES, b"2" * BLOCK_BYTES


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """Two blocks, a flush, then one of them again and 100 more."""
    made = WriteLog(tmp_path / "log")
    made.write(0, ONE + ONE)
    made.flush()
    made.write(0, OTHER)
    made.write(2 * BLOCK_BYTES, OTHER * 100)
    return tmp_path / "log"


def blocks(cut: PowerCut) -> dict[int, bytes]:
    content = cut.log.read_bytes()
    return {block: content[position : position + 1] for block, position in blocks_left(cut)}


def test_records_are_read_back_in_order(log: Path) -> None:
    records = [(record.offset, record.length) for record in records_of(log)]
    assert records == [(0, 8192), (FLUSH, 0), (0, 4096), (8192, 409600)]
    assert last_flush(records_of(log)) == 2


def test_a_record_that_was_cut_off_never_happened(log: Path) -> None:
    os.truncate(log, log.stat().st_size - 1)
    assert len(records_of(log)) == 3


def test_in_order_every_write_until_the_moment_is_there(log: Path) -> None:
    assert blocks(PowerCut(log, 2)) == {0: b"1", 1: b"1"}
    assert blocks(PowerCut(log, 3)) == {0: b"2", 1: b"1"}
    assert len(blocks(PowerCut(log, 4))) == 102


def test_with_a_lost_cache_only_what_was_flushed_is_certain(log: Path) -> None:
    states = [blocks(PowerCut(log, 4, seed)) for seed in range(20)]
    assert all(state[1] == b"1" for state in states)
    assert {state[0] for state in states} == {b"1", b"2"}
    assert len({frozenset(state) for state in states}) > 10
    assert states[3] == blocks(PowerCut(log, 4, 3))


@pytest.fixture
def disk(kind: FileSystem, tmp_path: Path) -> Iterator[PowerDisk]:
    with new_disk(kind, tmp_path / "disk", tmp_path, size_bytes=320 * MIB) as made:
        yield made


@needs_disks
@kinds_of_disks
def test_a_file_survives_a_power_cut_exactly_from_its_fsync_on(disk: PowerDisk, tmp_path: Path) -> None:
    place = tmp_path / "disk"
    (place / "lazy").write_bytes(b"x" * 100_000)
    before = len(disk.records())
    with (place / "sure").open("wb") as file:
        file.write(b"y" * 100_000)
        file.flush()
        os.fsync(file.fileno())
    synced = len(disk.records())
    assert last_flush(disk.records()[before:]) > 0  # the loop device passes flushes on
    for seed in (None, 1, 2, 3):
        assert "sure" not in sizes(disk, disk.cut(before, seed), tmp_path)
        left = sizes(disk, disk.cut(synced, seed), tmp_path)
        assert (left["sure"], left["lazy"]) == (100_000, 0)


@needs_disks
@kinds_of_disks
def test_after_a_power_cut_the_power_can_be_cut_again(disk: PowerDisk, tmp_path: Path) -> None:
    write_all(tmp_path / "disk")
    with after(disk, disk.cut(len(disk.records())), tmp_path / "again", tmp_path) as again:
        (tmp_path / "again" / "second").write_bytes(b"z")
        write_all(tmp_path / "again")
        assert "second" in sizes(again, again.cut(len(again.records())), tmp_path)
        assert "second" not in sizes(again, again.cut(0), tmp_path)


def write_all(place: Path) -> None:
    subprocess.run(("sync", "--file-system", place), check=True)


def sizes(disk: PowerDisk, cut: PowerCut, folder: Path) -> dict[str, int]:
    with after(disk, cut, folder / "state", folder):
        return {path.name: path.stat().st_size for path in (folder / "state").iterdir()}
