"""A crash at any moment is recoverable: killed without warning, the next command finds the way back."""

import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.journeys.editions import as_it_is, in_a_volume, install, unpacked
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


def wait_until(condition: Callable[[], bool], run: "subprocess.Popen[str]") -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline and run.poll() is None, run.communicate()[0]
        time.sleep(0.01)


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


@pytest.mark.parametrize(
    ("words", "edit"),
    [
        (("--state", "copy"), as_it_is),
        (("--state", "move"), as_it_is),
        (("--state", "move", "--snapshot", "never"), as_it_is),
        ((), in_a_volume),
        (("--snapshot", "never"), in_a_volume),
    ],
    ids=["copied", "moved", "moved without a copy", "volume", "volume without a copy"],
)
@pytest.mark.long
def test_a_power_cut_in_any_step_is_undone(
    site: Site, packages: Packages, words: tuple[str, ...], edit: Callable[[Path], None]
) -> None:
    old = install(site, packages["2.1.1"], edit)
    release = unpacked(site, packages["2.1.2"], edit)
    before, containers = site.dump(), site.containers()
    papers = digests_of(old / "uploads")
    for step in STEPS:
        kill_when(site, release, f"started {step}", signal.SIGKILL, *words)
        expect_the_way_back(site, release, before, containers)
    assert digests_of(old / "uploads") == papers


@pytest.mark.long
def test_a_power_cut_while_the_databases_files_are_copied_is_undone(site: Site, packages: Packages) -> None:
    install(site, packages["2.1.1"], in_a_volume)
    release = unpacked(site, packages["2.1.2"], in_a_volume)
    before, containers = site.dump(), site.containers()
    run = site.start(release, "./import-package.sh", "--yes")
    volumes = site.server.folder / "data" / "volumes"
    wait_until(lambda: any(volumes.glob("*_airlock_*/_data/.*")), run)
    os.killpg(run.pid, signal.SIGKILL)
    run.communicate()
    expect_the_way_back(site, release, before, containers)
    assert list(volumes.glob("*_airlock_*")) == []


@pytest.mark.long
def test_between_two_releases_nothing_runs_and_yet_a_third_directory_is_refused(
    site: Site, packages: Packages, old_release: Path
) -> None:
    release, third = site.unpack(packages["2.1.2"]), site.folder / "third"
    shutil.copytree(release, third)
    before, containers = site.dump(), site.containers()
    kill_when(site, release, "finished carry-over", signal.SIGKILL)
    refused = site.import_(third)
    assert refused.code == 3, refused.told
    assert f"Error: An earlier import in {release} was interrupted or got stuck.\n" in refused.told
    expect_the_way_back(site, release, before, containers)


@pytest.mark.long
def test_data_that_is_not_as_in_the_backup_is_told_and_does_not_pass_for_restored(
    site: Site, packages: Packages, old_release: Path
) -> None:
    release = site.unpack(packages["2.1.2"])
    containers = site.containers()
    kill_when(site, release, "started migrate", signal.SIGKILL)
    (record,) = (release / "backups").glob("*.json")
    document = json.loads(record.read_text())
    users = document["tables"]["users"]["rows"]
    document["tables"]["users"]["rows"] += 1
    record.write_text(json.dumps(document))
    back = site.type(release, "./airlock", "rollback", "--yes")
    assert (back.code, site.containers()) == (6, containers), back.told
    assert f"  users: {users} rows instead of {users + 1}\n" in back.told
    assert "The old release runs again, but its database differs from the backup.\n" in back.told


# Going back from a finished upgrade

WAY_BACK = (
    "reopened rollback",
    *(f"undone {step}" for step in ("record", "migrate", "start-database", "carry-over")),
)


def rollback_killed_when(site: Site, release: Path, condition: Callable[[], bool]) -> None:
    run = site.start(release, "./airlock", "rollback", "--yes")
    wait_until(condition, run)
    os.killpg(run.pid, signal.SIGKILL)
    run.communicate()


def expect_left_for(
    site: Site, release: Path, before: str, containers: dict[str, str], *, set_aside: str
) -> None:
    back = site.type(release, "./airlock", "rollback", "--yes")
    assert back.code == 0, back.told
    assert (site.dump(), site.containers(), site.version()) == (before, containers, "2.1.1")
    assert list((release / "backups").glob("backup_before_rollback_*.sql.gz"))
    (discarded,) = (release / ".airlock" / "runs").glob("*/discarded")
    assert (discarded / set_aside).exists()
    shutil.rmtree(release / ".airlock" / "runs")


@pytest.mark.long
def test_a_power_cut_while_going_back_from_a_finished_upgrade_does_not_stop_it(
    site: Site, packages: Packages, old_release: Path
) -> None:
    release = site.unpack(packages["2.1.2"])
    before, containers = site.dump(), site.containers()
    assert site.import_(release).code == 0
    rollback_killed_when(site, release, lambda: "undone start-database" in journal_of(release))
    expect_left_for(site, release, before, containers, set_aside="uploads")


@pytest.mark.parametrize(
    ("words", "edit", "set_aside"),
    [
        (("--state", "move", "--snapshot", "never"), as_it_is, ".env"),  # moved data returns as it is
        ((), in_a_volume, "uploads"),
    ],
    ids=["moved without a copy", "volume"],
)
@pytest.mark.long
def test_going_back_from_a_finished_upgrade_goes_on_after_a_power_cut_at_any_moment(
    site: Site, packages: Packages, words: tuple[str, ...], edit: Callable[[Path], None], set_aside: str
) -> None:
    install(site, packages["2.1.1"], edit)
    release = unpacked(site, packages["2.1.2"], edit)
    before, containers = site.dump(), site.containers()
    backups = release / "backups"
    moments = [lambda: any(backups.glob(".backup_before_rollback_*"))]
    moments += [lambda event=event: event in journal_of(release) for event in WAY_BACK]
    for moment in moments:
        imported = site.import_(release, *words)
        assert imported.code == 0, imported.told
        rollback_killed_when(site, release, moment)
        expect_left_for(site, release, before, containers, set_aside=set_aside)
        shutil.rmtree(backups)
        shutil.rmtree(release / "uploads", ignore_errors=True)


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


@pytest.mark.long
def test_a_power_cut_while_migrating_is_undone_and_the_next_import_succeeds(
    site: Site, packages: Packages, old_release: Path
) -> None:
    release = site.unpack(packages["2.1.2"])
    before, containers = site.dump(), site.containers()
    kill_when(site, release, "started migrate", signal.SIGKILL)
    expect_the_way_back(site, release, before, containers)
    ended = site.import_(release)
    assert ended.code == 0, ended.told


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.long
def test_an_interrupted_import_undoes_what_it_began(
    site: Site, packages: Packages, old_release: Path, number: signal.Signals
) -> None:
    release = site.unpack(packages["2.1.2"])
    before, containers = site.dump(), site.containers()
    ended = kill_when(site, release, "started carry-over", number)
    assert (ended.code, site.containers()) == (130, containers), ended.told
    assert site.dump() == before


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
