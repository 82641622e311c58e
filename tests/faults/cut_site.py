"""A site whose release directories and database lie on a disk whose power can be cut; its engine stays."""

import os
import random
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from testbed.power.file_systems import FileSystem
from testbed.power.power_cut import PowerCut
from testbed.power.power_disk import PowerDisk, after, new_disk
from testbed.power.write_log import Record
from testbed.server import Server
from tests.faults.test_crash import PATIENCE_SECONDS, journal_of
from tests.journeys.site import ENV, Site

SIZE_BYTES = 6 * 1024**3  # of a file with holes
LONGEST_SECONDS = 1.0
RUNNING = ("docker", "ps", "--quiet", "--no-trunc")


class CutSite:
    """A site in `folder`; after a power cut its disk is another one, at the same place."""

    def __init__(self, server: Server, kind: FileSystem, folder: Path, disks: ExitStack) -> None:
        self._folder, self._disks = folder, disks
        self.place = folder / "disk"
        self.site = Site(server, self.place)
        self.disk: PowerDisk = disks.enter_context(new_disk(kind, self.place, folder, size_bytes=SIZE_BYTES))

    def install(self, package: Path) -> Path:
        """Installs a release with customers' data, which has long been on the disk when the power fails."""
        release = self.unpack(package)
        (release / ".env").write_text(ENV)
        ended = self.site.import_(release)
        assert ended.code == 0, ended.told
        self.site.seed()
        subprocess.run(("sync", "--file-system", self.place), check=True)
        return release

    def unpack(self, package: Path) -> Path:
        """Unpacks a package with plain `tar`, which leaves its files in memory; returns the directory."""
        subprocess.run(("tar", "-xzf", package, "-C", self.place), check=True)
        return self.place / package.name.removesuffix(".tar.gz")

    def import_until(self, release: Path, event: str, dice: random.Random, *words: str) -> int:
        """Kills an import a while after this event; returns the moment of the disk when it was killed."""
        run = self.site.start(release, "./import-package.sh", "--yes", *words)
        deadline = time.monotonic() + PATIENCE_SECONDS
        while event not in journal_of(release):
            assert time.monotonic() < deadline and run.poll() is None, run.communicate()[0]
            time.sleep(0.01)
        time.sleep(dice.uniform(0, LONGEST_SECONDS))
        log_bytes = self.disk.log.stat().st_size
        if run.poll() is None:
            os.killpg(run.pid, signal.SIGKILL)
        run.communicate()
        return sum(end_of(record) <= log_bytes for record in self.disk.records())

    def cut(self, cut: PowerCut) -> None:
        """Cuts the power of disk and machine, and starts both again: the engine starts what was running."""
        running = self.site.server.output_of(*RUNNING).split()
        if running:
            self.site.server.output_of("docker", "kill", *running)
        end_programs(self.place)
        self._disks.close()
        self.disk = self._disks.enter_context(after(self.disk, cut, self.place, self._folder))
        if running:
            self.site.server.output_of("docker", "start", *running)


@contextmanager
def cut_site(server: Server, kind: FileSystem, folder: Path) -> Iterator[CutSite]:
    """Yields a site where nothing is installed yet; its disks and their logs are deleted afterwards."""
    with ExitStack() as disks:
        made = CutSite(server, kind, folder, disks)
        try:
            yield made
        finally:
            made.site.remove()
            end_programs(made.place)
    for log in folder.glob("log-*"):
        log.unlink()


def end_of(record: Record) -> int:
    return record.position + record.length


def end_programs(place: Path) -> None:
    """Kills what still works on the disk, such as the children of a killed import."""
    for process in Path("/proc").glob("[0-9]*"):
        if int(process.name) != os.getpid() and _uses(process, f"{place}/"):
            os.kill(int(process.name), signal.SIGKILL)


def _uses(process: Path, prefix: str) -> bool:
    try:
        links = [process / "cwd", *(process / "fd").iterdir()]
        return any(f"{link.readlink()}/".startswith(prefix) for link in links)
    except OSError:  # it has ended
        return False
