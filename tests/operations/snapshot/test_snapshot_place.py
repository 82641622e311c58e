"""Where a copy of the database's files can be, by a real engine's volumes and real folders."""

import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from installer.database.values.old_database import OldDatabase
from installer.operations.plan.import_plan import CarriedState, ImportPlan, Snapshot
from installer.operations.snapshot.snapshot_place import Impossible, Possible, place_for_snapshot
from installer.system.compose.compose import Mount, Service
from installer.system.docker.docker import Engine
from installer.system.process.process import output_of
from tests.operations.decisions.test_shared_data import situation
from tests.operations.preflight.containers import a_container

pytestmark = pytest.mark.engine
STAMP = "20261122_000000"


@pytest.fixture
def volume(engine: Engine) -> Iterator[str]:
    """A volume with a server's files."""
    name = f"f-{uuid.uuid4().hex[:8]}"
    folder = engine.create_volume(name, {}).folder
    (folder / "mysql").mkdir()
    yield name
    engine.remove_volume(name)


def database(mount: Mount | None) -> OldDatabase:
    """One whose server does not run and so is not asked."""
    service = Service("db", "mariadb:10.11", None, {}, (), (), (), False, "no")
    container = replace(a_container("db", state="exited"), mounts=(mount,) if mount else ())
    return OldDatabase(service, container, "prisma/migrations")


def volume_mount(name: str) -> Mount:
    return Mount("volume", name, "/var/lib/mysql", False)


def bind_mount(folder: Path) -> Mount:
    return Mount("bind", str(folder), "/var/lib/mysql", False)


def plan(release: Path) -> ImportPlan:
    return replace(situation(release, "move").plan, state=())


def with_snapshot(plan: ImportPlan, snapshot: Snapshot) -> ImportPlan:
    return replace(plan, databases=(replace(plan.databases[0], snapshot=snapshot),))


def test_a_volumes_files_are_copied_into_a_volume_beside_it(
    engine: Engine, volume: str, tmp_path: Path
) -> None:
    live = engine.volume(volume).folder
    name = f"{volume}_airlock_{STAMP}"
    holder = live.parent.parent / name / "_data"
    found = place_for_snapshot(plan(tmp_path), database(volume_mount(volume)), engine)
    assert found == Possible(live, holder, with_snapshot(plan(tmp_path), Snapshot(live, holder, name)))
    assert engine.volume(name) is None


def test_a_folder_that_both_releases_use_is_copied_into_one_beside_it(engine: Engine, tmp_path: Path) -> None:
    live, holder = tmp_path / "srv" / "db", tmp_path / "srv" / f".db.airlock_{STAMP}"
    (live / "mysql").mkdir(parents=True)
    found = place_for_snapshot(plan(tmp_path), database(bind_mount(live)), engine)
    assert found == Possible(live, holder, with_snapshot(plan(tmp_path), Snapshot(live, holder, None)))


def test_of_what_would_be_moved_the_database_alone_is_copied(engine: Engine, tmp_path: Path) -> None:
    data = CarriedState(tmp_path / "old" / "data", tmp_path / "data", databases=("db",), is_copied=False)
    uploads = CarriedState(tmp_path / "old" / "u", tmp_path / "u", databases=(), is_copied=False)
    moved = replace(plan(tmp_path), state=(data, uploads))
    found = place_for_snapshot(moved, database(bind_mount(data.source)), engine)
    copied = replace(moved, state=(replace(data, is_copied=True), uploads))
    assert found == Possible(data.source, data.target, copied)
    assert copied.keeps_old_files(copied.databases[0])


def test_a_volume_that_is_mounted_from_elsewhere_is_out_of_reach(engine: Engine, tmp_path: Path) -> None:
    name = f"f-{uuid.uuid4().hex[:8]}"
    output_of(("docker", "volume", "create", "--opt", "type=tmpfs", "--opt", "device=tmpfs", name))
    found = place_for_snapshot(plan(tmp_path), database(volume_mount(name)), engine)
    engine.remove_volume(name)
    assert found == Impossible(f"volume {name} is not an accessible folder")


def test_a_folder_that_holds_no_servers_files_is_not_taken_for_the_data(
    engine: Engine, tmp_path: Path
) -> None:
    """A remote engine's folder may have the same name here."""
    found = place_for_snapshot(plan(tmp_path), database(bind_mount(tmp_path)), engine)
    assert found == Impossible(f"folder {tmp_path} is not accessible")


def test_files_inside_the_container_are_out_of_reach(engine: Engine, tmp_path: Path) -> None:
    found = place_for_snapshot(plan(tmp_path), database(None), engine)
    assert found == Impossible("its files are inside the container")
