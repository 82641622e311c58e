"""An engine that does not see the release directory: data copied there would never reach a container."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.vault import Vault, ended, error_of
from tests.testbed.hidden import hidden_from

pytestmark = [pytest.mark.engine, pytest.mark.database]


@pytest.fixture
def release(vault: Vault, tmp_path: Path) -> Iterator[Path]:
    """2.1.2, freshly unpacked beside; the old release is compared before and after."""
    release, before = vault.release(tmp_path), vault.picture()
    yield release
    assert (vault.picture(), vault.site.version()) == (before, "2.1.1")
    shutil.rmtree(release)


def test_a_release_that_the_engine_does_not_see_is_refused(vault: Vault, release: Path) -> None:
    containers = vault.container_ids()
    with hidden_from(vault.site.server, release):
        end = vault.site.import_(release)
    assert (end.code, f"  {release}\n" in error_of(end), vault.container_ids()) == (3, True, containers)
    assert "The Docker engine sees other files at these paths" in error_of(end)


def test_a_new_database_that_starts_empty_is_left_before_anything_is_written(
    vault: Vault, release: Path
) -> None:
    run = vault.start(release, "--rehearse", "never", until="started back-up")
    with hidden_from(vault.site.server, release, holding=["data/mariadb"]):  # where no file will arrive
        end = ended(run)
    assert (end.code, error_of(end)) == (
        6,
        "Error: The import failed. Everything is back as it was before.\n"
        "  The new release's database is not the one that was backed up.\n"
        "→ No action needed: the old release is running."
        " Fix the cause (see the log), then run the import again.\n",
    )
    assert "  missing: table users\n" in end.told
    assert "Applying migration" not in end.told
