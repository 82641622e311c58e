"""Other ways into and out of an import than the usual one."""

import shutil
from pathlib import Path

import pytest

from tests.journeys.packages import Packages
from tests.journeys.site import ENV, Site

pytestmark = [pytest.mark.engine, pytest.mark.database]


def listing(folder: Path) -> list[str]:
    """Everything in the site's directories but what a running application writes."""
    names = (path.relative_to(folder) for path in folder.rglob("*"))
    return sorted(str(name) for name in names if not {"data", "logs", ".airlock"} & set(name.parts))


def test_a_dry_run_shows_the_plan_and_leaves_nothing_behind(
    site: Site, packages: Packages, old_release: Path
) -> None:
    release = site.unpack(packages["2.1.2"])
    before, containers = listing(site.folder), site.server.output_of("docker", "ps", "-q")
    ended = site.type(release, "./import-package.sh", "--dry-run")
    assert (ended.code, "Apply 2 migrations:" in ended.told) == (0, True), ended.told
    assert listing(site.folder) == before
    assert site.server.output_of("docker", "ps", "-q") == containers


@pytest.mark.long
@pytest.mark.parametrize("is_delta", [False, True], ids=["whole", "since 2.1.1"])
def test_a_package_is_imported_straight_from_its_file(
    site: Site, packages: Packages, old_release: Path, is_delta: bool
) -> None:
    package = shutil.copy(packages.since("2.1.2", "2.1.1") if is_delta else packages["2.1.2"], site.folder)
    ended = site.type(old_release, "./airlock", "import", package, "--yes")
    assert ended.code == 0, ended.told
    assert (site.version(), (site.folder / "customer_vault_2.1.2_package" / "data").is_dir()) == (
        "2.1.2",
        True,
    )


def test_a_restore_stops_the_services_and_brings_back_exactly_the_rows_of_the_backup(
    site: Site, old_release: Path
) -> None:
    before = site.dump()
    assert site.type(old_release, "./airlock", "backup").code == 0
    site.sql("UPDATE users SET name = 'gone'; CREATE TABLE left_behind (id INT)")
    ended = site.type(old_release, "./airlock", "restore", "--yes")
    assert ended.code == 0, ended.told
    assert site.dump() == before
    assert len(site.containers()) == 4
    assert len(list((old_release / "backups").glob("backup_before_restore_*.sql.gz"))) == 1


def test_an_installation_of_another_project_is_found_by_its_directory_and_keeps_its_name(
    site: Site, packages: Packages
) -> None:
    old = site.unpack(packages["2.1.1"])
    renamed = old.rename(site.folder / "vault of mine")
    site.type(renamed, "docker", "load", "-i", "images.tar")
    (renamed / ".env").write_text(ENV)
    site.type(renamed, "mkdir", "-p", "data/mariadb", "logs", "uploads")  # as the guide says
    started = site.type(renamed, "docker", "compose", "-p", "mine", "up", "-d", "--wait")
    assert started.code == 0, started.told
    applied = site.type(renamed, "./airlock", "migrate", "status")
    assert applied.code == 3, applied.told
    release = site.unpack(packages["2.1.2"])
    ended = site.import_(release, "--from", "../vault of mine")
    assert ended.code == 0, ended.told
    listed = site.type(release, "docker", "compose", "ps", "--format", "{{.Name}}").told.split()
    assert sorted(listed) == ["vault-backend", "vault-db", "vault-frontend", "vault-proxy"]
