"""A restore killed at any moment: one command goes on to the backup, another back to what was there."""

import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from testbed.problem import TestbedProblem
from testbed.restart import restart_engine
from tests.faults.vault import Vault
from tests.journeys.site import Ended

pytestmark = [pytest.mark.engine, pytest.mark.database]

STEPS = ("stop-services", "back-up", "replace-content", "start-services")
EVENTS = [f"{what} {step}" for step in STEPS for what in ("started", "finished")]
UNTOUCHED = 3  # the content: the services were stopped, and run again
PATIENCE_SECONDS = 120
SETTINGS = "SELECT @@GLOBAL.event_scheduler, @@GLOBAL.max_allowed_packet"
BOTH_WAYS = "./airlock restore --resume (continues it), ./airlock rollback (undoes it)"


@dataclass(frozen=True)
class Content:
    """A backup of what the site held, and what it holds since, with everything around it."""

    vault: Vault
    backup: str
    backed_up: str
    before: str
    containers: dict[str, str]
    settings: str

    def type(self, *words: str) -> Ended:
        return self.vault.site.type(self.vault.old, "./airlock", *words)

    def start(self, *words: str) -> "subprocess.Popen[str]":
        return self.vault.site.start(self.vault.old, "./airlock", *words)

    def restore_killed(self, moment: Callable[[], bool], *words: str) -> None:
        """Kill a restore, and all its children, at a moment."""
        kill_when(self.start("restore", self.backup, "--yes", *words), moment)

    def around(self) -> tuple[dict[str, str], str]:
        return self.vault.site.containers(), self.vault.site.sql(SETTINGS)

    def happened(self, event: str) -> Callable[[], bool]:
        """Returns whether a restore that begins from now on has this event in its journal."""
        seen = set(runs_of(self.vault.old))
        return lambda: any(event in events_of(run) for run in set(runs_of(self.vault.old)) - seen)

    def is_loading(self) -> bool:
        """Returns whether the server loads the ballast; the settings of a load are set then."""
        tables = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'customer_vault'"
        try:
            return "ballast" in self.vault.site.sql(tables) and self.vault.site.sql(SETTINGS) != self.settings
        except TestbedProblem:  # the schema is being made anew
            return False

    def is_left_alone(self) -> None:
        """Every other change is refused, and told of both ways."""
        for words in (("restore", self.backup, "--yes"), ("backup",), ("migrate", "deploy")):
            refused = self.type(*words)
            assert (refused.code, BOTH_WAYS in refused.told) == (3, True), refused.told

    def goes_on(self) -> None:
        resumed = self.type("restore", "--resume")
        assert resumed.code == 0, resumed.told
        assert self.vault.site.dump() == self.backed_up
        self.is_over("done")

    def goes_back(self) -> None:
        back = self.type("rollback", "--yes")
        assert back.code == 0, back.told
        assert self.vault.site.dump() == self.before
        self.is_over("restored")

    def is_over(self, end: str) -> None:
        """The run has ended so, with the services and the settings of the server as before."""
        assert self.around() == (self.containers, self.settings)
        assert events_of(runs_of(self.vault.old)[-1])[-1] == f"ended {end}"
        safety = (self.vault.old / "backups").glob("backup_before_restore_*.sql.gz")
        assert len(list(safety)) <= len(runs_of(self.vault.old))  # none is made twice


def runs_of(release: Path) -> list[Path]:
    return sorted((release / ".airlock" / "runs").glob("*-restore"))


def events_of(run: Path) -> list[str]:
    journal = run / "journal.jsonl"
    lines = journal.read_text().splitlines() if journal.exists() else []
    events = [json.loads(line) for line in lines if line.endswith("}")]
    return [f"{event['what']} {event['name']}" for event in events]


def wait_until(moment: Callable[[], bool], run: "subprocess.Popen[str]") -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not moment():
        assert time.monotonic() < deadline and run.poll() is None, run.communicate()[0]
        time.sleep(0.005)


def kill_when(run: "subprocess.Popen[str]", moment: Callable[[], bool]) -> None:
    wait_until(moment, run)
    os.killpg(run.pid, signal.SIGKILL)
    run.communicate()


def content_of(vault: Vault) -> Iterator[Content]:
    site = vault.site
    backed_up = site.dump()
    made = site.type(vault.old, "./airlock", "backup")
    assert made.code == 0, made.told
    backup = Path(made.told.splitlines()[-1]).name
    containers, settings = site.containers(), site.sql(SETTINGS)
    site.sql("CREATE TABLE later (n INT); INSERT INTO later VALUES (1)")
    yield Content(vault, backup, backed_up, site.dump(), containers, settings)
    site.sql("DROP TABLE IF EXISTS later")
    shutil.rmtree(vault.old / "backups")
    for run in runs_of(vault.old):
        shutil.rmtree(run)


@pytest.fixture
def small(vault: Vault) -> Iterator[Content]:
    """What loads at once."""
    yield from content_of(vault)


@pytest.fixture
def large(vault: Vault, ballast: None) -> Iterator[Content]:
    """What takes a while to load."""
    yield from content_of(vault)


def test_a_restore_killed_while_it_loads_goes_on_to_the_backup(large: Content) -> None:
    large.restore_killed(large.is_loading)
    large.is_left_alone()
    large.goes_on()


@pytest.mark.long
def test_a_restore_killed_while_it_loads_goes_back_to_what_was_there(large: Content) -> None:
    large.restore_killed(large.is_loading)
    large.goes_back()


@pytest.mark.long
def test_a_restore_that_fails_brings_back_content_and_services(small: Content) -> None:
    record = small.vault.old / "backups" / small.backup.replace(".sql.gz", ".json")
    document = json.loads(record.read_text())
    document["tables"]["users"]["rows"] += 1
    record.write_text(json.dumps(document))
    failed = small.type("restore", small.backup, "--yes")
    assert failed.code == 6, failed.told
    assert f"Error: {small.backup} was not restored.\n" in failed.told
    assert small.vault.site.dump() == small.before
    small.is_over("restored")


@pytest.mark.parametrize("event", EVENTS[:-1])
@pytest.mark.long
def test_a_restore_killed_at_any_event_goes_back_and_the_next_one_goes_on(small: Content, event: str) -> None:
    small.restore_killed(small.happened(event))
    small.is_left_alone()
    small.goes_back()
    small.restore_killed(small.happened(event))
    small.goes_on()


@pytest.mark.parametrize("step", STEPS[1:])
@pytest.mark.long
def test_a_rollback_killed_after_any_undo_may_still_go_on_to_the_backup(small: Content, step: str) -> None:
    small.restore_killed(small.happened("started start-services"))
    run = runs_of(small.vault.old)[-1]
    kill_when(small.start("rollback", "--yes"), lambda: f"undone {step}" in events_of(run))
    small.goes_on()


@pytest.mark.long
def test_both_ways_may_be_killed_again_and_again(large: Content) -> None:
    def again(*words: str) -> None:
        kill_when(large.start(*words), large.is_loading)

    large.restore_killed(large.is_loading)
    again("restore", "--resume")
    again("rollback", "--yes")
    again("restore", "--resume")
    large.is_left_alone()
    again("rollback", "--yes")
    large.goes_back()


@pytest.mark.parametrize("goes", [Content.goes_on, Content.goes_back], ids=["on", "back"])
@pytest.mark.long
def test_content_that_was_complete_is_not_called_so_once_a_rollback_began_to_replace_it(
    large: Content, goes: Callable[[Content], None]
) -> None:
    large.restore_killed(large.happened("started start-services"))
    kill_when(large.start("rollback", "--yes"), large.is_loading)
    goes(large)


@pytest.mark.long
def test_a_killed_restore_goes_on_after_the_engine_started_everything_anew(large: Content) -> None:
    large.restore_killed(large.is_loading)
    names = large.containers.keys()
    large.vault.site.server.output_of("docker", "kill", "vault-db")
    large.vault.site.server.output_of("docker", "start", *(name for name in names if name != "vault-db"))
    large.goes_on()


@pytest.mark.long
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
@pytest.mark.parametrize("step", STEPS)
def test_a_restore_whose_engine_is_restarted_ends_on_one_content(
    large: Content, step: str, number: signal.Signals
) -> None:
    begins = large.happened(f"started {step}")
    run = large.start("restore", large.backup, "--yes")
    wait_until(begins, run)
    restart_engine(large.vault.site.server, number)
    told = run.communicate()[0]
    assert run.returncode in (0, UNTOUCHED, 6), told
    wanted = large.backed_up if run.returncode == 0 else large.before
    assert (large.vault.site.dump() == wanted, large.around()) == (
        True,
        (large.containers, large.settings),
    ), told


@pytest.mark.long
def test_without_a_safety_backup_there_is_only_the_way_forward(large: Content) -> None:
    large.restore_killed(large.is_loading, "--no-safety-backup")
    stuck = large.type("rollback", "--yes")
    assert stuck.code == 7, stuck.told
    assert "there is no safety backup of the content from before" in stuck.told
    assert list(large.vault.site.containers()) == ["vault-db"]
    large.goes_on()


@pytest.mark.long
def test_another_backup_may_take_the_place_of_one_that_is_gone(large: Content) -> None:
    again = large.type("backup")
    large.restore_killed(large.is_loading)
    (large.vault.old / "backups" / large.backup).unlink()
    refused = large.type("restore", "--resume")
    assert refused.code == 3, refused.told
    resumed = large.type("restore", "--resume", Path(again.told.splitlines()[-1]).name)
    assert (resumed.code, large.vault.site.dump()) == (0, large.before), resumed.told
    large.is_over("done")


@pytest.mark.long
def test_while_another_run_holds_the_lock_nothing_is_stopped_or_made(large: Content) -> None:
    running = large.start("restore", large.backup, "--yes")
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not runs_of(large.vault.old):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    second = large.type("restore", large.backup, "--yes")
    assert second.code == 5, second.told
    assert "Stopping" not in second.told
    told = running.communicate()[0]
    assert running.returncode == 0, told
    assert len(runs_of(large.vault.old)) == 1
    large.is_over("done")
