"""A release with two databases: they go forward or come back together, on a real engine."""

from pathlib import Path

import pytest

from installer.bundle.manifest.manifest import Database, MigrationEntry
from installer.errors import FailedAndRestored
from tests.bundle.builders import sha256
from tests.operations.small_site import BUSYBOX, SmallSite, site

__all__ = ["site"]
pytestmark = [pytest.mark.engine, pytest.mark.database]
MARIADB = "mariadb:10.11"
HEALTH_SECONDS = 180.0
COMPOSE = """
services:
  web:
    image: busybox:1
    command: sleep 9999
    init: true
  users-db: &database
    image: mariadb:10.11
    environment: &settings {MARIADB_ROOT_PASSWORD: secret, MARIADB_DATABASE: app}
    volumes: ["./data/users:/var/lib/mysql"]
    healthcheck:
      test: ["CMD", "healthcheck.sh", "--connect", "--innodb_initialized"]
      interval: 1s
      retries: 90
  orders-db:
    <<: *database
    volumes: ["orders:/var/lib/mysql"]
volumes: {orders: }
"""
SCRIPTS = {
    "users-db": {
        "1_init": "CREATE TABLE users (id INT, name VARCHAR(9)); INSERT INTO users VALUES (1, 'kim');",
        "2_mail": "ALTER TABLE users ADD mail VARCHAR(9) NOT NULL DEFAULT 'none';",
        "3_drop": "ALTER TABLE users DROP COLUMN name;",
    },
    "orders-db": {
        "1_init": "CREATE TABLE orders (id INT, item INT); INSERT INTO orders VALUES (1, 7), (2, 7);",
        "2_note": "UPDATE orders SET item = item + 1;",
        "3_once": "UPDATE orders SET item = 9; ALTER TABLE orders ADD UNIQUE (item);",
    },
}
FIRST = {"users-db": ["1\tkim"], "orders-db": ["1\t7", "2\t7"]}
SECOND = {"users-db": ["1\tkim\tnone"], "orders-db": ["1\t8", "2\t8"]}


def release(site: SmallSite, version: str, last: int) -> Path:
    """A package with the first migrations of each database."""
    files, databases = {}, []
    for service, scripts in SCRIPTS.items():
        folder = f"prisma/{service}/migrations"
        known = {name: text.encode() for name, text in scripts.items() if int(name[0]) <= last}
        files |= {f"{folder}/{name}/migration.sql": text for name, text in known.items()}
        entries = tuple(MigrationEntry(name, sha256(text)) for name, text in known.items())
        databases.append(Database(service, folder, entries))
    return site.release(
        version, COMPOSE, files, "data", databases=tuple(databases), references=(BUSYBOX, MARIADB)
    )


def go_to(site: SmallSite, directory: Path, snapshot: str = "auto") -> str:
    return site.import_(
        directory, health_seconds=HEALTH_SECONDS, snapshot=snapshot, accept_changed_values=True
    )


def rows(site: SmallSite) -> dict[str, list[str]]:
    return {
        service: site.says(
            service, "mariadb", "-uroot", "-psecret", "-N", "-e", f"SELECT * FROM {table}", "app"
        ).splitlines()
        for service, table in (("users-db", "users"), ("orders-db", "orders"))
    }


@pytest.fixture
def first(site: SmallSite) -> Path:
    directory = release(site, "1", 1)
    go_to(site, directory)
    return directory


def test_both_go_forward_and_both_come_back(site: SmallSite, first: Path) -> None:
    assert rows(site) == FIRST
    second = release(site, "2", 2)
    told = go_to(site, second)
    assert rows(site) == SECOND
    assert "users-db: 1 migration applied; orders-db: 1 migration applied" in told
    names = sorted(path.name for path in (second / "backups").glob("*.sql.gz"))
    assert [name.partition("migration_")[2][15:] for name in names] == [
        "_orders-db.sql.gz",
        "_users-db.sql.gz",
    ]
    site.roll_back(second, HEALTH_SECONDS)
    assert rows(site) == FIRST


@pytest.mark.parametrize("snapshot", ["auto", "never"])
def test_a_failure_in_the_second_brings_the_first_back_too(
    site: SmallSite, first: Path, snapshot: str
) -> None:
    third = release(site, "3", 3)
    with pytest.raises(FailedAndRestored) as failure:
        go_to(site, third, snapshot)
    assert "orders-db: " in str(failure.value.details)
    assert rows(site) == FIRST
