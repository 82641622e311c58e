"""A clock that jumps by ten years, forward and back, at every moment of an import and of a rollback."""

import pytest

from tests.faults.crash_points import at_rest, differences, jump_at
from tests.faults.reliability import Case, record
from tests.faults.test_crash_points import IMPORT, ROLLBACK, Crashes
from tests.journeys.packages import Packages
from tests.journeys.site import Site

pytestmark = [pytest.mark.engine, pytest.mark.database, pytest.mark.long]

TEN_YEARS_SECONDS = 10 * 365 * 24 * 3600


@pytest.mark.parametrize("jump", [TEN_YEARS_SECONDS, -TEN_YEARS_SECONDS], ids=["forward", "back"])
def test_a_clock_that_jumps_by_years(site: Site, packages: Packages, jump: int) -> None:
    crashes = Crashes(site, packages, "copied")
    for words, points, rest in (
        (IMPORT, crashes.points, crashes.new),
        (ROLLBACK, crashes.points_back, crashes.old),
    ):
        ended = jump_at(site, crashes.release, points, jump, *words)
        found = at_rest(site)
        is_good = ended.code == 0 and found == rest
        record(Case("clock that jumps by ten years", words[0], "forward" if jump > 0 else "back", is_good))
        assert is_good, f"{differences(found, rest)}\n{ended.told}"
