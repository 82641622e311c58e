import hashlib
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path

import pytest

from installer.bundle.manifest.manifest import Database, Manifest
from installer.operations.decisions.make_plan import plan_import
from installer.operations.plan.import_plan import CarriedState, ImportPlan, Previous
from installer.site.directory_mark import DirectoryMark
from installer.site.running.installation import Installation
from installer.system.compose.compose import Compose, ComposeModel, Mount, Service
from installer.system.docker.docker import Container
from tests.bundle.builders import a_manifest

NOW = datetime(2026, 11, 22, 2, 3, 4, tzinfo=timezone.utc)


def manifest(*state: str) -> Manifest:
    return replace(a_manifest({}), state=state, databases=(Database("db", "prisma/migrations"),))


def model(directory: Path, **mounts: str) -> ComposeModel:
    """Services with one bind mount each, `service=folder:target`."""
    services = {}
    for name, mount in mounts.items():
        folder, target = mount.split(":")
        binds = (Mount("bind", str(directory / folder), target, False),)
        services[name] = Service(name, f"{name}:1", None, {}, binds, (), (), False, "no")
    return ComposeModel("vault", services, {})


def container(service: str, *, state: str = "running", health: str | None = None) -> Container:
    return Container(
        id=f"id-{service}",
        name=f"vault-{service}",
        image_id=f"sha256:{service}",
        image=f"{service}:1",
        project="vault",
        service=service,
        created_at=datetime(2026, 1, 5, tzinfo=timezone.utc),
        working_dir=None,
        config_files=(),
        env_files=(),
        config_hash=None,
        compose_version=None,
        is_one_off=False,
        state=state,
        health=health,
        exit_code=0,
        restart_count=0,
        addresses=(),
        ports=(),
        mounts=(),
        environment={},
    )


@pytest.fixture
def old(tmp_path: Path) -> Path:
    for folder in ("mysql", "uploads"):
        (tmp_path / "vault" / folder).mkdir(parents=True)
    return tmp_path / "vault"


@pytest.fixture
def new(tmp_path: Path) -> Path:
    (tmp_path / "vault_2.1.2_package").mkdir()
    return tmp_path / "vault_2.1.2_package"


def planned(new: Path, after: ComposeModel, installation: Installation | None, *state: str) -> ImportPlan:
    return plan_import(
        manifest(*state),
        Compose(new, ("docker-compose.yml",), "vault"),
        after,
        installation,
        volumes=frozenset({"vault_cache"}),
        references={"db:1": "sha256:db"},
        settings=(".env",),
        state_mode="copy",
        now=NOW,
    )


def installed(old: Path, before: ComposeModel, *containers: Container) -> Installation:
    return Installation(Compose(old, ("compose.yml",), "vault"), before, containers, "2.1.1")


def test_state_is_carried_by_its_place_in_the_container_not_by_its_folders_name(old: Path, new: Path) -> None:
    before = model(old, db="mysql:/var/lib/mysql", web="uploads:/uploads")
    after = model(new, db="data/mariadb:/var/lib/mysql", web="uploads:/uploads")
    plan = planned(new, after, installed(old, before), "data/mariadb", "uploads")
    assert plan.state == (
        CarriedState(old / "mysql", new / "data/mariadb", databases=("db",), is_copied=True),
        CarriedState(old / "uploads", new / "uploads", databases=(), is_copied=True),
    )
    assert plan.keeps_old_files(plan.databases[0])


def test_a_folder_for_the_databases_logs_does_not_hold_its_data(old: Path, new: Path) -> None:
    (old / "logs").mkdir()
    before, after = model(old, db="logs:/var/log/mysql"), model(new, db="logs:/var/log/mysql")
    plan = planned(new, after, installed(old, before), "logs")
    assert plan.state == (CarriedState(old / "logs", new / "logs", databases=(), is_copied=True),)
    assert not plan.keeps_old_files(plan.databases[0])


def test_shipped_configuration_is_not_state_and_stays_the_packages_own(old: Path, new: Path) -> None:
    (old / "proxy").mkdir()
    before = model(old, web="proxy:/etc/nginx")
    after = model(new, web="proxy:/etc/nginx")
    assert planned(new, after, installed(old, before), "uploads").state == ()


def test_a_folder_outside_the_release_directory_stays_where_it_is(old: Path, new: Path) -> None:
    before, after = model(old, web="/srv/shared:/uploads"), model(new, web="/srv/shared:/uploads")
    assert planned(new, after, installed(old, before), "uploads").state == ()


def test_a_fresh_site_carries_nothing_and_knows_what_it_will_create(new: Path) -> None:
    after = replace(
        model(new, db="data/mariadb:/var/lib/mysql", web="uploads:/uploads"),
        volumes={"cache": "vault_cache", "queue": "vault_queue"},
    )
    plan = planned(new, after, None, "data/mariadb", "uploads")
    assert (plan.previous, plan.state) == (None, ())
    assert plan.created_paths == (new / "data", new / "uploads")
    assert plan.created_volumes == ("vault_queue",)


def test_the_way_back_knows_what_ran_and_with_which_images(old: Path, new: Path) -> None:
    before = model(old, db="mysql:/var/lib/mysql", web="uploads:/uploads")
    shell = replace(container("web"), image_id="sha256:shell", is_one_off=True)
    containers = (
        container("db", health="healthy"),
        container("ill", health="unhealthy"),
        container("job", state="exited"),
        container("web"),
        replace(container("web", state="exited"), image_id="sha256:forgotten"),
        shell,
    )
    (old / "compose.yml").write_bytes(b"services: {}")
    plan = planned(new, before, installed(old, before, *containers))
    assert plan.previous == Previous(
        directory=old,
        files=("compose.yml",),
        env_file=None,
        version="2.1.1",
        running_services=("db", "ill", "web"),
        healthy_services=("db", "web"),
        images=(
            ("db:1", "sha256:db"),
            ("ill:1", "sha256:ill"),
            ("job:1", "sha256:job"),
            ("web:1", "sha256:web"),
        ),
        mark=DirectoryMark(
            old.stat().st_ino, (("compose.yml", hashlib.sha256(b"services: {}").hexdigest()),)
        ),
        trouble=(("ill", "unhealthy"),),
        ended_services=("job",),
    )
    assert plan.references_before == (("db:1", "sha256:db"),)


def test_folders_that_the_package_ships_empty_are_known_to_have_been_so(new: Path) -> None:
    (new / "cache").mkdir()
    (new / "config").mkdir()
    (new / "config" / "vault.conf").write_text("mode = quiet\n")
    plan = planned(new, model(new, web="cache:/cache", proxy="config:/etc/vault"), None)
    assert (plan.emptied_paths, plan.created_paths) == ((new / "cache",), ())


def test_a_database_in_a_named_volume_is_not_left_untouched(old: Path, new: Path) -> None:
    before = model(old, web="uploads:/uploads")
    plan = planned(new, model(new, web="uploads:/uploads"), installed(old, before), "uploads")
    assert not plan.keeps_old_files(plan.databases[0])


def test_run_and_backup_bear_the_time_at_which_the_import_was_planned(new: Path) -> None:
    plan = planned(new, model(new), None)
    assert plan.run_name == "20261122-020304-import"
    name = "backup_before_migration_20261122_020304.sql.gz"
    assert plan.backup_path(plan.databases[0]) == new / "backups" / name


def test_a_folder_inside_another_comes_along_with_it(old: Path, new: Path) -> None:
    (old / "data" / "mariadb").mkdir(parents=True)
    before = model(old, admin="data:/data", db="data/mariadb:/var/lib/mysql")
    after = model(new, admin="data:/data", db="data/mariadb:/var/lib/mysql")
    plan = planned(new, after, installed(old, before), "data")
    assert plan.state == (CarriedState(old / "data", new / "data", databases=("db",), is_copied=True),)
    assert plan.created_paths == ()
    (new / "data").mkdir()
    again = planned(new, after, installed(old, before), "data")
    assert (again.created_paths, again.emptied_paths) == ((), ())


def test_a_folder_that_others_mount_too_is_the_databases_all_the_same(old: Path, new: Path) -> None:
    before = model(old, admin="mysql:/backup/source", db="mysql:/var/lib/mysql")
    after = model(new, admin="mysql:/backup/source", db="mysql:/var/lib/mysql")
    plan = planned(new, after, installed(old, before), "mysql")
    assert plan.state == (CarriedState(old / "mysql", new / "mysql", databases=("db",), is_copied=True),)


def test_what_a_link_leads_to_is_carried_not_the_link(old: Path, new: Path, tmp_path: Path) -> None:
    (tmp_path / "big").mkdir()
    (old / "linked").symlink_to(tmp_path / "big")
    before, after = model(old, db="linked:/var/lib/mysql"), model(new, db="linked:/var/lib/mysql")
    plan = planned(new, after, installed(old, before), "linked")
    assert plan.state == (CarriedState(tmp_path / "big", new / "linked", databases=("db",), is_copied=True),)


def test_a_place_gets_one_folder_only(old: Path, new: Path) -> None:
    before = model(old, web="mysql:/a", worker="uploads:/a")
    after = model(new, web="shared:/a", worker="shared:/a")
    plan = planned(new, after, installed(old, before), "shared")
    assert plan.state == (CarriedState(old / "mysql", new / "shared", databases=(), is_copied=True),)


def test_a_file_that_a_service_mounts_is_data_and_not_a_setting(old: Path, new: Path) -> None:
    for directory in (old, new):
        (directory / "tls.key").write_text("key")
    before, after = model(old, proxy="tls.key:/etc/tls.key"), model(new, proxy="tls.key:/etc/tls.key")
    installation = installed(old, before)
    plan = plan_import(
        manifest("tls.key"),
        Compose(new, (), "vault"),
        after,
        installation,
        volumes=frozenset(),
        references={},
        settings=(".env", "tls.key"),
        state_mode="copy",
        now=NOW,
    )
    assert plan.state == (CarriedState(old / "tls.key", new / "tls.key", databases=(), is_copied=True),)
    assert plan.settings == (".env",)


def test_a_mounted_env_is_a_setting_all_the_same(old: Path, new: Path) -> None:
    (old / ".env").write_text("A=1\n")
    before, after = model(old, web=".env:/app/.env"), model(new, web=".env:/app/.env")
    assert planned(new, after, installed(old, before), ".env").state == ()


def test_a_link_that_dangles_is_not_what_the_release_creates(new: Path, tmp_path: Path) -> None:
    (new / "uploads").symlink_to(tmp_path / "not mounted")
    plan = planned(new, model(new, web="uploads:/uploads", db="uploads/db:/var/lib/mysql"), None)
    assert (plan.created_paths, plan.emptied_paths) == ((), ())


def test_an_empty_folder_behind_a_link_is_known_by_its_own_path(new: Path, tmp_path: Path) -> None:
    (tmp_path / "big").mkdir()
    (new / "uploads").symlink_to(tmp_path / "big")
    assert planned(new, model(new, web="uploads:/uploads"), None).emptied_paths == (tmp_path / "big",)
