"""Describes the measured MariaDB server, and the work by hand on it."""

from typing import cast

from benchmark.database.mariadb.generator import database_bytes, generate, table_names
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
from benchmark.database.product import Product
from installer.database.door.running_database import Database
from installer.database.values.address import DatabaseAddress
from installer.mariadb.database import MariaDbDatabase
from installer.mariadb.rehearsal.hot_copy import copy_running_server
from installer.mariadb.server.queries import quoted, run_sql, server_version
from installer.mariadb.server.server import connect

COMPOSE = """\
services:
  db:
    image: {image}
    container_name: {project}-db
    environment:
      MARIADB_ROOT_PASSWORD: ${{DB_ROOT_PASSWORD:?}}
    volumes:
      - ./data/mariadb:/var/lib/mysql
    healthcheck:
      test: ["CMD", "healthcheck.sh", "--connect", "--innodb_initialized"]
      interval: 2s
      timeout: 5s
      retries: 300
"""
CLIENT = "docker exec -e MYSQL_PWD {db}"
DUMP = CLIENT + " mariadb-dump -uroot --single-transaction --routines --events --triggers shop"
CHECKSUMS = " ".join(f"CHECKSUM TABLE {name} EXTENDED;" for name in table_names())
BY_HAND = Commands(
    plain=ByHand("mysqldump", f"{DUMP} > backup.sql", "backup.sql"),
    gzipped=ByHand("mysqldump | gzip", f"{DUMP} | gzip > backup.sql.gz", "backup.sql.gz"),
    checksum=ByHand("CHECKSUM TABLE … EXTENDED", f'{CLIENT} mariadb -uroot shop -e "{CHECKSUMS}"'),
    loaded=ByHand("mysql <", "docker exec -i -e MYSQL_PWD {db} mariadb -uroot shop < backup.sql"),
)
TARGETS = (
    Target(HOT_COPY.name, BY_HAND.plain.name, 0.3),
    Target(ROLLBACK.name, BY_HAND.loaded.name, 0.02),
    Target(BACKUP.name, BY_HAND.gzipped.name, 0.35),
    Target(BACKUP.name, BY_HAND.plain.name, 1.3),
    Target(RESTORE.name, BY_HAND.loaded.name, 0.5),
    Target(FINGERPRINT.name, BY_HAND.checksum.name, 1.5),
)


def _version(address: DatabaseAddress) -> str:
    with connect(address) as connection:
        return server_version(connection)


def _size_bytes(address: DatabaseAddress) -> int:
    with connect(address) as connection:
        return database_bytes(connection)


def _do_harm(address: DatabaseAddress) -> None:
    with connect(address) as connection:
        run_sql(connection, "UPDATE orders SET total = total + 1")
        run_sql(connection, "ALTER TABLE customers ADD COLUMN half_done INT")


def _empty(address: DatabaseAddress) -> None:
    with connect(address, schema=False) as connection:
        run_sql(connection, f"DROP DATABASE {quoted(address.database)}")
        run_sql(connection, f"CREATE DATABASE {quoted(address.database)} CHARACTER SET utf8mb4")


MARIADB = Product(
    section="database",
    title="Database",
    image="mariadb:10.11",
    compose=COMPOSE,
    data="data/mariadb",
    user="root",
    port=3306,
    password_variable="MYSQL_PWD",
    by_hand=BY_HAND,
    targets=TARGETS,
    database=lambda address: cast(Database, MariaDbDatabase(address)),
    copy_running_server=copy_running_server,
    version=_version,
    generate=generate,
    size_bytes=_size_bytes,
    do_harm=_do_harm,
    empty=_empty,
)
