"""Imports and rollbacks killed at random times: whatever the moment, one command brings the site to rest."""

import os
import random
import signal
import subprocess
import time
from dataclasses import dataclass

import pytest

from tests.faults.crash_points import AtRest, at_rest, differences
from tests.faults.reliability import Case, record
from tests.faults.test_crash import journal_of
from tests.faults.test_crash_points import GO_ON, IMPORT, ROLLBACK, Crashes
from tests.journeys.packages import Packages
from tests.journeys.site import Site

pytestmark = [pytest.mark.engine, pytest.mark.database, pytest.mark.long]

SEED = int(os.environ.get("AIRLOCK_KILLS_SEED", "20261129"))
KILLS = int(os.environ.get("AIRLOCK_KILLS", "500"))
NOTHING_TO_DO = 3


@dataclass(frozen=True)
class Kill:
    """What is killed, after which part of the time that it takes, and what comes afterwards."""

    is_rollback: bool
    part: float
    goes_on: bool


def test_whatever_the_moment_one_command_brings_the_site_to_rest(site: Site, packages: Packages) -> None:
    choose = random.Random(SEED)
    crashes = Crashes(site, packages, "copied")
    for _number in range(KILLS):
        kill = Kill(choose.random() < 0.3, choose.random(), choose.random() < 0.5)
        _run(crashes, kill)
        crashes.renew()


def _run(crashes: Crashes, kill: Kill) -> None:
    """Kills once, gives one command, judges, and returns with the old release in operation."""
    site, release = crashes.site, crashes.release
    if kill.is_rollback:
        assert site.type(release, *GO_ON).code == 0
        seconds = _killed(crashes, kill, "./airlock", *ROLLBACK)
        _expect(crashes, kill, seconds, crashes.old, "./airlock", *ROLLBACK)
        return
    seconds = _killed(crashes, kill, "./airlock", *IMPORT)
    if not kill.goes_on:
        _expect(crashes, kill, seconds, crashes.old, "./airlock", *ROLLBACK)
        return
    has_begun = "started " in journal_of(release)
    _expect(crashes, kill, seconds, crashes.new, *GO_ON, *(("--resume",) if has_begun else ()))
    assert site.type(release, "./airlock", *ROLLBACK).code == 0


def _killed(crashes: Crashes, kill: Kill, *words: str) -> float:
    """Starts a command, kills it, and returns after how many seconds."""
    longest = crashes.rollback_seconds if kill.is_rollback else crashes.import_seconds
    run = crashes.site.start(crashes.release, *words)
    began = time.monotonic()
    try:
        run.wait(kill.part * longest)
    except subprocess.TimeoutExpired:
        os.killpg(run.pid, signal.SIGKILL)
    run.communicate()
    return time.monotonic() - began


def _expect(crashes: Crashes, kill: Kill, seconds: float, rest: AtRest, *words: str) -> None:
    ended = crashes.site.type(crashes.release, *words)
    found = at_rest(crashes.site)
    is_good = ended.code in (0, NOTHING_TO_DO) and found == rest
    verb = "rollback" if kill.is_rollback else "import"
    after = "rollback" if rest == crashes.old else "--resume"
    record(Case(f"random kills, seed {SEED}", f"{verb}, then {after}", f"{seconds:.1f} s", is_good))
    assert is_good, f"seed {SEED}: {kill} after {seconds:.2f} s\n{differences(found, rest)}\n{ended.told}"
