"""An upgrade whose migration changes values without an error: told in numbers, done only when accepted."""

import shutil
from pathlib import Path

import pytest

from tests.journeys.packages import Packages
from tests.journeys.site import Site

pytestmark = [pytest.mark.engine, pytest.mark.database, pytest.mark.long]
CUT = "ALTER TABLE `users` MODIFY `createdAt` DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP;\n"
FRACTIONS = "SELECT COUNT(*) FROM users WHERE MICROSECOND(createdAt) <> 0"


@pytest.fixture
def cutting(packages: Packages, tmp_path: Path) -> Path:
    """The package of a 2.1.2 that also cuts off the fractions of seconds."""
    tree = tmp_path / "source" / "customer-vault"
    shutil.copytree(packages.source("2.1.2"), tree)
    migration = tree / "backend/prisma/migrations/20260120000000_cut_times/migration.sql"
    migration.parent.mkdir()
    migration.write_text(CUT)
    packages.export("2.1.2", tree, tmp_path)
    return tmp_path / "customer_vault_2.1.2_package.tar.gz"


def test_values_change_only_when_that_was_accepted(site: Site, old_release: Path, cutting: Path) -> None:
    site.sql("UPDATE users SET createdAt = '2026-01-01 10:00:00.25' WHERE id <= 2")
    count = site.sql(FRACTIONS).strip()
    release = site.unpack(cutting)
    told = (
        f"{count} rows of `users` change their value in `createdAt` without an error: DATETIME(3) → DATETIME"
    )

    refused = site.import_(release)
    assert refused.code == 3, refused.told
    assert f"Warning: {told}" in refused.told
    assert "SELECT * FROM `users` WHERE MICROSECOND(`createdAt`) % 1000000 <> 0\n" in refused.told
    assert (
        "Error: The migrations may change data without an error, which --yes does not accept.\n"
        in refused.told
    )
    assert "run the command again with: --accept-changed-values\n" in refused.told

    unrehearsed = site.import_(release, "--rehearse", "never")
    assert unrehearsed.code == 3, unrehearsed.told
    assert (
        "Migration `20260120000000_cut_times` may change values or delete rows without an error"
        in unrehearsed.told
    )
    assert site.version() == "2.1.1"

    accepted = site.import_(release, "--accept-changed-values")
    assert accepted.code == 0, accepted.told
    assert (site.version(), site.sql(FRACTIONS).strip()) == ("2.1.2", "0")
