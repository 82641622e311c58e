"""Mounts disks that record their writes: new ones, and those that a power cut left."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from testbed.command import output_of, succeeds
from testbed.power.file_systems import FileSystem, make_file_system
from testbed.power.logged_file import READY, word_of
from testbed.power.power_cut import PowerCut
from testbed.power.write_log import BLOCK_BYTES, Record, records_of

SCRIPTS = Path(__file__).resolve().parents[2]
IN_USE_SECONDS = 20
OPTIONS = {"ext4": "defaults", "xfs": "nouuid"}  # the disk before the cut may still be mounted


@dataclass(frozen=True)
class PowerDisk:
    """A mounted disk that records its writes in `log`; `beneath` is what cuts left of earlier logs."""

    kind: FileSystem
    size_bytes: int
    log: Path
    beneath: tuple[PowerCut, ...] = ()

    def records(self) -> list[Record]:
        """Returns what was written and flushed so far."""
        return records_of(self.log)

    def cut(self, moment: int, seed: int | None = None) -> PowerCut:
        """Returns a power cut after so many records."""
        return PowerCut(self.log, moment, seed)


@contextmanager
def new_disk(kind: FileSystem, place: Path, folder: Path, *, size_bytes: int) -> Iterator[PowerDisk]:
    """Mounts a new disk at the folder `place`; keeps its log in `folder`, on another disk."""
    disk = PowerDisk(kind, size_bytes, _new_log(folder))
    with _mounted(disk, place, folder, is_new=True):
        yield disk


@contextmanager
def after(before: PowerDisk, cut: PowerCut, place: Path, folder: Path) -> Iterator[PowerDisk]:
    """Mounts at `place` what a power cut left of a disk: a disk of its own, which records its writes, too."""
    disk = PowerDisk(before.kind, before.size_bytes, _new_log(folder), (*before.beneath, cut))
    with _mounted(disk, place, folder):
        yield disk


def _new_log(folder: Path) -> Path:
    return Path(tempfile.mkstemp(prefix="log-", dir=folder)[1])


@contextmanager
def _mounted(disk: PowerDisk, place: Path, folder: Path, *, is_new: bool = False) -> Iterator[None]:
    place.mkdir(exist_ok=True)
    with _served(disk, folder) as file:
        device = _loop_device(file)
        try:
            if is_new:
                make_file_system(disk.kind, device)
            output_of("mount", "-t", disk.kind, "-o", OPTIONS[disk.kind], device, place)
        finally:
            output_of("losetup", "--detach", device)  # from now on it ends with its mount
        try:
            yield
        finally:
            _unmount(place)


def _loop_device(file: Path) -> str:
    """Makes a loop device whose flushes reach the log: it goes around the memory of the kernel."""
    words = ("losetup", "--find", "--show", "--direct-io=on", "--sector-size", str(BLOCK_BYTES))
    return output_of(*words, file).strip()


@contextmanager
def _served(disk: PowerDisk, folder: Path) -> Iterator[Path]:
    file = Path(tempfile.mkstemp(prefix="disk-", dir=folder)[1])
    process = _started(file, disk.size_bytes, disk.log, disk.beneath)
    try:
        yield file
    finally:
        subprocess.run(("umount", "--lazy", file), check=False)  # in use for a moment by the loop device
        _end(process)
        file.unlink()


def _started(file: Path, size_bytes: int, log: Path, beneath: Sequence[PowerCut]) -> "subprocess.Popen[str]":
    words = (str(file), str(size_bytes), str(log), *map(word_of, beneath))
    process = subprocess.Popen(
        (sys.executable, "-m", "testbed.power.logged_file", *words),
        cwd=SCRIPTS,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,  # whoever interrupts the tests must not take the disk away first
    )
    assert process.stdout is not None
    assert process.stdout.readline().strip() == READY
    return process


def _end(process: "subprocess.Popen[str]") -> None:
    try:
        process.communicate(timeout=20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()


def _unmount(place: Path) -> None:
    """Unmounts a folder as soon as nothing uses it any more."""
    deadline = time.monotonic() + IN_USE_SECONDS
    while not succeeds("umount", place):
        if time.monotonic() > deadline:
            output_of("umount", place)
        time.sleep(0.1)
