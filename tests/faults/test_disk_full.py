"""A disk that fills up in the middle, after the preflight has found room on it."""

import shutil
import time
from pathlib import Path

import pytest

from tests.faults.vault import (
    PATIENCE_SECONDS,
    Vault,
    ended,
    error_of,
    resize,
    small_filesystem,
)

pytestmark = [pytest.mark.engine, pytest.mark.database]

MIB = 1024**2


@pytest.mark.long
def test_a_disk_that_fills_up_while_the_database_is_dumped(
    vault: Vault, ballast: None, tmp_path: Path
) -> None:
    before, containers = vault.picture(), vault.container_ids()
    release = vault.release(tmp_path)
    with small_filesystem(release / "backups", 800 * MIB) as backups:
        run = vault.start(release, until="started back-up")
        wait_for_dump(backups)
        resize(backups, free_bytes=MIB)
        end = ended(run)
        left = list(backups.iterdir())
    assert (end.code, error_of(end)) == (
        6,
        "Error: The import failed. Everything is back as it was before.\n"
        "  The backup failed; no file was kept.\n"
        "→ No action needed: the old release is running."
        " Fix the cause (see the log), then run the import again.\n",
    )
    assert "[Errno 28] No space left on device" in end.told
    assert left == []
    assert (vault.picture(), vault.container_ids()) == (before, containers)
    shutil.rmtree(release)


@pytest.mark.parametrize("free_bytes", [pytest.param(20 * MIB, marks=pytest.mark.long), 0])
def test_a_disk_that_fills_up_while_the_data_is_copied(vault: Vault, tmp_path: Path, free_bytes: int) -> None:
    before = vault.picture()
    with small_filesystem(tmp_path / "small", 1200 * MIB) as small:
        release = small / "release"
        shutil.copytree(vault.package, release)
        shipped = sorted(path.name for path in release.iterdir())
        run = vault.start(release, until="started carry-over")
        resize(small, free_bytes=free_bytes)
        end = ended(run)
        left = sorted(path.name for path in release.iterdir())
    full = {release / "data", release} if free_bytes else {release}
    assert (end.code, error_of(end)) in [
        (
            6,
            "Error: The import failed. Everything is back as it was before.\n"
            f"  The disk of {place} is full.\n"
            "→ No action needed: the old release is running."
            " Fix the cause (see the log), then run the import again.\n",
        )
        for place in full
    ], end.told
    assert left == sorted([*shipped, ".airlock", "backups"])
    assert vault.picture() == before


def wait_for_dump(backups: Path) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not any(path.stat().st_size for path in backups.glob(".*.part")):
        assert time.monotonic() < deadline
        time.sleep(0.01)
