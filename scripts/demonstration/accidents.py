"""Breaks imports of a demo in the middle, a chapter each, and checks claims afterwards."""

import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from demonstration.acts import stem
from demonstration.vault import Vault
from testbed.problem import TestbedProblem
from testbed.restart import restart_engine

POWER_CUT = "A power cut in the middle of the migrations, and --resume"
FULL_DISK = "The disk of the backups is full in the middle of the backup"
RESTART = "The Docker engine restarts while the data is carried over"
IMPORT = "./import-package.sh --yes"
RESTORED = 6
BACKUPS_BYTES = 1 << 29
PATIENCE_SECONDS = 300


def survive_power_cut(old: Vault, version: str) -> None:
    """Kills an import while it migrates; one command goes on to the new release."""
    offline, screen, new = old.place, old.place.screen, Vault(old.place, stem(version))
    screen.chapter(POWER_CUT)
    users, uploads = len(old.users()), old.uploads()
    _break(new, "started migrate", lambda run: os.killpg(run.pid, signal.SIGKILL), expecting=-signal.SIGKILL)
    screen.output("(the power fails)")
    offline.type(f"{IMPORT} --resume", within=stem(version))
    screen.claim(f"{version} answers", new.version() == version, new.version())
    screen.claim(f"all {users} users are present", len(new.users()) == users)
    screen.claim("every uploaded file is byte for byte the same", uploads == new.uploads())


def survive_full_disk(old: Vault, version: str) -> None:
    """Fills the disk of the backups during the backup; the old release runs again with its data."""
    screen, release = old.place.screen, old.place.home / stem(version)
    screen.chapter(FULL_DISK)
    before = old.dump()
    with _small_disk(release / "backups") as fill:
        _break(
            Vault(old.place, stem(version)), "finished stop-services", lambda run: fill(), expecting=RESTORED
        )
    screen.claim("the old release answers", bool(old.version()))
    screen.claim("the database dumps are byte for byte the same", old.dump() == before)


def survive_restart(old: Vault, version: str) -> None:
    """Restarts the engine in step 8; the import waits for it and goes on."""
    screen, new, server = old.place.screen, Vault(old.place, stem(version)), old.place.server
    assert server is not None
    screen.chapter(RESTART)
    users = len(old.users())
    _break(new, "started carry-over", lambda run: restart_engine(server), expecting=0)
    screen.claim(f"{version} answers", new.version() == version, new.version())
    screen.claim(f"all {users} users are present", len(new.users()) == users)


def _break(
    new: Vault, event: str, accident: Callable[["subprocess.Popen[str]"], object], expecting: int
) -> None:
    """Shows an import to which an accident happens as soon as its journal holds this event."""
    seen = _events(new)
    with new.place.typing(IMPORT, within=new.folder) as run:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while event not in _events(new)[len(seen) :]:
            if run.poll() is not None or time.monotonic() > deadline:
                raise TestbedProblem(f"The import ended before `{event}`.")
            time.sleep(0.01)
        accident(run)
    if run.returncode != expecting:
        raise TestbedProblem(f"`{IMPORT}` exited with {run.returncode} instead of {expecting}.")


def _events(new: Vault) -> list[str]:
    journals = sorted((new.place.home / new.folder / ".airlock/runs").glob("*/journal.jsonl"))
    lines = [line for journal in journals for line in journal.read_text().splitlines() if line.endswith("}")]
    return [f"{event['what']} {event['name']}" for event in map(json.loads, lines)]


@contextmanager
def _small_disk(folder: Path) -> Iterator[Callable[[], None]]:
    """Yields a function that fills the disk of `folder`, which is a small one meanwhile."""
    folder.mkdir(exist_ok=True)
    subprocess.run(
        ("mount", "-t", "tmpfs", "-o", f"size={BACKUPS_BYTES}", "airlock-demo", folder), check=True
    )

    def fill() -> None:
        free = shutil.disk_usage(folder).free
        with (folder / "another file").open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, free)

    try:
        yield fill
    finally:
        subprocess.run(("umount", folder), check=True)
