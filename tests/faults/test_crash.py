"""A crash at any moment is recoverable: killed without warning, the next command finds the way back."""

import os
import signal
import time
from pathlib import Path

import pytest

from tests.journeys.packages import Packages
from tests.journeys.site import Ended, Site, digests_of

pytestmark = [pytest.mark.engine, pytest.mark.database]

STEPS = ("stop-services", "back-up", "carry-over", "start-database", "migrate", "start-services")
PATIENCE_SECONDS = 120


def kill_when(site: Site, release: Path, event: str, number: signal.Signals, *words: str) -> Ended:
    """Start an import and send a signal to it and its children as soon as its journal holds this event."""
    seen = len(journal_of(release))
    run = site.start(release, "./import-package.sh", "--yes", *words)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while event not in journal_of(release)[seen:]:
        assert time.monotonic() < deadline and run.poll() is None, run.communicate()[0]
        time.sleep(0.01)
    os.killpg(run.pid, number)
    told, _nothing = run.communicate()
    return Ended(run.returncode, told)


def journal_of(release: Path) -> str:
    """All journals of a release directory, one after the other, as `what step` lines."""
    lines = []
    for journal in sorted((release / ".airlock" / "runs").glob("*/journal.jsonl")):
        for line in journal.read_text().splitlines():
            words = line.split('"')
            lines.append(f"{words[7]} {words[11]}\n")
    return "".join(lines)


def expect_the_way_back(site: Site, release: Path, before: str, containers: dict[str, str]) -> None:
    refused = site.import_(release)
    assert (refused.code, "./airlock rollback" in refused.told) == (3, True), refused.told
    back = site.type(release, "./airlock", "rollback", "--yes")
    assert back.code == 0, back.told
    assert site.containers() == containers
    assert site.dump() == before
    assert not (release / "data").exists()


@pytest.mark.parametrize("state", ["copy", "move"])
@pytest.mark.long
def test_a_power_cut_in_any_step_is_undone(
    site: Site, packages: Packages, old_release: Path, state: str
) -> None:
    release = site.unpack(packages["2.1.2"])
    before, containers = site.dump(), site.containers()
    papers = digests_of(old_release / "uploads")
    for step in STEPS:
        kill_when(site, release, f"started {step}", signal.SIGKILL, "--state", state)
        expect_the_way_back(site, release, before, containers)
    assert digests_of(old_release / "uploads") == papers


@pytest.mark.long
def test_after_a_power_cut_in_the_last_step_the_import_is_either_done_or_undone(
    site: Site, packages: Packages, old_release: Path
) -> None:
    release = site.unpack(packages["2.1.2"])
    before, containers = site.dump(), site.containers()
    kill_when(site, release, "started record", signal.SIGKILL)
    again = site.import_(release)
    if again.code == 0:
        assert "Customer Vault 2.1.2 is installed here already." in again.told
        assert (site.version(), len(site.containers())) == ("2.1.2", 4)
    else:
        expect_the_way_back(site, release, before, containers)


def test_a_power_cut_while_migrating_is_undone_and_the_next_import_succeeds(
    site: Site, packages: Packages, old_release: Path
) -> None:
    release = site.unpack(packages["2.1.2"])
    before, containers = site.dump(), site.containers()
    kill_when(site, release, "started migrate", signal.SIGKILL)
    expect_the_way_back(site, release, before, containers)
    ended = site.import_(release)
    assert ended.code == 0, ended.told


@pytest.mark.parametrize("number", [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.long)])
def test_an_interrupted_import_undoes_what_it_began(
    site: Site, packages: Packages, old_release: Path, number: signal.Signals
) -> None:
    release = site.unpack(packages["2.1.2"])
    before, containers = site.dump(), site.containers()
    ended = kill_when(site, release, "started carry-over", number)
    assert (ended.code, site.containers()) == (130, containers), ended.told
    assert site.dump() == before


def test_a_rollback_without_an_unfinished_import_is_refused(site: Site, old_release: Path) -> None:
    refused = site.type(old_release, "./airlock", "rollback")
    assert (refused.code, refused.told.splitlines()[0]) == (
        3,
        "Error: There is no unfinished import in this directory.",
    )


@pytest.mark.long
def test_a_failure_can_be_left_for_a_person_to_look_at_and_undone_later(
    site: Site, packages: Packages, old_release: Path
) -> None:
    assert site.import_(site.unpack(packages["2.1.2"])).code == 0
    before, containers = site.dump(), site.containers()
    release = site.unpack(packages["2.1.3"])
    stopped = site.import_(release, "--rehearse", "never", "--on-failure", "stop")
    assert stopped.code == 7, stopped.told
    assert "mina" in site.sql("SELECT login FROM users")
    expect_the_way_back(site, release, before, containers)
