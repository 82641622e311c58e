"""A clock that jumps by ten years, forward and back, at every moment of an import and of a rollback."""

from pathlib import Path

import pytest

from testbed.faketime import faketime_library
from tests.faults.crash_points import at_rest, do_at
from tests.faults.reliability import Case, record
from tests.faults.test_crash_points import IMPORT, ROLLBACK, Crashes
from tests.journeys.packages import Packages
from tests.journeys.site import Site

pytestmark = [pytest.mark.engine, pytest.mark.database, pytest.mark.long]

YEARS = ("+3650d", "-3650d")


@pytest.mark.parametrize("first", YEARS)
def test_a_clock_that_jumps_by_years(
    site: Site, packages: Packages, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, first: str
) -> None:
    crashes = Crashes(site, packages, "copied")
    clock, (jump, back) = tmp_path / "clock", (first, *(year for year in YEARS if year != first))
    clock.write_text("+0")
    for name, value in faked(clock).items():
        monkeypatch.setenv(name, value)
    swing = f"grep -q '\\{jump}' {clock} && echo '{back}' > {clock} || echo '{jump}' > {clock}"
    for words, points, rest in (
        (IMPORT, crashes.points, crashes.new), (ROLLBACK, crashes.points_back, crashes.old)
    ):  # fmt: skip
        ended = do_at(site, crashes.release, points, swing, *words)
        found = at_rest(site)
        is_good = ended.code == 0 and found == rest and clock.read_text().strip() in YEARS
        record(Case("clock that jumps by ten years", words[0], f"{first} first", is_good))
        assert is_good, ended.told


def faked(clock: Path) -> dict[str, str]:
    """Returns variables that make programs see a clock that is as far off as a file says."""
    return {
        "LD_PRELOAD": str(faketime_library()),
        "FAKETIME_TIMESTAMP_FILE": str(clock),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "DONT_FAKE_MONOTONIC": "1",
    }
