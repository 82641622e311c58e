"""A change that the operating system refuses: whichever it is, the site ends on one release, and says which.

The disk is full when a file is opened or a folder made, read-only when something is renamed or removed, and
broken when it is asked to keep what was written.
"""

import pytest

from tests.faults.crash_points import AtRest, CrashPoint, NeverCame, at_rest, differences, fail_at
from tests.faults.reliability import Case, record
from tests.faults.test_crash_points import IMPORT, ROLLBACK, Crashes
from tests.journeys.packages import Packages
from tests.journeys.site import Ended, Site

pytestmark = [pytest.mark.engine, pytest.mark.database, pytest.mark.long]

ERRORS = {
    "write": "ENOSPC", "os.mkdir": "ENOSPC", "os.link": "ENOSPC", "os.symlink": "ENOSPC",
    "os.rename": "EROFS", "os.remove": "EROFS", "os.rmdir": "EROFS", "os.chmod": "EROFS",
    "sync": "EIO", "os.truncate": "EIO",
}  # fmt: skip
RESTORED, STUCK, REFUSED = 6, 7, 3
MISSED = 3


def error_for(point: CrashPoint) -> str:
    """Returns the error with which this change can fail; empty if another program makes it."""
    return ERRORS.get(point.change.partition(" ")[0], "")


@pytest.mark.parametrize("way", ("copied", "moved"))
def test_a_change_that_fails_within_an_import(site: Site, packages: Packages, way: str) -> None:
    crashes = Crashes(site, packages, way)
    for point in crashes.every_point:
        if error_for(point):
            ended = fail_at(site, crashes.release, point, error_for(point), *IMPORT, *crashes.words)
            expect(crashes, f"failing change within an import ({way})", point, ended)
            go_back(crashes)


@pytest.mark.parametrize("way", ("copied", "moved"))
def test_a_change_that_fails_within_a_rollback(site: Site, packages: Packages, way: str) -> None:
    crashes, missed = Crashes(site, packages, way), 0
    for point in filter(error_for, crashes.every_point_back):
        imported = site.type(crashes.release, "./airlock", *IMPORT, *crashes.words)
        assert imported.code == 0, imported.told
        try:
            ended = fail_at(site, crashes.release, point, error_for(point), *ROLLBACK)
        except NeverCame:
            missed += 1
        else:
            expect_back(crashes, f"failing change within a rollback ({way})", point, ended)
        crashes.renew()
    assert missed <= MISSED, "a fault that does not strike proves nothing"


def expect(crashes: Crashes, suite: str, point: CrashPoint, ended: Ended) -> None:
    """Judges what an import came to by itself, or by one rollback where it says that it is stuck."""
    if ended.code == STUCK:
        ended = crashes.site.type(crashes.release, "./airlock", *ROLLBACK)
        judge(suite, point, ended, at_rest(crashes.site), crashes.old, 0)
    elif ended.code == 0:
        judge(suite, point, ended, at_rest(crashes.site), crashes.new, 0)
    else:
        judge(suite, point, ended, at_rest(crashes.site), crashes.old, RESTORED, REFUSED)


def expect_back(crashes: Crashes, suite: str, point: CrashPoint, ended: Ended) -> None:
    """Judges what a rollback came to by itself, or by one more where it says that it did not end."""
    if ended.code == REFUSED:  # it had changed nothing
        judge(suite, point, ended, at_rest(crashes.site), crashes.new, REFUSED)
    if ended.code != 0:
        assert ended.code in (STUCK, REFUSED, RESTORED), f"{point}\n{ended.told}"
        ended = crashes.site.type(crashes.release, "./airlock", *ROLLBACK)
    judge(suite, point, ended, at_rest(crashes.site), crashes.old, 0)


def judge(suite: str, point: CrashPoint, ended: Ended, found: AtRest, wanted: AtRest, *codes: int) -> None:
    is_good = ended.code in codes and found == wanted
    record(Case(suite, point.after, point.change, is_good))
    assert is_good, f"{point} {ended.code}\n{differences(found, wanted)}\n{ended.told}"


def go_back(crashes: Crashes) -> None:
    """Returns to the old release where the import succeeded nevertheless; unpacks the new one again."""
    if crashes.site.version() != "2.1.1":
        back = crashes.site.type(crashes.release, "./airlock", *ROLLBACK)
        assert back.code == 0, back.told
    crashes.renew()
