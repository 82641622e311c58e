"""Kills in a row, forward and back, at random times: whatever the moments, one command ends it well."""

import os
import random
import signal
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from tests.faults.crash_points import AtRest, at_rest, differences
from tests.faults.reliability import Case, record
from tests.faults.test_crash import journal_of
from tests.faults.test_crash_points import GO_ON, IMPORT, NOTHING_TO_DO, ROLLBACK, Crashes
from tests.journeys.packages import Packages
from tests.journeys.site import Site

pytestmark = [pytest.mark.engine, pytest.mark.database, pytest.mark.long]

SEED = int(os.environ.get("AIRLOCK_KILLS_SEED", "20261129"))
KILLS = int(os.environ.get("AIRLOCK_KILLS", "500"))
MOST_FORWARD, MOST_BACK = 4, 3


@dataclass(frozen=True)
class Round:
    """After which parts of their usual time an import and its resumes are killed, then rollbacks.

    With no rollback in it, a resume ends the round.
    """

    forward: tuple[float, ...]
    back: tuple[float, ...]
    goes_on: bool


def test_whatever_the_moments_one_command_brings_the_site_to_rest(site: Site, packages: Packages) -> None:
    choose = random.Random(SEED)
    crashes = Crashes(site, packages, "copied")
    kills = 0
    while kills < KILLS:
        kills += _run(crashes, _chosen(choose))
        crashes.renew()


def _chosen(choose: random.Random) -> Round:
    goes_on = choose.random() < 0.5
    forward = [choose.random() for _kill in range(choose.randint(1, MOST_FORWARD))]
    back = [choose.random() for _kill in range(0 if goes_on else choose.randint(0, MOST_BACK))]
    return Round(tuple(forward), tuple(back), goes_on)


def _run(crashes: Crashes, chosen: Round) -> int:
    """Kills, gives one command, and judges; returns the number of kills. Then the old release runs."""
    killed = [*_kills_forward(crashes, chosen.forward), *_kills_back(crashes, chosen.back)]
    if not chosen.goes_on:
        _expect(crashes, chosen, killed, crashes.old, "./airlock", *ROLLBACK)
        return len(killed)
    _expect(crashes, chosen, killed, crashes.new, *_onward(crashes))
    back = crashes.site.type(crashes.release, "./airlock", *ROLLBACK)
    assert back.code == 0, back.told
    return len(killed)


def _kills_forward(crashes: Crashes, parts: Sequence[float]) -> list[str]:
    """Kills an import, and each time what goes on with it, until one is faster."""
    killed = []
    for part in parts:
        words = _onward(crashes)
        seconds = _killed(crashes, part * crashes.import_seconds, *words)
        if seconds is None:
            break
        killed.append(f"{words[-1]} {seconds:.1f} s")
    return killed


def _kills_back(crashes: Crashes, parts: Sequence[float]) -> list[str]:
    """Kills rollbacks in a row, until one is faster."""
    killed = []
    for part in parts:
        seconds = _killed(crashes, part * crashes.rollback_seconds, "./airlock", *ROLLBACK)
        if seconds is None:
            break
        killed.append(f"rollback {seconds:.1f} s")
    return killed


def _onward(crashes: Crashes) -> tuple[str, ...]:
    """Returns the words that import, or that go on with an import that changed something."""
    if "started " not in journal_of(crashes.release):
        return ("./airlock", *IMPORT)
    return (*GO_ON, "--resume")


def _killed(crashes: Crashes, seconds: float, *words: str) -> float | None:
    """Starts a command and kills it; returns after how many seconds, or None if it had ended before."""
    run = crashes.site.start(crashes.release, *words)
    began = time.monotonic()
    try:
        run.wait(seconds)
    except subprocess.TimeoutExpired:
        os.killpg(run.pid, signal.SIGKILL)
        run.communicate()
        return time.monotonic() - began
    run.communicate()
    return None


def _expect(crashes: Crashes, chosen: Round, killed: Sequence[str], rest: AtRest, *words: str) -> None:
    ended = crashes.site.type(crashes.release, *words)
    found = at_rest(crashes.site)
    is_good = ended.code in (0, NOTHING_TO_DO) and found == rest
    moment = f"{len(killed)} kills, then {'--resume' if chosen.goes_on else 'rollback'}"
    record(Case(f"random kills, seed {SEED}", moment, ", ".join(killed), is_good))
    assert is_good, f"seed {SEED}: {chosen}, killed: {killed}\n{differences(found, rest)}\n{ended.told}"
