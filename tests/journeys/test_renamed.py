"""Directories renamed after the upgrade, as teams do to keep one name for the release in operation."""

from pathlib import Path

import pytest

from tests.journeys.packages import Packages
from tests.journeys.site import Ended, Site

pytestmark = [pytest.mark.engine, pytest.mark.database]

LIVE, BACKUP = "live", "live.backup"  # as in the guide


def upgraded(site: Site, packages: Packages) -> tuple[Path, str]:
    """2.1.2 in operation beside 2.1.1, which had been renamed before; its directory, and what 2.1.1 had."""
    site.install(packages["2.1.1"]).rename(site.folder / LIVE)
    site.seed()
    before = site.dump()
    release = site.unpack(packages["2.1.2"])
    imported = site.import_(release)
    assert imported.code == 0, imported.told
    renamed = "The directory of the running release was renamed since it was started"
    assert tells(imported, renamed), imported.told
    assert tells(imported, f"The running database uses the files in {site.folder / LIVE}/data/mariadb")
    assert not (site.folder / "customer_vault_2.1.1_package").exists()
    return release, before


def tells(ended: Ended, words: str) -> bool:
    """Whether it was told, wherever lines were broken to fit the terminal: also in the middle of a path."""
    return "".join(words.split()) in "".join(ended.told.split())


def commands_in(guide: Path, heading: str) -> str:
    """The first commands that the guide gives under a heading."""
    section = guide.read_text().partition(f"## {heading}\n")[2]
    return section.partition("```sh\n")[2].partition("```")[0]


def back(site: Site, release: Path, before: str) -> Ended:
    ended = site.type(release, "./airlock", "rollback", "--yes")
    assert ended.code == 0, ended.told
    assert tells(ended, f"2.1.1 runs in {site.folder / BACKUP}."), ended.told
    assert (site.dump(), site.version()) == (before, "2.1.1")
    return ended


@pytest.mark.long
def test_renamed_directories_are_adopted_and_the_way_back_is_open(site: Site, packages: Packages) -> None:
    started, before = upgraded(site, packages)
    today = site.dump()
    commands = commands_in(started / "DEPLOYMENT_GUIDE.md", "Tidy up and rename")
    adopted = site.type(site.folder, "sh", "-ec", commands.replace("airlock adopt", "airlock adopt --yes"))
    release = site.folder / LIVE
    assert (adopted.code, tells(adopted, f"now runs from {release}.")) == (0, True), adopted.told
    assert tells(adopted, "same migration history, same definitions")
    assert (site.dump(), site.version()) == (today, "2.1.2")
    assert not started.exists()
    again = site.type(release, "./airlock", "adopt", "--yes")
    assert (again.code, "Nothing to do" in again.told) == (0, True), again.told
    back(site, release, before)


@pytest.mark.long
def test_without_adopting_the_way_back_is_open_too(site: Site, packages: Packages) -> None:
    started, before = upgraded(site, packages)
    (site.folder / LIVE).rename(site.folder / BACKUP)
    release = started.rename(site.folder / LIVE)
    shown = site.type(release, "./airlock", "adopt", "--dry-run")
    assert (shown.code, "This was a dry run: nothing was changed." in shown.told) == (0, True), shown.told
    assert site.type(release, "./airlock", "backup").code == 0
    back(site, release, before)


@pytest.mark.long
def test_a_database_that_started_empty_under_the_old_name_is_never_taken_for_the_data(
    site: Site, packages: Packages
) -> None:
    started = site.install(packages["2.1.1"])
    site.seed()
    before = site.dump()
    release = started.rename(site.folder / LIVE)
    site.server.output_of("docker", "stop", "vault-db")
    (started / "data" / "mariadb").mkdir(parents=True)  # as an engine does that makes missing folders
    site.server.output_of("docker", "start", "vault-db")
    for words in (("./airlock", "backup"), ("./airlock", "adopt", "--yes")):
        refused = site.type(release, *words)
        assert (refused.code, tells(refused, f"{started}/data/mariadb")) == (3, True), refused.told
    package = site.unpack(packages["2.1.2"])
    for words in ((), ("--from", str(release))):
        refused = site.import_(package, *words)
        assert refused.code == 3, refused.told
        assert tells(refused, "The running db does not use the files that would be carried over.")
    site.type(release, "sh", "-c", "docker compose down && docker compose up -d --wait")
    assert site.dump() == before
