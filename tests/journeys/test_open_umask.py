"""A shell whose umask is 000: what Airlock makes can be written by its owner and group alone."""

import shutil
import stat
from pathlib import Path

import pytest

from tests.journeys.packages import Packages
from tests.journeys.site import ENV, Ended, Site

pytestmark = [pytest.mark.engine, pytest.mark.database, pytest.mark.long]

MADE = (
    "customer_vault_2.1.1_package/.airlock/airlock.log",
    "customer_vault_2.1.1_package/.airlock/site.json",
    "customer_vault_2.1.2_package/.airlock/runs/*/receipt.json",
    "customer_vault_2.1.2_package/.airlock/runs/*/journal.jsonl",
    "customer_vault_2.1.2_package/.airlock/runs/*/discarded/.env",
    "customer_vault_2.1.2_package/backups/*.sql.gz",
    "customer_vault_2.1.2_package/prisma/migrations/*/migration.sql",
    "customer_vault_2.1.3_package/.airlock/runs/*/logs/*.log",
)


def type_openly(site: Site, directory: Path, *words: str) -> Ended:
    return site.type(directory, "sh", "-c", 'umask 000; exec "$@"', "sh", *words)


def import_file(site: Site, old: Path, package: Path, *words: str) -> Ended:
    """From the package's own file, so that Airlock unpacks it."""
    file = shutil.copy(package, site.folder)
    return type_openly(site, old, "./airlock", "import", str(file), "--yes", *words)


def test_nothing_that_airlock_makes_can_be_written_by_everyone(site: Site, packages: Packages) -> None:
    old = site.unpack(packages["2.1.1"])
    (old / ".env").write_text(ENV)
    ended = [type_openly(site, old, "./import-package.sh", "--yes")]
    site.seed()
    ended.append(import_file(site, old, packages["2.1.2"]))
    new = site.folder / "customer_vault_2.1.2_package"
    ended.append(import_file(site, new, packages["2.1.3"], "--rehearse", "never"))
    ended.append(type_openly(site, new, "./airlock", "backup"))
    ended.append(type_openly(site, new, "./airlock", "rollback", "--yes"))
    assert [one.code for one in ended] == [0, 0, 6, 0, 0], ended[-1].told
    assert [made for made in MADE if not any(site.folder.glob(made))] == []
    assert [str(path) for path in site.folder.rglob("*") if is_open(path)] == []


def is_open(path: Path) -> bool:
    """Whether everyone may write it; a link has no rights of its own."""
    return not path.is_symlink() and bool(path.lstat().st_mode & stat.S_IWOTH)
