"""Describes the measured PostgreSQL server, and the work by hand on it."""

from typing import cast

from benchmark.database.measures import (
    BACKUP,
    FINGERPRINT,
    HOT_COPY,
    RESTORE,
    ROLLBACK,
    ByHand,
    Commands,
    Target,
)
from benchmark.database.postgresql.generator import database_bytes, generate, recreate, table_names
from benchmark.database.product import Product
from installer.database.door.running_database import Database
from installer.database.values.address import DatabaseAddress
from installer.postgresql.database import PostgreSqlDatabase
from installer.postgresql.rehearsal.hot_copy import copy_running_server
from installer.postgresql.server.queries import run_sql, server_version
from installer.postgresql.server.server import connect

COMPOSE = """\
services:
  db:
    image: {image}
    container_name: {project}-db
    environment:
      POSTGRES_PASSWORD: ${{DB_ROOT_PASSWORD:?}}
      POSTGRES_DB: shop
    volumes:
      - ./data/postgresql:/var/lib/postgresql/data
    healthcheck:
      test: ["CMD", "pg_isready", "--quiet", "--host=127.0.0.1", "--username=postgres", "--dbname=shop"]
      interval: 2s
      start_period: 600s
      start_interval: 200ms
"""
DUMP = "docker exec {db} pg_dump -U postgres shop"
CHECKSUMS = " ".join(f"SELECT count(*), sum(hashtext(t::text)) FROM {name} t;" for name in table_names())
BY_HAND = Commands(
    plain=ByHand("pg_dump", f"{DUMP} > backup.sql", "backup.sql"),
    gzipped=ByHand("pg_dump | gzip", f"{DUMP} | gzip > backup.sql.gz", "backup.sql.gz"),
    checksum=ByHand(
        "SELECT count(*), sum(hashtext(t::text)) …",
        f'docker exec {{db}} psql -U postgres shop -c "{CHECKSUMS}"',
    ),
    loaded=ByHand("psql <", "docker exec -i {db} psql -U postgres -q shop < backup.sql > /dev/null"),
)
TARGETS = (
    Target(BACKUP.name, BY_HAND.gzipped.name, 0.5),
    Target(HOT_COPY.name, BY_HAND.plain.name, 0.3),
    Target(ROLLBACK.name, BY_HAND.loaded.name, 0.03),
    Target(RESTORE.name, BY_HAND.loaded.name, 0.7),
    Target(FINGERPRINT.name, BY_HAND.checksum.name, 1.3),
)


def _version(address: DatabaseAddress) -> str:
    with connect(address) as connection:
        return f"PostgreSQL {server_version(connection)}"


def _do_harm(address: DatabaseAddress) -> None:
    with connect(address) as connection:
        run_sql(connection, "UPDATE orders SET total = total + 1")
        run_sql(connection, "ALTER TABLE customers ADD COLUMN half_done integer")


POSTGRESQL = Product(
    section="database --engine postgresql",
    title="Database: PostgreSQL",
    image="postgres:17",
    compose=COMPOSE,
    data="data/postgresql",
    user="postgres",
    port=5432,
    password_variable="PGPASSWORD",
    by_hand=BY_HAND,
    targets=TARGETS,
    database=lambda address: cast(Database, PostgreSqlDatabase(address)),
    copy_running_server=copy_running_server,
    version=_version,
    generate=generate,
    size_bytes=database_bytes,
    do_harm=_do_harm,
    empty=recreate,
)
