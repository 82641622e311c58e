"""The disk of the new release, a small one of its own, is full or read-only from one moment on.

The old release comes back; what a run could not undo by itself, one command undoes after the repair.
"""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from testbed.command import output_of
from testbed.restart import restart_engine
from tests.faults.crash_points import CrashPoint, at_rest, do_at, first_of_steps
from tests.faults.test_crash_points import IMPORT, ROLLBACK, Crashes
from tests.faults.test_engine_away import settled
from tests.faults.test_failing_changes import REFUSED, RESTORED, STUCK, go_back, judge
from tests.journeys.packages import Packages
from tests.journeys.site import Ended, Site
from tests.testbed.power import needs_disks

pytestmark = [pytest.mark.engine, pytest.mark.database, pytest.mark.long, needs_disks]

SIZE = "3G"  # of a file with holes


@dataclass(frozen=True)
class Disk:
    """A mounted ext4 file system in a file."""

    file: Path
    place: Path

    @property
    def fill(self) -> str:
        """Returns the command that leaves no room on it."""
        blocks = (("", "1M"), ("2", "4k"))
        return "; ".join(f"dd if=/dev/zero of={self._filler}{n} bs={size} 2>&-" for n, size in blocks)

    @property
    def make_read_only(self) -> str:
        """Returns the command that makes the kernel find it damaged, which leaves it read-only."""
        return f"echo airlock > /sys/fs/ext4/{self._device.name}/trigger_fs_error"

    @property
    def _device(self) -> Path:
        return Path(output_of("findmnt", "--noheadings", "--output", "SOURCE", self.place).strip())

    @property
    def _filler(self) -> Path:
        return self.place / ".filler"

    def free(self) -> None:
        """Makes room again."""
        for number in ("", "2"):
            self._filler.with_name(f".filler{number}").unlink(missing_ok=True)

    def mount(self) -> None:
        output_of("mount", "-o", "loop,errors=remount-ro", self.file, self.place)

    def check(self) -> None:
        """Mounts it again after a check: a kernel that found damage writes nothing until then."""
        output_of("umount", self.place)
        subprocess.run(("e2fsck", "-p", self.file), check=False, capture_output=True)
        self.mount()


@contextmanager
def ext4(file: Path, place: Path) -> Iterator[Disk]:
    output_of("truncate", "--size", SIZE, file)
    output_of("mkfs.ext4", "-q", "-m", "0", file)
    place.mkdir()
    disk = Disk(file, place)
    disk.mount()
    try:
        yield disk
    finally:
        subprocess.run(("umount", "--lazy", place), check=False)
        file.unlink()


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    with ext4(tmp_path / "disk.img", tmp_path / "disk") as disk:
        yield disk


def test_a_disk_that_is_full_from_any_moment_on(site: Site, packages: Packages, disk: Disk) -> None:
    crashes = Crashes(site, packages, "copied", disk.place)
    for point in crashes.points:
        ended = do_at(site, crashes.release, (point,), disk.fill, *IMPORT)
        disk.free()
        expect(crashes, "full disk within an import", point, ended)
        go_back(crashes)


def test_a_disk_that_is_read_only_from_any_step_on(site: Site, packages: Packages, disk: Disk) -> None:
    crashes = Crashes(site, packages, "copied", disk.place)
    for point in first_of_steps(crashes.points):
        ended = do_at(site, crashes.release, (point,), disk.make_read_only, *IMPORT)
        restart_engine(site.server, while_away=disk.check)
        if ended.code != STUCK:
            settled(site, crashes.new if ended.code == 0 else crashes.old)
        expect(crashes, "read-only disk within an import", point, ended)
        go_back(crashes)


def expect(crashes: Crashes, suite: str, point: CrashPoint, ended: Ended) -> None:
    """Judges what an import came to by itself, or by one rollback; the disk was repaired."""
    wanted = crashes.new if ended.code == 0 else crashes.old
    if ended.code == 0:  # the next command deletes what a read-only disk did not let go
        assert crashes.site.import_(crashes.release).code == 0
    if ended.code == STUCK:
        ended = crashes.site.type(crashes.release, "./airlock", *ROLLBACK)
        judge(f"{suite}, then rollback", point, ended, at_rest(crashes.site), wanted, 0)
    else:
        judge(suite, point, ended, at_rest(crashes.site), wanted, 0, RESTORED, REFUSED)
