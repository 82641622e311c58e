"""The power fails in the middle of an import, and the machine starts again: one command brings it to rest.

The import was started at once after a plain `tar -xzf`. Both release directories and the database lie on the
disk that loses its power; what the engine itself keeps does not.
"""

import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from testbed.power.file_systems import FileSystem
from tests.faults.cut_site import CutSite, cut_site
from tests.faults.power_moments import cuts_of, judge
from tests.faults.power_states import whole_import
from tests.faults.reliability import Case, record
from tests.journeys.packages import Packages
from tests.journeys.site import Ended, digests_of
from tests.testbed.power import kinds_of_disks, needs_disks
from tests.testbed.servers import Servers

pytestmark = [pytest.mark.engine, pytest.mark.database, pytest.mark.long, needs_disks, kinds_of_disks]

EVENTS = (
    "started stop-services", "started back-up", "finished back-up", "started carry-over",
    "finished carry-over", "started start-database", "started migrate", "finished migrate",
    "started start-services", "started record",
)  # fmt: skip
USERS = "SELECT id, email, name FROM users ORDER BY id"
CARRIED = ("data/mariadb", "uploads", ".env")
STATES = 120
modes = pytest.mark.parametrize("mode", ["copy", "move"])


@pytest.fixture
def cut(kind: FileSystem, servers: Servers, tmp_path: Path) -> Iterator[CutSite]:
    with cut_site(servers["offline"], kind, tmp_path) as made:
        yield made


@modes
def test_at_any_moment_of_an_import_every_file_is_whole_or_absent(
    cut: CutSite, packages: Packages, kind: FileSystem, mode: str, tmp_path: Path
) -> None:
    old, begin = cut.install(packages["2.1.1"]), len(cut.disk.records())
    new = cut.unpack(packages["2.1.2"])
    shipped = shipped_in(new)
    ended = cut.site.import_(new, "--state", mode)
    assert ended.code == 0, ended.told
    whole = whole_import(cut.place, old.name, new.name, shipped, *CARRIED)
    cuts = cuts_of(cut.disk, begin, len(cut.disk.records()), STATES)
    assert judge(cut.disk, cuts, whole, tmp_path, f"power cut, import on {kind} ({mode})") == []


def shipped_in(release: Path) -> dict[str, str]:
    """Returns what a package brought, but for the images, which take long to read."""
    return {name: digest for name, digest in digests_of(release).items() if name != "images.tar"}


@modes
def test_after_a_power_cut_a_rollback_brings_the_old_release_back(
    cut: CutSite, packages: Packages, kind: FileSystem, mode: str
) -> None:
    old = cut.install(packages["2.1.1"])
    before, containers, papers = cut.site.dump(), cut.site.containers(), digests_of(old / "uploads")
    for seed, event in enumerate(EVENTS):
        new = cut_within_import(cut, packages, event, seed, mode)
        back = roll_back(cut, new, old)
        found = (cut.site.version(), cut.site.dump(), cut.site.containers(), digests_of(old / "uploads"))
        is_good = back.code == 0 and found == ("2.1.1", before, containers, papers)
        record(Case(f"power cut, then rollback, on {kind} ({mode})", event, cache(seed), is_good))
        assert is_good, f"{event} {seed} {back.code} {found[0]} {found[2]}\n{back.told}"
        shutil.rmtree(new)


@modes
def test_after_a_power_cut_an_import_goes_on(
    cut: CutSite, packages: Packages, kind: FileSystem, mode: str
) -> None:
    old = cut.install(packages["2.1.1"])
    before, users, papers = cut.site.dump(), cut.site.sql(USERS), digests_of(old / "uploads")
    for seed, event in enumerate(EVENTS):
        new = cut_within_import(cut, packages, event, seed, mode)
        resumed = cut.site.import_(new, "--resume")
        found = (cut.site.version(), cut.site.sql(USERS), digests_of(new / "uploads"))
        is_good = resumed.code == 0 and found == ("2.1.2", users, papers)
        record(Case(f"power cut, then --resume, on {kind} ({mode})", event, cache(seed), is_good))
        assert is_good, f"{event} {seed} {resumed.code} {found}\n{resumed.told}"
        back = cut.site.type(new, "./airlock", "rollback", "--yes")
        assert (back.code, cut.site.version(), cut.site.dump()) == (0, "2.1.1", before), back.told
        shutil.rmtree(new)


def cut_within_import(cut: CutSite, packages: Packages, event: str, seed: int, mode: str) -> Path:
    """Unpacks, imports, and cuts the power after an event; returns the new directory as it is then."""
    new = cut.unpack(packages["2.1.2"])
    moment = cut.import_until(new, event, random.Random(seed), "--state", mode)
    cut.cut(cut.disk.cut(moment, seed if seed % 2 else None))
    return new


def cache(seed: int) -> str:
    return "cache lost" if seed % 2 else "in order"


def roll_back(cut: CutSite, new: Path, old: Path) -> Ended:
    """Rolls back from the new directory or, if that cannot be, from the old one."""
    back = cut.site.type(new, "./airlock", "rollback", "--yes")
    return back if back.code == 0 else cut.site.type(old, "./airlock", "rollback", "--yes")
