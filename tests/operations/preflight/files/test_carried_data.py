from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path

import pytest

from installer.bundle.manifest.manifest import Database, Manifest
from installer.operations.decisions.make_plan import plan_import
from installer.operations.plan.import_plan import Situation
from installer.operations.preflight.files.carried_data import (
    judge_database_service,
    judge_mounts,
    judge_move,
    judge_targets,
)
from installer.operations.preflight.findings.finding import failed
from installer.site.running.installation import Installation
from installer.system.compose.compose import Compose, ComposeModel, Mount, Service
from tests.bundle.builders import a_manifest


def service(name: str, *mounts: Mount, image: str = "x:1") -> Service:
    return Service(name, image, None, {}, mounts, (), (), False, "no")


def bind(folder: Path, target: str) -> Mount:
    return Mount("bind", str(folder), target, False)


def volume(key: str, target: str) -> Mount:
    return Mount("volume", key, target, False)


def model(*services: Service, **volumes: str) -> ComposeModel:
    return ComposeModel("vault", {one.name: one for one in services}, volumes)


@pytest.fixture
def old(tmp_path: Path) -> Path:
    (tmp_path / "old" / "data").mkdir(parents=True)
    return tmp_path / "old"


@pytest.fixture
def new(tmp_path: Path) -> Path:
    (tmp_path / "new").mkdir()
    return tmp_path / "new"


def manifest() -> Manifest:
    return replace(a_manifest({}), state=("data",), databases=(Database("db", "prisma/migrations"),))


def between(
    old: Path, before: ComposeModel, new: Path, after: ComposeModel
) -> tuple[Situation, Installation]:
    installation = Installation(Compose(old, ("compose.yml",), "vault"), before, (), "2.1.1")
    compose = Compose(new, ("compose.yml",), "vault")
    plan = plan_import(
        manifest(),
        compose,
        after,
        installation,
        volumes=frozenset(),
        references={},
        settings=(),
        state_mode="copy",
        now=datetime(2026, 11, 22, tzinfo=timezone.utc),
    )
    return Situation(manifest(), compose, after, installation, plan), installation


def found(old: Path, before: ComposeModel, new: Path, after: ComposeModel) -> list[tuple[str, str]]:
    return [(one.level, one.title) for one in judge_mounts(*between(old, before, new, after))]


def test_a_carried_folder_arrives(old: Path, new: Path) -> None:
    before = model(service("db", bind(old / "data", "/var/lib/mysql")))
    assert found(old, before, new, model(service("db", bind(new / "data", "/var/lib/mysql")))) == []


def test_the_same_volume_stays_even_under_another_key(old: Path, new: Path) -> None:
    before = model(service("db", volume("data", "/var/lib/mysql")), data="vault_data")
    after = model(service("db", volume("files", "/var/lib/mysql")), files="vault_data")
    assert found(old, before, new, after) == []


OTHER_DATA = [("failed", "db would find different data at /var/lib/mysql.")]


def test_a_volume_that_becomes_a_folder_is_refused(old: Path, new: Path) -> None:
    before = model(service("db", volume("data", "/var/lib/mysql")), data="vault_data")
    assert found(old, before, new, model(service("db", bind(new / "data", "/var/lib/mysql")))) == OTHER_DATA


def test_a_folder_that_becomes_a_volume_is_refused(old: Path, new: Path) -> None:
    before = model(service("db", bind(old / "data", "/var/lib/mysql")))
    after = model(service("db", volume("data", "/var/lib/mysql")), data="vault_data")
    assert found(old, before, new, after) == OTHER_DATA


def test_another_volume_is_refused(old: Path, new: Path) -> None:
    before = model(service("db", volume("data", "/var/lib/mysql")), data="vault_data")
    after = model(service("db", volume("data", "/var/lib/mysql")), data="shop_data")
    assert found(old, before, new, after) == OTHER_DATA


def test_a_folder_that_the_package_does_not_know_as_state_is_refused(old: Path, new: Path) -> None:
    (old / "mail").mkdir()
    before = model(service("db", bind(old / "mail", "/var/lib/mysql")))
    assert found(old, before, new, model(service("db", bind(new / "mail", "/var/lib/mysql")))) == OTHER_DATA


def test_an_empty_folder_is_nothing_that_the_package_brought(old: Path, new: Path) -> None:
    for folder in (old, new):
        (folder / "mail").mkdir()
    before = model(service("db", bind(old / "mail", "/var/lib/mysql")))
    assert found(old, before, new, model(service("db", bind(new / "mail", "/var/lib/mysql")))) == OTHER_DATA


def test_a_folder_inside_a_carried_one_must_have_been_there_before(old: Path, new: Path) -> None:
    (old / "mysql").mkdir()
    (old / "data" / "mysql").mkdir()
    after = model(service("web", bind(new / "data", "/data")), service("db", bind(new / "data/mysql", "/db")))
    beside = model(service("web", bind(old / "data", "/data")), service("db", bind(old / "mysql", "/db")))
    inside = model(
        service("web", bind(old / "data", "/data")), service("db", bind(old / "data/mysql", "/db"))
    )
    assert found(old, inside, new, after) == []
    situation, installation = between(old, beside, new, after)
    outer = replace(situation, plan=replace(situation.plan, state=situation.plan.state[:1]))
    assert [one.title for one in judge_mounts(outer, installation)] == [
        "db would find different data at /db."
    ]


def test_shipped_configuration_comes_from_the_package(old: Path, new: Path) -> None:
    for folder in (old, new):
        (folder / "my.cnf").write_text("[mysqld]\n")
    before = model(service("db", bind(old / "my.cnf", "/etc/my.cnf")))
    assert found(old, before, new, model(service("db", bind(new / "my.cnf", "/etc/my.cnf")))) == []


def test_what_is_no_longer_used_is_named_and_stays(old: Path, new: Path) -> None:
    before = model(service("web", bind(old / "data", "/cache")))
    words = [("warning", "The new release no longer uses what web kept at /cache.")]
    assert found(old, before, new, model(service("web"))) == words


def test_a_renamed_database_service_would_start_empty(old: Path, new: Path) -> None:
    before = model(service("mysql", image="mariadb:10.11"))
    findings = list(judge_database_service("db", *between(old, before, new, model(service("db")))))
    assert [(one.level, one.details) for one in findings] == [
        ("failed", ("Its database is the service mysql.",))
    ]


def test_a_database_without_a_container_cannot_be_backed_up(old: Path, new: Path) -> None:
    findings = list(
        judge_database_service("db", *between(old, model(service("db")), new, model(service("db"))))
    )
    assert [one.hint for one in findings] == [f"Start it in {old}: docker compose up -d db"]


def test_files_of_a_database_that_the_package_does_not_name_are_not_moved(old: Path, new: Path) -> None:
    before = model(service("db", image="mariadb:10.11"))
    situation, installation = between(old, before, new, before)
    assert list(judge_move(situation, installation)) == []
    unnamed = replace(situation, plan=replace(situation.plan, databases=(), state_mode="move"))
    assert list(judge_move(unnamed, installation)) == [
        failed(
            "The data would be moved, but the package names no database to back up.",
            ["This service looks like one: db"],
            hint="Keep the old data as it is: --state copy",
        )
    ]


def test_data_in_the_new_directory_is_never_copied_over(old: Path, new: Path) -> None:
    (new / "data").mkdir()
    (new / "data" / "ibdata1").write_bytes(b"theirs")
    before = model(service("db", bind(old / "data", "/var/lib/mysql")))
    situation, _installation = between(
        old, before, new, model(service("db", bind(new / "data", "/var/lib/mysql")))
    )
    assert [one.details for one in judge_targets(situation)] == [(str(new / "data"),)]
