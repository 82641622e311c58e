"""The engine is killed or restarted before and within every step, or the whole machine starts again."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from testbed.restart import restart_engine
from testbed.server import Server
from tests.faults.crash_points import AtRest, at_rest, do_at, first_of_records, first_of_steps
from tests.faults.test_crash_points import GO_ON, IMPORT, ROLLBACK, Crashes
from tests.faults.test_failing_changes import RESTORED, go_back, judge
from tests.journeys.packages import Packages
from tests.journeys.site import Site

pytestmark = [pytest.mark.engine, pytest.mark.database, pytest.mark.long]

PATIENCE_SECONDS = 60
SCRIPTS = Path(restart_engine.__code__.co_filename).resolve().parents[1]
PROGRAM = """
import signal, sys
from pathlib import Path
from testbed.restart import restart_engine
from testbed.server import Server
restart_engine(Server(Path(sys.argv[1])), getattr(signal, sys.argv[2]))
"""
BLOWS = {
    "killed before": ("SIGKILL", "{restart}"),
    "restarted before": ("SIGTERM", "{restart}"),
    "killed meanwhile": ("SIGKILL", "(sleep 0.3; {restart}) &"),
    "restarted meanwhile": ("SIGTERM", "(sleep 0.3; {restart}) &"),
}
LATE = ("killed meanwhile", "restarted meanwhile")  # they strike when the last moment is over


@contextmanager
def live_restore(server: Server) -> Iterator[None]:
    """Lets the containers of an engine live while it is away."""
    settings = server.folder / "daemon.json"
    usual = settings.read_text()
    settings.write_text(json.dumps({**json.loads(usual), "live-restore": True}))
    os.kill(server.pid, signal.SIGHUP)
    question = ("docker", "info", "--format", "{{.LiveRestoreEnabled}}")
    deadline = time.monotonic() + PATIENCE_SECONDS
    while server.output_of(*question).strip() != "true":
        assert time.monotonic() < deadline
    try:
        yield
    finally:
        settings.write_text(usual)
        os.kill(server.pid, signal.SIGHUP)


def restart(site: Site, script: Path, number: str) -> str:
    """Returns the command of the shell that ends the engine with a signal, and starts it again."""
    script.write_text(PROGRAM)
    engine = f"{site.server.folder} {number}"
    return f"PYTHONPATH={SCRIPTS} {sys.executable} {script} {engine} > {script}.log 2>&1"


def command_of(blow: str, site: Site, folder: Path) -> str:
    number, form = BLOWS[blow]
    return form.format(restart=restart(site, folder / "restart.py", number))


@pytest.mark.parametrize("blow", BLOWS)
def test_an_engine_that_comes_back_in_any_step_of_an_import(
    site: Site, packages: Packages, tmp_path: Path, blow: str
) -> None:
    restart_in_any_step(Crashes(site, packages, "copied"), tmp_path, blow, f"engine {blow} (import)")


def test_an_engine_that_comes_back_to_containers_that_went_on(
    site: Site, packages: Packages, tmp_path: Path
) -> None:
    """The setting live-restore: containers outlive their engine."""
    with live_restore(site.server):
        crashes = Crashes(site, packages, "copied")
        restart_in_any_step(crashes, tmp_path, "restarted before", "engine restarted, live-restore (import)")


def restart_in_any_step(crashes: Crashes, folder: Path, blow: str, suite: str) -> None:
    site = crashes.site
    command = command_of(blow, site, folder)
    points = first_of_steps(crashes.points)
    for point in points[:-1] if blow in LATE else points:
        ended = do_at(site, crashes.release, (point,), command, *IMPORT)
        wait_for_restart(folder)
        wanted, code = (crashes.new, 0) if ended.code == 0 else (crashes.old, RESTORED)
        judge(suite, point, ended, settled(site, wanted), wanted, code)
        go_back(crashes)


@pytest.mark.parametrize("blow", BLOWS)
def test_an_engine_that_comes_back_in_any_step_of_a_rollback(
    site: Site, packages: Packages, tmp_path: Path, blow: str
) -> None:
    crashes = Crashes(site, packages, "copied")
    command = command_of(blow, site, tmp_path)
    points = first_of_records(crashes.points_back)
    last = next(at for at, point in enumerate(points) if point.after == "undone stop-services")
    for point in points[:last] if blow in LATE else points:  # from there on, a rollback ends at once
        imported = site.type(crashes.release, "./airlock", *IMPORT)
        assert imported.code == 0, imported.told
        ended = do_at(site, crashes.release, (point,), command, *ROLLBACK)
        wait_for_restart(tmp_path)
        judge(f"engine {blow} (rollback)", point, ended, settled(site, crashes.old), crashes.old, 0)
        crashes.renew()


@pytest.mark.parametrize("goes_on", [False, True], ids=["rollback", "--resume"])
def test_a_machine_that_starts_again_in_any_step(
    site: Site, packages: Packages, tmp_path: Path, goes_on: bool
) -> None:
    """Engine and import end at once, and what the engine was running it starts again."""
    crashes = Crashes(site, packages, "copied")
    command = f"kill -9 $PPID; {restart(site, tmp_path / 'restart.py', 'SIGKILL')}"
    words, rest = ((*GO_ON, "--resume"), crashes.new) if goes_on else (("./airlock", *ROLLBACK), crashes.old)
    suite = f"machine restarted, then {'--resume' if goes_on else 'rollback'}"
    for point in first_of_steps(crashes.points):
        do_at(site, crashes.release, (point,), command, *IMPORT)
        wait_for_restart(tmp_path)
        ended = site.type(crashes.release, *words)
        judge(suite, point, ended, at_rest(site), rest, 0)
        go_back(crashes)


def wait_for_restart(folder: Path) -> None:
    """Waits for the end of every program that restarts the engine."""
    while subprocess.run(
        ("pgrep", "--full", str(folder / "restart.py")), check=False, capture_output=True
    ).stdout:
        time.sleep(0.1)


def settled(site: Site, wanted: AtRest) -> AtRest:
    """Waits for what the engine starts by itself when it comes back after the command has ended."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while (found := at_rest(site)) != wanted and time.monotonic() < deadline:
        time.sleep(1)
    return found
