from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path

import pytest

from installer.bundle.layout import MANIFEST
from installer.bundle.manifest.manifest import Database, Manifest
from installer.bundle.manifest.manifest_file import dump_manifest
from installer.operations.decisions.make_plan import plan_import
from installer.operations.plan.import_plan import Situation
from installer.operations.preflight.files.leftovers import (
    full_database_folders,
    judge_folders,
    judge_neighbours,
    judge_volumes,
    neighbours_with_data,
    volumes_in_use,
)
from installer.operations.preflight.findings.finding import failed
from installer.system.compose.compose import Compose, ComposeModel, Mount, Service
from tests.bundle.builders import a_manifest

COMPOSE = "services:\n  db:\n    container_name: vault-db\n"


def manifest() -> Manifest:
    return replace(
        a_manifest({}),
        state=("data/mariadb",),
        databases=(Database("db", "prisma/migrations"),),
        compose_files=("docker-compose.yml",),
    )


@pytest.fixture
def release(tmp_path: Path) -> Path:
    (tmp_path / "vault_2.1.2_package").mkdir()
    (tmp_path / "vault_2.1.2_package" / "docker-compose.yml").write_text(COMPOSE)
    return tmp_path / "vault_2.1.2_package"


def fresh(release: Path, *volumes: str, external: frozenset[str] = frozenset()) -> Situation:
    """A host without an installation, whose engine has `volumes`."""
    data = Mount("bind", str(release / "data/mariadb"), "/var/lib/mysql", False)
    database = Service("db", "mariadb:10.11", None, {}, (data,), (), (), False, "no")
    names = {"files": "vault_files", "cache": "vault_cache"}
    compose, model = Compose(release, (), "vault"), ComposeModel("vault", {"db": database}, names, external)
    plan = plan_import(
        manifest(),
        compose,
        model,
        None,
        volumes=frozenset(volumes),
        references={},
        settings=(),
        state_mode="copy",
        now=datetime(2026, 11, 22, tzinfo=timezone.utc),
    )
    return Situation(manifest(), compose, model, None, plan)


def old_directory(beside: Path) -> Path:
    (beside.parent / "vault" / "data" / "mariadb").mkdir(parents=True)
    (beside.parent / "vault" / "data" / "mariadb" / "ibdata1").write_bytes(b"rows")
    return beside.parent / "vault"


def test_volumes_of_a_release_that_was_taken_down_are_found(release: Path) -> None:
    assert volumes_in_use(fresh(release, "vault_files", "shop_files")) == ("vault_files",)
    assert volumes_in_use(fresh(release)) == ()


def test_an_external_volume_is_there_on_purpose(release: Path) -> None:
    assert volumes_in_use(fresh(release, "vault_files", external=frozenset({"vault_files"}))) == ()


def test_database_files_in_the_new_directory_are_found(release: Path) -> None:
    assert full_database_folders(fresh(release)) == ()
    (release / "data" / "mariadb").mkdir(parents=True)
    assert full_database_folders(fresh(release)) == ()
    (release / "data" / "mariadb" / "ibdata1").write_bytes(b"rows")
    assert full_database_folders(fresh(release)) == (release / "data/mariadb",)


def test_a_directory_beside_it_is_known_by_its_manifest(release: Path) -> None:
    old = old_directory(release)
    assert neighbours_with_data(fresh(release)) == ()
    (old / MANIFEST).write_bytes(dump_manifest(a_manifest()))
    assert neighbours_with_data(fresh(release)) == (old,)


def test_a_directory_beside_it_is_known_by_the_names_of_its_containers(release: Path) -> None:
    old = old_directory(release)
    (old / "compose.yaml").write_text("services: {db: {container_name: 'shop-db'}}\n")
    assert neighbours_with_data(fresh(release)) == ()
    (old / "compose.yaml").write_text(COMPOSE)
    assert neighbours_with_data(fresh(release)) == (old,)


def test_a_directory_without_data_does_not_stand_against_it(release: Path) -> None:
    (old_directory(release) / "data" / "mariadb" / "ibdata1").unlink()
    (release.parent / "vault" / "compose.yaml").write_text(COMPOSE)
    assert neighbours_with_data(fresh(release)) == ()


def test_what_was_left_stands_against_a_fresh_installation() -> None:
    assert [
        *judge_volumes(["a", "b"]),
        *judge_folders([Path("/new")]),
        *judge_neighbours([Path("/old")]),
    ] == [
        failed(
            "Volumes of this application exist, but none of its containers.",
            ["a", "b"],
            hint="Start the old release in its directory: docker compose up -d. "
            "Only if the data is not needed, DELETE it: docker volume rm a b",
        ),
        failed(
            "The folder of the new database is not empty, and no running installation was found.",
            ["/new"],
            hint="Move the folder elsewhere. To upgrade an old release, start it first: docker compose up -d",
        ),
        failed(
            "Data of this application exists, but none of its containers: the application would start empty.",
            ["/old"],
            hint="Start the old release: cd /old && docker compose up -d. "
            "Only if its data is not needed, move the directory elsewhere.",
        ),
    ]


def test_a_host_where_nothing_was_left_passes() -> None:
    assert [*judge_volumes([]), *judge_folders([]), *judge_neighbours([])] == []
