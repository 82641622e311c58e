"""Going back from a finished upgrade, and from a newer database server that failed."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.journeys.editions import PROXY_THAT_ENDS, as_it_is, edit_compose, in_a_volume, install, unpacked
from tests.journeys.packages import Packages
from tests.journeys.site import Site, digests_of

pytestmark = [pytest.mark.engine, pytest.mark.database]

NEW_USER = (
    "INSERT INTO users (id, email, name, display_name) VALUES (900, 'late@example.com', 'Late', 'Late')"
)


@dataclass(frozen=True)
class Before:
    """What the old release had when it was in operation."""

    dump: str
    containers: dict[str, str]
    papers: dict[str, str]


@dataclass(frozen=True)
class Way:
    """How an upgrade gets its data, and what of the new release's is set aside when it is left."""

    words: tuple[str, ...]
    edit: Callable[[Path], None]
    set_aside: tuple[str, ...]
    database: str = "mariadb:10.11"


LATE = "uploads/of today.txt"
WAYS = {
    "copied": Way((), as_it_is, (".env", LATE, "data/mariadb/ibdata1")),
    "moved": Way(("--state", "move"), as_it_is, (".env", "data/mariadb/ibdata1")),
    "moved without a copy": Way(("--state", "move", "--snapshot", "never"), as_it_is, (".env",)),
    "volume": Way((), in_a_volume, (".env", LATE)),
    "newer server": Way((), in_a_volume, (".env", LATE), "mariadb:11.8"),
}


def before_of(site: Site, old: Path) -> Before:
    return Before(site.dump(), site.containers(), digests_of(old / "uploads"))


@pytest.mark.parametrize(
    "way", ["copied", *(pytest.param(way, marks=pytest.mark.long) for way in WAYS if way != "copied")]
)
def test_a_finished_upgrade_is_left_for_the_release_before_with_exactly_its_data(
    site: Site, packages: Packages, way: str
) -> None:
    words, edit = WAYS[way].words, WAYS[way].edit
    old = install(site, packages["2.1.1"], edit)
    before = before_of(site, old)
    release = unpacked(site, packages.with_database("2.1.2", WAYS[way].database), edit)
    imported = site.import_(release, *words)
    assert (imported.code, "  ./airlock rollback\n" in imported.told) == (0, True), imported.told
    site.sql(NEW_USER)
    (release / LATE).write_text("entered after the upgrade")

    back = site.type(release, "./airlock", "rollback", "--yes")

    assert back.code == 0, back.told
    assert "  table users: +1 rows\n  uploads: 1 new file\n" in back.told
    assert "The old database was compared with the backup: no difference.\n" in back.told
    expect_set_aside(site, release, WAYS[way])
    (old / LATE).unlink(missing_ok=True)  # moved data returns with everything in it
    assert (before_of(site, old), site.version()) == (before, "2.1.1")

    again = site.type(release, "./airlock", "rollback", "--yes")
    assert (again.code, "There is no import to roll back in this directory" in again.told) == (3, True)
    imported = site.import_(release, *words)
    assert (imported.code, site.version()) == (0, "2.1.2"), imported.told


def expect_set_aside(site: Site, release: Path, way: Way) -> None:
    """What the new release wrote is where the person was told."""
    (discarded,) = (release / ".airlock" / "runs").glob("*/discarded")
    assert [name for name in (".env", LATE, "data/mariadb/ibdata1") if (discarded / name).is_file()] == list(
        way.set_aside
    )
    assert json.loads((discarded.parent / "receipt.json").read_text())["end"] == "restored"
    assert len(list((release / "backups").glob("backup_before_rollback_*.sql.gz"))) == 1
    kept = [path.name for folder in copies_in_volumes(site) for path in folder.iterdir()]
    assert kept == (["set-aside"] if way.edit is in_a_volume else [])


def copies_in_volumes(site: Site) -> list[Path]:
    """The folders of the volumes that hold database files for a way back."""
    labelled = ("--quiet", "--filter", "label=airlock.snapshot")
    names = site.server.output_of("docker", "volume", "ls", *labelled).split()
    return [site.server.folder / "data" / "volumes" / name / "_data" for name in names]


@pytest.mark.long
def test_the_first_release_has_nothing_before_it(site: Site, packages: Packages) -> None:
    release = install(site, packages["2.1.1"], as_it_is)
    refused = site.type(release, "./airlock", "rollback", "--yes")
    assert (refused.code, refused.told.splitlines()[0]) == (
        3,
        "Error: 2.1.1 was the first release here: there is no old release to roll back to.",
    )


@pytest.mark.long
def test_what_the_old_release_would_lack_is_found_before_anything_is_changed(
    site: Site, packages: Packages, old_release: Path
) -> None:
    release = site.unpack(packages["2.1.2"])
    assert site.import_(release).code == 0
    before, containers = site.dump(), site.containers()
    elsewhere = site.type(old_release, "./airlock", "rollback", "--yes")
    assert (elsewhere.code, f"  {release}\n" in elsewhere.told) == (3, True), elsewhere.told
    (site.folder / "attic").mkdir()
    gone = old_release.rename(site.folder / "attic" / "tidied away")
    refused = site.type(release, "./airlock", "rollback", "--yes")
    assert refused.code == 3, refused.told
    assert "Error: The old release's directory was not found.\n" in refused.told
    assert f"  Expected: 2.1.1, formerly in {old_release}\n" in refused.told
    assert (site.dump(), site.containers(), site.version()) == (before, containers, "2.1.2")
    unanswered = site.type(release, "./airlock", "rollback", "--to", str(gone))
    assert (unanswered.code, site.containers()) == (3, containers), unanswered.told
    assert "Not confirmed: nothing was changed." in unanswered.told


@pytest.mark.long
def test_a_newer_database_server_that_fails_leaves_files_that_the_old_one_can_read(
    site: Site, packages: Packages
) -> None:
    """A data directory that 11.8 has opened cannot be opened by 10.11."""
    old = install(site, packages["2.1.1"], in_a_volume)
    before = before_of(site, old)
    release = unpacked(site, packages.with_database("2.1.2", "mariadb:11.8"), in_a_volume)
    edit_compose(release, PROXY_THAT_ENDS)

    refused = site.import_(release, "--snapshot", "never")
    assert (refused.code, site.containers()) == (3, before.containers), refused.told
    assert "The release brings a newer database server, and a rollback would not be possible." in refused.told

    ended = site.import_(release)

    assert ended.code == 6, ended.told
    assert "The release brings a newer database server; the old files are kept for a rollback." in ended.told
    assert "Service proxy exited with code 3." in ended.told
    assert "The old database was compared with the backup: no difference.\n" in ended.told
    assert before_of(site, old) == before
    assert copies_in_volumes(site) == []
