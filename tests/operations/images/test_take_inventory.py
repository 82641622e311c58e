"""What a real site says about itself for a package of only what it lacks."""

import hashlib
from datetime import datetime, timezone
from pathlib import Path

import pytest

from installer.bundle.images.chains import chain_ids
from installer.bundle.manifest.inventory import Installed
from installer.operations.images.take_inventory import take_inventory
from installer.site.release_record import ReleaseRecord, record_release
from installer.system.docker.docker import Engine
from tests.bundle.builders import a_package_directory

pytestmark = pytest.mark.engine

NOW = datetime(2026, 11, 22, 9, 15, tzinfo=timezone.utc)
RECORD = ReleaseRecord("customer_vault", "2.1.2", "customer-vault", "2026-11-22", "run", None, None)


def test_it_has_the_chains_of_every_image_and_the_release_in_operation(
    engine: Engine, tmp_path: Path
) -> None:
    release = a_package_directory(tmp_path)
    record_release(release, RECORD)
    taken = take_inventory(engine, release, NOW)
    manifest = hashlib.sha256((release / "manifest.json").read_bytes()).hexdigest()
    assert (taken.written_at, taken.installed) == (
        "2026-11-22T09:15:00Z",
        Installed("customer_vault", "2.1.2", manifest),
    )
    assert (taken.platform, taken.engine) == (engine.version().platform, engine.version().version)
    busybox = engine.image("busybox:1")
    assert busybox and set(chain_ids(busybox.diff_ids)) <= set(taken.chains)


def test_a_release_that_was_never_taken_into_operation_is_not_named(engine: Engine, tmp_path: Path) -> None:
    assert take_inventory(engine, a_package_directory(tmp_path), NOW).installed is None
