"""A release with two databases: they go forward or come back together, on a real engine."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from installer.bundle.manifest.manifest import Database, MigrationEntry
from installer.errors import FailedAndRestored
from installer.system.process.process import output_of
from testbed.images import RECIPES
from testbed.images.recipe import image_archive
from tests.bundle.builders import sha256
from tests.operations.small_site import BUSYBOX, SmallSite, site

__all__ = ["site"]
pytestmark = [pytest.mark.engine, pytest.mark.database]
ROOT = Path(__file__).parents[3]
MARIADB = "mariadb:10.11"
HEALTH_SECONDS = 180.0
POSTGRESQL = "postgres:17"
WEB = """
services:
  web: {image: "busybox:1", command: sleep 9999, init: true}
"""
ON_MARIADB = """
  %s:
    image: mariadb:10.11
    environment: {MARIADB_ROOT_PASSWORD: secret, MARIADB_DATABASE: app}
    volumes: ["%s:/var/lib/mysql"]
    healthcheck:
      test: ["CMD", "healthcheck.sh", "--connect", "--innodb_initialized"]
      interval: 1s
      retries: 90
"""
ON_POSTGRESQL = """
  %s:
    image: postgres:17
    environment: {POSTGRES_PASSWORD: secret, POSTGRES_DB: app}
    volumes: ["%s:/var/lib/postgresql/data"]
    healthcheck: {test: ["CMD", "pg_isready", "-h", "127.0.0.1"], interval: 1s, retries: 90}
"""
KINDS = ((), ("orders-db",), ("users-db",), ("users-db", "orders-db"))  # the services on PostgreSQL
PLACES = {"users-db": "./data/users", "orders-db": "orders"}
ASK_MARIADB = ("mariadb", "-uroot", "-psecret", "-N", "app", "-e")
ASK_POSTGRESQL = ("psql", "-U", "postgres", "-d", "app", "-A", "-t", "-F", "\t", "-c")
SCRIPTS = {
    "users-db": {
        "1_init": "CREATE TABLE users (id INT, name VARCHAR(9)); INSERT INTO users VALUES (1, 'kim');",
        "2_mail": "ALTER TABLE users ADD mail VARCHAR(9) NOT NULL DEFAULT 'none';",
        "3_drop": "ALTER TABLE users DROP COLUMN name;",
    },
    "orders-db": {
        "1_init": "CREATE TABLE orders (id INT, item INT); INSERT INTO orders VALUES (1, 7), (2, 7);",
        "2_note": "UPDATE orders SET item = item + 1;",
        "3_once": "BEGIN; UPDATE orders SET item = 9; COMMIT; ALTER TABLE orders ADD UNIQUE (item);",
    },
}
FIRST = {"users-db": ["1\tkim"], "orders-db": ["1\t7", "2\t7"]}
SECOND = {"users-db": ["1\tkim\tnone"], "orders-db": ["1\t8", "2\t8"]}


def in_time(on_postgresql: tuple[str, ...]) -> object:
    """One database of each engine is enough where time is short."""
    is_mixed = on_postgresql == ("orders-db",)
    return on_postgresql if is_mixed else pytest.param(on_postgresql, marks=pytest.mark.long)


@dataclass(frozen=True)
class TwoDatabases:
    """A site whose releases have two databases; those of the services `on_postgresql` run PostgreSQL."""

    site: SmallSite
    on_postgresql: frozenset[str]

    def release(self, version: str, last: int) -> Path:
        """A package with the first migrations of each database."""
        files, databases, compose = {}, [], WEB
        for service, scripts in SCRIPTS.items():
            is_postgresql = service in self.on_postgresql
            compose += (ON_POSTGRESQL if is_postgresql else ON_MARIADB) % (service, PLACES[service])
            folder = f"prisma/{service}/migrations"
            known = {name: text.encode() for name, text in scripts.items() if int(name[0]) <= last}
            lock = b'provider = "postgresql"' if is_postgresql else b'provider = "mysql"'
            files |= {f"{folder}/{name}/migration.sql": text for name, text in known.items()}
            files[f"{folder}/migration_lock.toml"] = lock
            entries = tuple(MigrationEntry(name, sha256(text)) for name, text in known.items())
            engine = "postgresql" if is_postgresql else "mariadb"
            databases.append(Database(service, folder, entries, engine))
        images = (BUSYBOX, *([MARIADB] if len(self.on_postgresql) < 2 else []))
        images += (POSTGRESQL,) if self.on_postgresql else ()
        return self.site.release(
            version,
            f"{compose}volumes: {{orders: }}\n",
            files,
            "data",
            databases=tuple(databases),
            references=images,
        )

    def go_to(self, directory: Path, snapshot: str = "auto", backup: str = "auto") -> str:
        return self.site.import_(
            directory,
            health_seconds=HEALTH_SECONDS,
            snapshot=snapshot,
            backup=backup,
            accept_changed_values=True,
        )

    def write(self, service: str, statement: str) -> None:
        self.site.says(service, *self._client(service), statement)

    def rows(self) -> dict[str, list[str]]:
        return {"users-db": self._rows("users-db", "users"), "orders-db": self._rows("orders-db", "orders")}

    def _client(self, service: str) -> tuple[str, ...]:
        return ASK_POSTGRESQL if service in self.on_postgresql else ASK_MARIADB

    def _rows(self, service: str, table: str) -> list[str]:
        return self.site.says(
            service, *self._client(service), f"SELECT * FROM {table} ORDER BY id"
        ).splitlines()


@pytest.fixture(params=[in_time(one) for one in KINDS], ids=["+".join(one) or "MariaDB" for one in KINDS])
def two(site: SmallSite, request: pytest.FixtureRequest) -> TwoDatabases:
    output_of(("docker", "load", "--quiet", "--input", str(image_archive(RECIPES[POSTGRESQL]))))
    return TwoDatabases(site, frozenset(request.param))


@pytest.fixture
def first(two: TwoDatabases) -> Path:
    directory = two.release("1", 1)
    two.go_to(directory)
    return directory


def test_both_go_forward_and_both_come_back(two: TwoDatabases, first: Path) -> None:
    assert two.rows() == FIRST
    second = two.release("2", 2)
    told = two.go_to(second)
    assert two.rows() == SECOND
    assert "users-db: 1 migration applied; orders-db: 1 migration applied" in told
    names = sorted(path.name for path in (second / "backups").glob("*.sql.gz"))
    labels = [name.partition("migration_")[2][15:] for name in names]
    assert labels == ["_orders-db.sql.gz", "_users-db.sql.gz"]
    two.site.roll_back(second, HEALTH_SECONDS)
    assert two.rows() == FIRST


def test_both_are_backed_up_from_their_kept_files_forward_and_back(two: TwoDatabases, first: Path) -> None:
    second = two.release("2", 2)
    told = two.go_to(second, backup="serving")
    assert two.rows() == SECOND
    kept = "stopped; its files are kept, and backed up when the new release is in operation"
    assert f"users-db: {kept}; orders-db: {kept}" in told
    assert reasons_in(second) == ["before_migration"] * 2
    two.site.roll_back(second, HEALTH_SECONDS)
    assert two.rows() == FIRST
    assert reasons_in(second) == ["before_migration"] * 2 + ["before_rollback"] * 2
    assert rows_backed_up(second, "before_migration") == {"users": 1, "orders": 2}
    assert rows_backed_up(second, "before_rollback") == {"users": 1, "orders": 2}


def reasons_in(release: Path) -> list[str]:
    return sorted(record["reason"] for record in records_in(release))


def rows_backed_up(release: Path, reason: str) -> dict[str, int]:
    """Returns the rows of each table of the application, as the records have them."""
    tables = [record["tables"] for record in records_in(release) if record["reason"] == reason]
    found = {name.rpartition(".")[2]: content for each in tables for name, content in each.items()}
    return {name: content["rows"] for name, content in found.items() if name in ("users", "orders")}


def records_in(release: Path) -> list[dict[str, Any]]:
    return [json.loads(path.read_text()) for path in (release / "backups").glob("backup_*.json")]


@pytest.mark.parametrize("snapshot", ["auto", "never"])
def test_a_failure_in_the_second_brings_the_first_back_too(
    two: TwoDatabases, first: Path, snapshot: str
) -> None:
    third = two.release("3", 3)
    with pytest.raises(FailedAndRestored) as failure:
        two.go_to(third, snapshot)
    assert "orders-db: " in str(failure.value.details)
    assert two.rows() == FIRST


def airlock(release: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        (sys.executable, "-m", "installer", "--lang", "en", *words),
        cwd=release,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def outcome(release: Path, *words: str) -> tuple[int, str]:
    done = airlock(release, *words)
    return done.returncode, done.stdout if done.returncode == 0 else done.stderr


@pytest.mark.parametrize("two", [("orders-db",)], ids="+".join, indirect=True)
def test_verbs_work_on_all_databases_or_on_the_named_one(two: TwoDatabases, first: Path) -> None:
    code, told = outcome(first, "backup")
    assert (code, [Path(line).name[29:] for line in told.splitlines()]) == (
        0,
        ["_users-db.sql.gz", "_orders-db.sql.gz"],
    )
    two.write("users-db", "INSERT INTO users VALUES (2, 'lee')")
    two.write("orders-db", "DELETE FROM orders")
    assert outcome(first, "restore", "--yes")[0] == 0
    assert two.rows() == FIRST
    two.write("users-db", "INSERT INTO users VALUES (2, 'lee')")
    two.write("orders-db", "DELETE FROM orders")
    of_orders = told.splitlines()[1]  # the newest is that from before the restore
    assert outcome(first, "restore", "--yes", of_orders)[0] == 0
    assert two.rows() == {**FIRST, "users-db": ["1\tkim", "2\tlee"]}
    code, told = outcome(first, "migrate", "status", "--json")
    assert [(one["service"], one["up_to_date"]) for one in json.loads(told)] == [
        ("users-db", True),
        ("orders-db", True),
    ]
    drill = airlock(first, "backups", "drill", "--database", "orders-db")
    exactly = "orders-db.sql.gz was restored into a temporary server: exactly as in its record."
    assert (drill.returncode, exactly in drill.stderr) == (0, True), drill.stderr
    several = "Error: This release has several databases: users-db, orders-db\n"
    assert outcome(first, "migrate", "resolve", "--applied", "1_init") == (
        2,
        f"{several}→ Specify one: --database users-db\n",
    )
    assert outcome(first, "backup", "--database", "nowhere") == (
        2,
        "Error: There is no database `nowhere` in this release.\n  Its databases: users-db, orders-db\n",
    )
