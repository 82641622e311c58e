from dataclasses import replace
from pathlib import Path

from installer.database.records.migration_status import MigrationStatus
from installer.operations.preflight.database.database_check import (
    judge_history,
    judge_place_of_new,
    judge_provider,
    not_running,
)
from installer.operations.preflight.findings.finding import failed, ok, warning
from installer.postgresql.engine import POSTGRESQL
from installer.system.compose.model import Service
from installer.system.compose.service_urls import ServiceUrl
from installer.system.secret import Secret


def test_a_database_that_can_be_reached_tells_what_is_pending() -> None:
    assert list(judge_history(MigrationStatus(applied=("a",), pending=("b", "c")))) == [
        ok("Database reachable; 2 migrations are pending")
    ]


def test_migrations_out_of_order_are_a_warning() -> None:
    assert list(judge_history(MigrationStatus(pending=("a",), out_of_order=("a\n",)))) == [
        ok("Database reachable; 1 migration is pending"),
        warning(
            "Pending migrations are older than one that is already applied.",
            ["a\\n"],
            hint="Check that they do not depend on each other.",
        ),
    ]


def test_migrations_for_another_kind_of_server_fail_and_those_without_a_lock_file_do_not(
    tmp_path: Path,
) -> None:
    assert list(judge_provider(tmp_path, "postgresql", "db")) == []
    (tmp_path / "migration_lock.toml").write_text('provider = "mysql"')
    assert list(judge_provider(tmp_path, "mariadb", "db")) == []
    assert list(judge_provider(tmp_path, "postgresql", "db")) == [
        failed(
            "The migrations of the database db are for another kind of server (Prisma P3019).",
            [f'{tmp_path}/migration_lock.toml: provider = "mysql"', "db: postgresql"],
            hint="Ask the vendor for a package with the migrations of this database.",
        )
    ]


def test_a_new_database_that_services_look_for_in_several_places_fails() -> None:
    urls = tuple(
        ServiceUrl(name, "DATABASE_URL", Secret(f"postgres://u:p@db/{name}")) for name in ("orders", "users")
    )
    unclear = Service("db", "postgres:17", None, {}, (), (), (), False, "no", urls=urls)
    named = replace(unclear, environment={"POSTGRES_DB": Secret("users")})
    in_file = replace(unclear, environment={"POSTGRES_DB_FILE": Secret("/run/secrets/db")})
    assert [list(judge_place_of_new(POSTGRESQL, one)) for one in (named, in_file)] == [[], []]
    (found,) = judge_place_of_new(POSTGRESQL, unclear)
    assert (found.title, found.details) == (
        "Services use several databases of db.",
        ("orders: DATABASE_URL: orders, schema public", "users: DATABASE_URL: users, schema public"),
    )


def test_a_stopped_database_fails() -> None:
    assert not_running("vault-db", "exited") == failed(
        "The database's container vault-db is not running, so it cannot be backed up.",
        hint="Start it: docker start vault-db",
    )
