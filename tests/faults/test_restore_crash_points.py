"""Killed before and after every change, a restore goes on or back with one command; a drill is repeatable."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.crash_points import CrashPoint, all_points, at_rest, crash_points, kill_at
from tests.faults.test_failing_changes import judge
from tests.journeys.editions import asks_seldom, install
from tests.journeys.packages import Packages
from tests.journeys.site import Site

pytestmark = [pytest.mark.engine, pytest.mark.database, pytest.mark.long]

UNTOUCHED = ("", "begun restore")
LATER = "CREATE TABLE later (n INT); INSERT INTO later VALUES (1)"


@pytest.fixture
def old_release(site: Site, packages: Packages) -> Path:
    return install(site, packages["2.1.1"], asks_seldom)


class Restores:
    """A release in operation with a backup, what was backed up, and what the site holds since."""

    def __init__(self, site: Site, release: Path) -> None:
        self.site, self.release = site, release
        self.backed_up, self.backup = at_rest(site), self._back_up()
        site.sql(LATER)
        self.now, self._again = at_rest(site), self._back_up()
        self.words = ("restore", self.backup, "--yes")
        self.points = crash_points(all_points(site, release, *self.words))
        self.renew()

    def _back_up(self) -> str:
        made = self.site.type(self.release, "./airlock", "backup")
        assert made.code == 0, made.told
        return Path(made.told.splitlines()[-1]).name

    def renew(self) -> None:
        """Brings today's content back, and deletes what earlier runs left."""
        restored = self.site.type(
            self.release, "./airlock", "restore", self._again, "--yes", "--no-safety-backup"
        )
        assert restored.code == 0, restored.told
        for run in (self.release / ".airlock/runs").glob("*-restore"):
            shutil.rmtree(run)

    def killed(self) -> Iterator[CrashPoint]:
        for point in self.points:
            if kill_at(self.site, self.release, point, *self.words):
                yield point
                self.renew()


def test_a_killed_restore_goes_on(site: Site, old_release: Path) -> None:
    restores = Restores(site, old_release)
    for point in restores.killed():
        onward = restores.words if point.after in UNTOUCHED else ("restore", "--resume")
        ended = site.type(old_release, "./airlock", *onward)
        judge("restore killed, then --resume", point, ended, at_rest(site), restores.backed_up, 0)


def test_a_killed_restore_goes_back(site: Site, old_release: Path) -> None:
    restores = Restores(site, old_release)
    for point in restores.killed():
        ended = site.type(old_release, "./airlock", "rollback", "--yes")
        codes = (0, 3) if point.after in UNTOUCHED else (0,)
        rest = restores.backed_up if point.after == "ended done" else restores.now
        judge("restore killed, then rollback", point, ended, at_rest(site), rest, *codes)


def test_a_killed_drill_leaves_nothing_after_the_next_one(site: Site, old_release: Path) -> None:
    backup = Path(site.type(old_release, "./airlock", "backup").told.splitlines()[-1]).name
    drill = ("backups", "drill", backup)
    before = at_rest(site)
    for point in crash_points(all_points(site, old_release, *drill)):
        if kill_at(site, old_release, point, *drill):
            ended = site.type(old_release, "./airlock", *drill)
            judge("drill killed, then another drill", point, ended, at_rest(site), before, 0)
