"""After a crash at any moment one command goes on: to the new release, with all its data."""

import signal
from pathlib import Path

import pytest

from tests.faults.test_crash import journal_of, kill_when
from tests.journeys.packages import Packages
from tests.journeys.site import Site, digests_of

USERS = "SELECT id, email, name FROM users ORDER BY id"
pytestmark = [pytest.mark.engine, pytest.mark.database]


def expect_new_release(site: Site, release: Path, users: str, papers: dict[str, str]) -> None:
    """Goes on with one command, and asks again, which finds nothing left to do."""
    resumed = site.import_(release, "--resume")
    assert resumed.code == 0, resumed.told
    assert (site.version(), len(site.containers())) == ("2.1.2", 4), resumed.told
    assert site.sql(USERS) == users
    assert digests_of(release / "uploads") == papers
    again = site.import_(release, "--resume")
    assert (again.code, "Customer Vault 2.1.2 is installed here already." in again.told) == (0, True)


def test_an_import_killed_while_migrating_goes_on_from_the_backup(
    site: Site, packages: Packages, old_release: Path
) -> None:
    release = site.unpack(packages["2.1.2"])
    users, papers = site.sql(USERS), digests_of(old_release / "uploads")
    kill_when(site, release, "started migrate", signal.SIGKILL)
    refused = site.import_(release)
    assert refused.code == 3, refused.told
    assert "./import-package.sh --resume (continues it)" in refused.told
    expect_new_release(site, release, users, papers)
    assert journal_of(release).endswith("ended done\n")


def test_a_release_that_a_power_cut_destroyed_is_rolled_back_from_the_old_one(
    site: Site, packages: Packages, old_release: Path
) -> None:
    release = site.unpack(packages["2.1.2"])
    before, containers = site.dump(), site.containers()
    kill_when(site, release, "started start-database", signal.SIGKILL)
    (release / "installer.pyz").write_bytes(b"")
    empty = site.type(release, "./airlock", "rollback", "--yes")
    assert (empty.code, empty.told.splitlines()[0]) == (
        4,
        f"Error: The installer is damaged: {release}/installer.pyz",
    )
    (release / "airlock").write_bytes(b"")
    empty = site.import_(release, "--resume")
    assert (empty.code, empty.told.splitlines()[0]) == (
        4,
        "Error: ./airlock is empty. Unpack the package again.",
    )
    back = site.type(old_release, "./airlock", "rollback", "--yes")
    assert (back.code, site.containers()) == (0, containers), back.told
    assert f"The import into {release} did not end; this rolls it back.\n" in back.told
    assert site.dump() == before


def test_there_is_nothing_to_resume_in_a_directory_that_was_never_imported(
    site: Site, packages: Packages
) -> None:
    refused = site.import_(site.unpack(packages["2.1.2"]), "--resume")
    assert refused.code == 3, refused.told
    assert "Error: There is no import to resume in this directory.\n" in refused.told
    assert "→ To import the release, run: ./import-package.sh\n" in refused.told


def test_a_dry_run_that_would_change_something_is_no_dry_run(site: Site, packages: Packages) -> None:
    refused = site.import_(site.unpack(packages["2.1.2"]), "--resume", "--dry-run")
    assert (refused.code, "cannot be combined with --dry-run" in refused.told) == (2, True), refused.told
