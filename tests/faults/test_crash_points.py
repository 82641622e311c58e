"""Killed before and after every change, a command leaves a site that one command brings to rest.

Where the data is copied, every change counts; in the other ways the last one before each record of the
journal does, at which a step has done everything and is not recorded as done.

What Docker's programs were told to do goes on when Airlock is killed: that is part of the test.
"""

import shutil
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from tests.faults.crash_points import (
    AtRest,
    CrashPoint,
    all_points,
    at_rest,
    crash_points,
    differences,
    kill_at,
    last_of_records,
)
from tests.faults.reliability import Case, record
from tests.faults.test_crash import journal_of
from tests.journeys.editions import as_it_is, asks_seldom, in_a_volume, install, unpacked
from tests.journeys.packages import Packages
from tests.journeys.site import Site

pytestmark = [pytest.mark.engine, pytest.mark.database, pytest.mark.long]

IMPORT = ("import", "--yes", "--rehearse", "never")  # a rehearsal ends before the first record
ROLLBACK = ("rollback", "--yes")
GO_ON = ("./import-package.sh", "--yes")
NOTHING_TO_DO = 3
OWN_VOLUMES = "docker volume ls -q | grep -E '_(set_aside|airlock)_' | xargs -r docker volume rm"
WAYS = {
    "copied": ((), as_it_is),
    "backed up while serving": (("--backup", "serving"), as_it_is),
    "moved": (("--state", "move"), as_it_is),
    "moved without a copy": (("--state", "move", "--snapshot", "never"), as_it_is),
    "volume": ((), in_a_volume),
    "volume without a copy": (("--snapshot", "never"), in_a_volume),
}


class Crashes:
    """A site with 2.1.1 in operation, and 2.1.2 in `place` to be imported again and again."""

    def __init__(self, site: Site, packages: Packages, way: str, place: Path | None = None) -> None:
        self.site, self._packages, self._way = site, packages, way
        self._beside = site if place is None else replace(site, folder=place)
        self.words, self._edit = WAYS[way]
        install(site, packages["2.1.1"], self._edited)
        self.release = self._unpacked()
        self.old = at_rest(site)
        began = time.monotonic()
        self.every_point = all_points(site, self.release, *IMPORT, *self.words)
        self.points = self._enumerated(self.every_point)
        self.import_seconds = time.monotonic() - began
        self.new = at_rest(site)
        began = time.monotonic()
        self.every_point_back = all_points(site, self.release, *ROLLBACK)
        self.points_back = self._enumerated(self.every_point_back)
        self.rollback_seconds = time.monotonic() - began
        self.renew()

    def _unpacked(self) -> Path:
        return unpacked(self._beside, self._packages["2.1.2"], self._edited)

    def _edited(self, release: Path) -> None:
        self._edit(release)
        asks_seldom(release)

    def _enumerated(self, points: Sequence[CrashPoint]) -> tuple[CrashPoint, ...]:
        found = crash_points(points)
        return found if self._way == "copied" else last_of_records(found)

    def renew(self) -> None:
        """Unpacks the new release again, after a rollback."""
        shutil.rmtree(self.release)
        self.site.server.output_of("sh", "-c", OWN_VOLUMES)
        self._unpacked()

    def expect(self, what: str, point: CrashPoint, rest: AtRest, *words: str) -> None:
        """Runs one command after a crash, and compares the site with how it must be now.

        Before its first record a run has changed nothing, and after its last one there is nothing to do.
        """
        before = journal_of(self.release).splitlines()[-1:]
        ended = self.site.type(self.release, *words)
        codes = (0, NOTHING_TO_DO) if before in ([], ["begun import"], ["ended restored"]) else (0,)
        found = at_rest(self.site)
        named = (
            ended.told if before != ["ended restored"] else "\n".join(found.engine)
        )  # told by the killed one
        ways = (found.timeless, found.without_named(named).timeless)
        is_good = ended.code in codes and rest.timeless in ways
        record(Case(f"{what} ({self._way})", point.after, point.change, is_good))
        assert is_good, f"{point}\n{differences(found, rest)}\n{ended.told}"


@pytest.mark.parametrize("way", WAYS)
def test_a_killed_import_goes_back(site: Site, packages: Packages, way: str) -> None:
    crashes = Crashes(site, packages, way)
    for point in crashes.points:
        if kill_at(site, crashes.release, point, *IMPORT, *crashes.words):
            crashes.expect("import killed, then rollback", point, crashes.old, "./airlock", *ROLLBACK)
        else:  # the import was a moment shorter, and has ended
            assert site.type(crashes.release, "./airlock", *ROLLBACK).code == 0
        crashes.renew()


@pytest.mark.parametrize("way", WAYS)
def test_a_killed_import_goes_on(site: Site, packages: Packages, way: str) -> None:
    crashes = Crashes(site, packages, way)
    for point in crashes.points:
        if kill_at(site, crashes.release, point, *IMPORT, *crashes.words):
            onward = crashes.words if point.after in ("", "begun import") else ("--resume",)
            crashes.expect("import killed, then --resume", point, crashes.new, *GO_ON, *onward)
        back = site.type(crashes.release, "./airlock", *ROLLBACK)
        assert back.code == 0, back.told
        crashes.renew()


@pytest.mark.parametrize("way", WAYS)
def test_a_killed_rollback_goes_on(site: Site, packages: Packages, way: str) -> None:
    crashes = Crashes(site, packages, way)
    for point in crashes.points_back:
        ended = site.type(crashes.release, "./airlock", *IMPORT, *crashes.words)
        assert ended.code == 0, ended.told
        if kill_at(site, crashes.release, point, *ROLLBACK):
            crashes.expect("rollback killed, then rollback", point, crashes.old, "./airlock", *ROLLBACK)
        crashes.renew()
