from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path

import pytest

from installer.bundle.manifest.manifest import Database
from installer.operations.decisions.shared_data import shared_places
from installer.operations.plan.import_plan import (
    CarriedState,
    ImportPlan,
    PlannedDatabase,
    Previous,
    Situation,
    StateMode,
)
from installer.system.compose.compose import Compose, ComposeModel, Mount, Service
from tests.bundle.builders import a_manifest

OLD = Previous(Path("/srv/old"), (), None, "2.1.1", (), (), ())


def situation(release: Path, mode: StateMode, *mounts: Mount, previous: Previous | None = OLD) -> Situation:
    """An upgrade whose services db and web both have `mounts`."""
    state = (
        CarriedState(OLD.directory / "data", release / "data", databases=("db",), is_copied=True),
        CarriedState(OLD.directory / "uploads", release / "uploads", databases=(), is_copied=mode == "copy"),
    )
    plan = ImportPlan(
        started_at=datetime(2026, 11, 22, tzinfo=timezone.utc),
        release=release,
        version="2.1.2",
        project="vault",
        previous=previous,
        settings=(),
        state_mode=mode,
        state=state,
        created_paths=(),
        created_volumes=("vault_new",),
        emptied_paths=(),
        references_before=(),
        databases=(PlannedDatabase("db"),),
    )
    services = {name: Service(name, "x:1", None, {}, mounts, (), (), False, "no") for name in ("db", "web")}
    volumes = {"files": "vault_files", "new": "vault_new"}
    manifest = replace(a_manifest({}), databases=(Database("db", "prisma/migrations"),))
    return Situation(manifest, Compose(release, ()), ComposeModel("vault", services, volumes), None, plan)


@pytest.mark.parametrize(("mode", "places"), [("copy", ()), ("move", ("uploads",))])
def test_moved_folders_last_but_the_database_is_restored(tmp_path: Path, mode, places) -> None:
    assert shared_places(situation(tmp_path, mode)) == places


def test_volumes_that_the_old_release_goes_on_with_last(tmp_path: Path) -> None:
    mounts = (
        Mount("volume", "files", "/files", False),
        Mount("volume", "new", "/new", False),
        Mount("volume", "", "/anonymous", False),
    )
    assert shared_places(situation(tmp_path, "copy", *mounts)) == ("vault_files",)


def test_folders_elsewhere_last_unless_they_are_only_read(tmp_path: Path) -> None:
    for name in ("shared", "templates", "release"):
        (tmp_path / name).mkdir()
    mounts = (
        Mount("bind", str(tmp_path / "shared"), "/shared", False),
        Mount("bind", str(tmp_path / "templates"), "/templates", True),
        Mount("bind", str(tmp_path / "release"), "/own", False),
    )
    assert shared_places(situation(tmp_path / "release", "copy", *mounts)) == (f"{tmp_path}/shared",)


def test_a_database_in_a_volume_has_its_backup(tmp_path: Path) -> None:
    found = situation(tmp_path, "copy", Mount("volume", "files", "/var/lib/mysql", False))
    services = {"db": found.model.services["db"]}
    assert shared_places(replace(found, model=replace(found.model, services=services))) == ()


def test_a_fresh_installation_has_nothing_to_go_back_to(tmp_path: Path) -> None:
    mount = Mount("volume", "files", "/files", False)
    assert shared_places(situation(tmp_path, "copy", mount, previous=None)) == ()
