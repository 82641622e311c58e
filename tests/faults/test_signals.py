"""Whoever interrupts, hangs up or goes home: the site ends on one release, and the exit code says which."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.test_crash import PATIENCE_SECONDS, STEPS, journal_of, wait_until
from tests.journeys.packages import Packages
from tests.journeys.site import Ended, Site
from tests.testbed.terminal import Terminal

pytestmark = [pytest.mark.engine, pytest.mark.database]

OFTEN = [pytest.param(times, marks=pytest.mark.long) for times in (1, 2, 4, 5)]
BETWEEN_SECONDS = 0.3
LEFT = (
    ("ps", "--all", "--quiet", "--filter", "label=airlock.scratch"),
    ("volume", "ls", "--quiet", "--filter", "label=airlock.scratch"),
    ("network", "ls", "--quiet", "--filter", "label=airlock.scratch"),
)


def interrupted(site: Site, release: Path, begun: Callable[[], bool], times: int) -> Ended:
    """Start an import and press Ctrl-C so many times once something has begun."""
    run = site.start(release, "./import-package.sh", "--yes")
    wait_until(begun, run)
    for _time in range(times):
        if run.poll() is None:
            os.killpg(run.pid, signal.SIGINT)
            time.sleep(BETWEEN_SECONDS)
    told, _nothing = run.communicate()
    return Ended(run.returncode, told)


def left_in(site: Site) -> list[str]:
    """Everything that a rehearsal left in the engine."""
    return [line for words in LEFT for line in site.server.output_of("docker", *words).split()]


@pytest.mark.parametrize("times", [3, *OFTEN])
def test_ctrl_c_in_any_step_undoes_what_was_begun_and_the_next_ones_say_how_far_it_is(
    site: Site, packages: Packages, old_release: Path, times: int
) -> None:
    release = site.unpack(packages["2.1.2"])
    before, containers = site.dump(), site.containers()
    for step in STEPS if times == 5 else ("carry-over",):
        seen = len(journal_of(release))
        ended = interrupted(
            site, release, lambda seen=seen, step=step: f"started {step}" in journal_of(release)[seen:], times
        )
        assert (ended.code, site.containers(), site.dump()) == (130, containers, before), ended.told
        assert ended.told.endswith("Error: Interrupted. All steps that had started were undone.\n")
        if times > 2:
            assert "Warning: The rollback cannot be interrupted." in ended.told


@pytest.mark.parametrize("times", [pytest.param(3, marks=pytest.mark.long), *OFTEN])
def test_ctrl_c_while_rehearsing_leaves_nothing_of_the_copy(
    site: Site, packages: Packages, old_release: Path, times: int
) -> None:
    release = site.unpack(packages["2.1.2"])
    before, containers = site.dump(), site.containers()
    ended = interrupted(site, release, lambda: bool(left_in(site)), times)
    assert (ended.code, left_in(site)) == (130, []), ended.told
    assert (site.containers(), site.dump()) == (containers, before)
    assert not (release / ".airlock" / "runs").exists()


def in_window(site: Site, release: Path, *words: str) -> Terminal:
    command = site.server.command("./import-package.sh", *words)
    return Terminal(command, release, {**site.environment(), "LANG": "en_US.UTF-8", "TERM": "xterm"})


def test_a_window_that_closes_past_the_border_does_not_stop_the_import(
    site: Site, packages: Packages, old_release: Path
) -> None:
    release = site.unpack(packages["2.1.2"])
    window = in_window(site, release, "--yes")
    window.read_until("[ 7/12]")
    window.close()
    assert window.child.wait(PATIENCE_SECONDS) == 0
    assert (site.version(), len(site.containers())) == ("2.1.2", 4)
    assert journal_of(release).endswith("ended done\n")
    (log,) = (release / ".airlock").rglob("*.log")
    assert "Customer Vault 2.1.2 is in operation." in log.read_text()


@pytest.mark.long
def test_a_window_that_closes_at_the_question_changes_nothing(
    site: Site, packages: Packages, old_release: Path
) -> None:
    release = site.unpack(packages["2.1.2"])
    containers = site.containers()
    window = in_window(site, release)
    window.read_until("Go ahead?")
    window.close()
    assert window.child.wait(PATIENCE_SECONDS) in (3, 130)
    assert (site.containers(), left_in(site)) == (containers, [])
    assert not (release / ".airlock" / "runs").exists()


@pytest.mark.long
def test_ctrl_c_at_the_question_after_a_failure_rolls_back(
    site: Site, packages: Packages, old_release: Path
) -> None:
    release = site.unpack(packages["2.1.2"])
    before, containers = site.dump(), site.containers()
    window = in_window(site, release)
    window.read_until("Go ahead?")
    window.type(b"y\n")
    window.read_until("[ 9/12]")
    window.type(b"\x03")
    window.read_until("Roll back to the old release now?")
    window.type(b"\x03")
    code, shown = window.rest()
    assert (code, site.containers(), site.dump()) == (130, containers, before), shown
