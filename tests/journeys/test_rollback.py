"""Going back from a finished upgrade, and from a newer database server that failed."""

import json
import shutil
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


def before_of(site: Site, old: Path) -> Before:
    return Before(site.dump(), site.containers(), digests_of(old / "uploads"))


@pytest.mark.parametrize(
    ("state", "edit"),
    [
        ("copy", as_it_is),
        pytest.param("move", as_it_is, marks=pytest.mark.long),
        pytest.param("copy", in_a_volume, marks=pytest.mark.long),
    ],
    ids=["copied", "moved", "volume"],
)
def test_a_finished_upgrade_is_left_for_the_release_before_with_exactly_its_data(
    site: Site, packages: Packages, state: str, edit: Callable[[Path], None]
) -> None:
    old = install(site, packages["2.1.1"], edit)
    before = before_of(site, old)
    release = unpacked(site, packages["2.1.2"], edit)
    imported = site.import_(release, "--state", state)
    assert (imported.code, "  ./airlock rollback\n" in imported.told) == (0, True), imported.told
    site.sql(NEW_USER)
    (release / "uploads" / "of today.txt").write_text("entered after the upgrade")

    back = site.type(release, "./airlock", "rollback", "--yes")

    assert back.code == 0, back.told
    assert "  table users: +1 rows\n  uploads: 1 new file\n" in back.told
    assert "The old database was compared with the backup: no difference.\n" in back.told
    papers = digests_of(old / "uploads")
    late = papers.pop("of today.txt", None)
    assert before_of(site, old) == Before(
        before.dump, before.containers, before.papers | ({"of today.txt": late} if late else {})
    )
    assert (papers, late is not None) == (before.papers, state == "move")
    assert site.version() == "2.1.1"
    assert len(list((release / "backups").glob("backup_before_rollback_*.sql.gz"))) == 1
    expect_set_aside(site, release, state, edit)

    again = site.type(release, "./airlock", "rollback", "--yes")
    assert (again.code, "There is nothing more to go back from in this directory" in again.told) == (3, True)
    shutil.rmtree(release / "uploads", ignore_errors=True)
    imported = site.import_(release, "--state", state)
    assert (imported.code, site.version()) == (0, "2.1.2"), imported.told


def expect_set_aside(site: Site, release: Path, state: str, edit: Callable[[Path], None]) -> None:
    """What the new release wrote is where the person was told."""
    (discarded,) = (release / ".airlock" / "runs").glob("*/discarded")
    assert (discarded / ".env").is_file()
    assert json.loads((discarded.parent / "receipt.json").read_text())["end"] == "restored"
    assert (discarded / "uploads" / "of today.txt").is_file() == (state == "copy")
    if edit is in_a_volume:
        names = site.server.output_of(
            "docker", "volume", "ls", "--quiet", "--filter", "label=airlock.snapshot"
        )
        folder = Path(
            site.server.output_of(
                "docker", "volume", "inspect", "--format", "{{.Mountpoint}}", names.strip()
            ).strip()
        )
        assert [path.name for path in folder.iterdir()] == ["set-aside"]
    else:
        assert (discarded / "data" / "mariadb" / "ibdata1").is_file()


def test_the_first_release_has_nothing_before_it(site: Site, packages: Packages) -> None:
    release = install(site, packages["2.1.1"], as_it_is)
    refused = site.type(release, "./airlock", "rollback", "--yes")
    assert (refused.code, refused.told.splitlines()[0]) == (
        3,
        "Error: 2.1.1 was the first release here: there is nothing to go back to.",
    )


@pytest.mark.long
def test_what_the_old_release_would_lack_is_found_before_anything_is_changed(
    site: Site, packages: Packages, old_release: Path
) -> None:
    release = site.unpack(packages["2.1.2"])
    assert site.import_(release).code == 0
    before, containers = site.dump(), site.containers()
    gone = old_release.rename(old_release.with_name("tidied away"))
    refused = site.type(release, "./airlock", "rollback", "--yes")
    assert refused.code == 3, refused.told
    assert f"  The old directory is gone: {old_release}\n" in refused.told
    assert (site.dump(), site.containers(), site.version()) == (before, containers, "2.1.2")
    gone.rename(old_release)
    unanswered = site.type(release, "./airlock", "rollback")
    assert (unanswered.code, site.containers()) == (3, containers), unanswered.told
    assert "Not confirmed: nothing was changed." in unanswered.told


@pytest.mark.long
def test_a_newer_database_server_that_fails_leaves_files_that_the_old_one_can_read(
    site: Site, packages: Packages, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A data directory that 11.8 has opened cannot be opened by 10.11."""
    old = install(site, packages["2.1.1"], in_a_volume)
    before = before_of(site, old)
    release = unpacked(site, packages.with_database("2.1.2", "mariadb:11.8"), in_a_volume)
    edit_compose(release, PROXY_THAT_ENDS)

    refused = site.import_(release, "--snapshot", "never")
    assert (refused.code, site.containers()) == (3, before.containers), refused.told
    assert "The release brings a newer database server, and there would be no way back." in refused.told

    ended = site.import_(release)

    assert ended.code == 6, ended.told
    assert (
        "The release brings a newer database server; the old files are kept for the way back." in ended.told
    )
    assert "Service proxy ended with exit code 3." in ended.told
    assert "The old database was compared with the backup: no difference.\n" in ended.told
    assert before_of(site, old) == before
    assert (
        site.server.output_of("docker", "volume", "ls", "--quiet", "--filter", "label=airlock.snapshot") == ""
    )
