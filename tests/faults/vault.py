"""One installed release that many tests share, because each of them must leave it as it was."""

import hashlib
import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from testbed.command import succeeds
from testbed.server import Server
from tests.journeys.site import Ended, Site, copy_release

PATIENCE_SECONDS = 120
WRITTEN_WHILE_IT_RUNS = {"data", "logs", ".airlock"}


@dataclass(frozen=True)
class Picture:
    """What a refused or undone import must leave alone."""

    containers: tuple[str, ...]
    dump_sha256: str
    files: dict[str, tuple[int, int, int]]


@dataclass(frozen=True)
class Vault:
    """A site with a release in operation, and an unpacked package of the next one."""

    site: Site
    old: Path
    package: Path

    def picture(self) -> Picture:
        words = ("docker", "ps", "--all", "--format", "{{.Names}} {{.Image}} {{.State}}")
        digest = hashlib.sha256(self.site.dump().encode()).hexdigest()
        containers = sorted(self.site.server.output_of(*words).splitlines())
        return Picture(tuple(containers), digest, listing(self.old))

    def container_ids(self) -> str:
        """Those of all containers: nobody made them anew."""
        return self.site.server.output_of("docker", "ps", "--all", "--quiet", "--no-trunc")

    def start(self, release: Path, *words: str, until: str) -> "subprocess.Popen[str]":
        """Begin an import and come back when its journal holds this event, such as "started migrate"."""
        run = self.site.start(release, "./import-package.sh", "--yes", *words)
        deadline = time.monotonic() + PATIENCE_SECONDS
        while until not in journal_of(release):
            assert time.monotonic() < deadline and run.poll() is None, run.communicate()[0]
            time.sleep(0.01)
        return run

    def release(self, folder: Path) -> Path:
        """A copy of the unpacked package in `folder`, as if it had just been unpacked there."""
        return copy_release(self.package, folder)


@contextmanager
def paused(server: Server, container: str) -> Iterator[None]:
    """A container that is paused right after a health check of it.

    An engine that pauses one while a check starts in it can never resume it: the check is frozen half-way.
    A check that is still ending cannot be frozen, and the engine says so: then the next one is waited for.
    """
    deadline = time.monotonic() + PATIENCE_SECONDS
    _wait_for_health_check(server, container, deadline)
    while not succeeds(*server.command("docker", "pause", container), environment=server.environment()):
        _wait_for_health_check(server, container, deadline)
    try:
        yield
    finally:
        server.output_of("docker", "unpause", container)


def _wait_for_health_check(server: Server, container: str, deadline: float) -> None:
    asked = ("docker", "inspect", "--format", "{{range .State.Health.Log}}{{.End}} {{end}}", container)
    before = server.output_of(*asked)
    while server.output_of(*asked) == before:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def listing(folder: Path) -> dict[str, tuple[int, int, int]]:
    """Every file that an application does not write by itself, with mode, size and time."""
    names = [path.relative_to(folder) for path in sorted(folder.rglob("*"))]
    kept = [name for name in names if not WRITTEN_WHILE_IT_RUNS & set(name.parts)]
    states = {str(name): (folder / name).lstat() for name in kept}
    return {name: (state.st_mode, state.st_size, state.st_mtime_ns) for name, state in states.items()}


def journal_of(release: Path) -> list[str]:
    """The events of the only run in a release directory, such as "started migrate"."""
    journals = list((release / ".airlock" / "runs").glob("*/journal.jsonl"))
    lines = journals[0].read_text().splitlines() if journals else []
    events = [json.loads(line) for line in lines if line.endswith("}")]
    return [f"{event['what']} {event['name']}" for event in events]


def ended(run: "subprocess.Popen[str]") -> Ended:
    """Wait for the end of an import that was begun with `start`."""
    told = run.communicate()[0]
    return Ended(run.returncode, told)


@contextmanager
def installed(site: Site, old: Path, new: Path) -> Iterator[Vault]:
    """The package `old` in operation with customers' data, and `new` unpacked elsewhere."""
    elsewhere = site.folder / "package"
    elsewhere.mkdir()
    try:
        release = site.install(old)
        site.seed()
        yield Vault(site, release, replace(site, folder=elsewhere).unpack(new))
    finally:
        site.remove()
        shutil.rmtree(site.folder)


@contextmanager
def small_filesystem(folder: Path, size_bytes: int) -> Iterator[Path]:
    """A filesystem of its own at `folder`, which is made if need be."""
    folder.mkdir(exist_ok=True)
    subprocess.run(("mount", "-t", "tmpfs", "-o", f"size={size_bytes}", "airlock-test", folder), check=True)
    try:
        yield folder
    finally:
        subprocess.run(("umount", "--lazy", folder), check=True)


def resize(folder: Path, *, free_bytes: int) -> None:
    """Leave only so much room on a small filesystem, as if someone else had filled it."""
    status = os.statvfs(folder)
    used_bytes = (status.f_blocks - status.f_bfree) * status.f_frsize
    subprocess.run(("mount", "-o", f"remount,size={used_bytes + free_bytes}", folder), check=True)


def error_of(ended: Ended) -> str:
    """The error that a command ended with: what happened, details, and what to type next."""
    return "Error: " + ended.told.rpartition("\nError: " if "\nError: " in ended.told else "Error: ")[2]
