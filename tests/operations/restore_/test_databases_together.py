"""The databases of a release are restored as one: all of them, or none."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from installer.operations.plan.restore_plan import replace_step
from installer.site.paths import runs_folder
from installer.workflow.journal import Journal, runs_in
from tests.operations.import_.test_two_databases import FIRST, ROOT, TwoDatabases, airlock, first, two
from tests.operations.small_site import site

__all__ = ["first", "site", "two"]
MIXED = [("orders-db",)]
pytestmark = [
    pytest.mark.engine,
    pytest.mark.database,
    pytest.mark.parametrize("two", MIXED, ids="+".join, indirect=True),
]
PATIENCE_SECONDS = 60
SINCE = {"users-db": ["1\tkim", "2\tlee"], "orders-db": []}
ROW = [
    "stop-services",
    "back-up:users-db",
    "back-up:orders-db",
    "replace-content:users-db",
    "replace-content:orders-db",
    "start-services",
]


@pytest.fixture
def backups(two: TwoDatabases, first: Path) -> list[str]:
    """The names of two backups that were made together; the databases have changed since."""
    made = airlock(first, "backup")
    assert made.returncode == 0, made.stderr
    change(two)
    return [Path(line).name for line in made.stdout.splitlines()]


def change(two: TwoDatabases) -> None:
    two.write("users-db", "INSERT INTO users VALUES (2, 'lee')")
    two.write("orders-db", "DELETE FROM orders")
    assert two.rows() == SINCE


def restores(release: Path) -> list[Journal]:
    return list(runs_in(runs_folder(release), "restore"))


def is_up(two: TwoDatabases, service: str) -> bool:
    containers = two.site.engine.containers(project=two.site.project)
    return [one.is_running for one in containers if one.service == service] == [True]


def test_all_are_restored_in_one_run(two: TwoDatabases, first: Path, backups: list[str]) -> None:
    done = airlock(first, "restore", "--yes")
    assert (done.returncode, two.rows()) == (0, FIRST), done.stderr
    assert (
        "These databases are restored together, in this order:\n"
        f"  users-db: {backups[0]} → app\n"
        f"  orders-db: {backups[1]} → app\n"
    ) in done.stderr
    [run] = restores(first)
    assert [event.name for event in run.events() if event.what == "finished"] == ROW
    receipt = json.loads((run.folder / "receipt.json").read_text())
    named = [(Path(one["backup"]).name, Path(one["safety_backup"]).name) for one in receipt["databases"]]
    assert (receipt["end"], receipt["version"]) == ("done", "1")
    assert [name for name, _safety in named] == backups
    assert [safety.rpartition("_")[2] for _name, safety in named] == ["users-db.sql.gz", "orders-db.sql.gz"]


def test_if_the_second_one_fails_the_first_one_is_as_it_was(
    two: TwoDatabases, first: Path, backups: list[str]
) -> None:
    record = first / "backups" / backups[1].replace(".sql.gz", ".json")
    document = json.loads(record.read_text())
    document["tables"]["orders"]["rows"] += 1
    record.write_text(json.dumps(document))
    failed = airlock(first, "restore", "--yes", *backups)
    assert (failed.returncode, two.rows()) == (6, SINCE), failed.stderr
    assert f"Error: {' '.join(backups)} was not restored.\n" in failed.stderr
    [run] = restores(first)
    assert (run.end(), is_up(two, "web")) == ("restored", True)


def killed(release: Path, moment: Callable[[Journal], bool], *words: str) -> None:
    """Kills a restore, with all its children, at a moment of its run."""
    before = len(restores(release))
    run = subprocess.Popen(
        (sys.executable, "-m", "installer", "--lang", "en", "restore", "--yes", *words),
        cwd=release,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not (len(found := restores(release)) > before and moment(found[0])):
        assert time.monotonic() < deadline and run.poll() is None, run.communicate()[1]
        time.sleep(0.005)
    os.killpg(run.pid, signal.SIGKILL)
    run.communicate()


def between_the_two(run: Journal) -> bool:
    return run.has_finished(replace_step("users-db"))


def test_killed_between_the_two_it_goes_back_or_on_with_both(
    two: TwoDatabases, first: Path, backups: list[str]
) -> None:
    killed(first, between_the_two, *backups)
    assert two.rows() == {**SINCE, "users-db": FIRST["users-db"]}
    back = airlock(first, "rollback", "--yes")
    assert (back.returncode, two.rows(), is_up(two, "web")) == (0, SINCE, True), back.stderr
    killed(first, between_the_two, *backups)
    resumed = airlock(first, "restore", "--resume")
    assert (resumed.returncode, two.rows(), is_up(two, "web")) == (0, FIRST, True), resumed.stderr
    assert [run.end() for run in restores(first)] == ["done", "restored"]


def test_without_safety_backups_there_is_only_the_way_forward(
    two: TwoDatabases, first: Path, backups: list[str]
) -> None:
    killed(first, between_the_two, "--no-safety-backup", *backups)
    stuck = airlock(first, "rollback", "--yes")
    assert stuck.returncode == 7, stuck.stderr
    assert "users-db: The backup is loaded, and was compared.\n" in stuck.stderr
    assert "Error: Not all databases are restored, and there is no safety backup" in stuck.stderr
    assert airlock(first, "restore", "--resume").returncode == 0
    assert two.rows() == FIRST
