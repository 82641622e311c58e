"""Backups that people made by hand: restored whatever packs them, refused before anything is changed."""

import gzip
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from installer.database.values.address import DatabaseAddress
from installer.errors import FailedAndRestored, Refused
from installer.mariadb.restore.dump_facts import DumpFacts, read_facts
from installer.mariadb.restore.dump_lacks import tell_what_it_lacks
from tests.mariadb.backups import NOW, Told
from tests.mariadb.dumps import EVERYTHING, dump_by_hand, restore_dump, sql
from tests.mariadb.schemas import EVERY_KIND, execute, picture, query
from tests.testbed.mariadb import MariaDB

pytestmark = [pytest.mark.engine, pytest.mark.database]


def facts(path: Path, address: DatabaseAddress) -> DumpFacts:
    return read_facts(path, address, Told().console)


def as_it_is(path: Path) -> Path:
    return path


def gzipped(path: Path) -> Path:
    half = path.read_bytes().partition(b"\n\n")
    path.write_bytes(
        gzip.compress(half[0]) + gzip.compress(half[1] + half[2])
    )  # as `cat a.gz b.gz` writes it
    return path


def zstandard(path: Path, address: DatabaseAddress) -> Path:
    words = ("docker", "exec", "--interactive", address.container_id, "zstd", "-c")
    packed = subprocess.run(words, input=path.read_bytes(), stdout=subprocess.PIPE, check=True)
    path.write_bytes(packed.stdout)
    return path


@pytest.mark.parametrize(
    "options", [(), ("--databases",), ("--databases", "--add-drop-database"), ("--skip-add-locks",)]
)
def test_a_dump_with_everything_comes_back_with_everything(
    mariadb: MariaDB, tmp_path: Path, options: tuple[str, ...]
) -> None:
    mariadb.execute("CREATE DATABASE `v a-u;l``t` CHARACTER SET latin1 COLLATE latin1_german1_ci")
    vault = mariadb.address("v a-u;l`t")
    try:
        execute(vault, EVERY_KIND)
        before = picture(vault)
        path = dump_by_hand(vault, tmp_path / "backup.sql", *EVERYTHING, *options)
        execute(vault, "CREATE TABLE debris (n INT); DROP TABLE audit; DELETE FROM users WHERE id = 2")
        restore_dump(vault, facts(path, vault), Told().console)
        assert picture(vault) == before
        assert query(vault, "SELECT @@character_set_database") == [("latin1",)]
    finally:
        mariadb.execute("DROP DATABASE `v a-u;l``t`")


@pytest.mark.parametrize("kind", ["sql", "gz", "zst"])
def test_the_first_bytes_tell_how_it_is_packed(database: DatabaseAddress, tmp_path: Path, kind: str) -> None:
    execute(database, "CREATE TABLE t (n INT, KEY (n)); INSERT INTO t VALUES (1), (2)")
    path = dump_by_hand(database, tmp_path / "no.suffix")
    path = {"sql": as_it_is, "gz": gzipped, "zst": lambda plain: zstandard(plain, database)}[kind](path)
    before, told = picture(database), Told()
    execute(database, "INSERT INTO t VALUES (3)")
    restore_dump(database, facts(path, database), told.console)
    assert picture(database) == before
    assert told.lines[-3:] == [
        "no.suffix is loaded. There is no record to compare it with.",
        "Tables: 1, rows: 2",
        "Migrations applied: 0, the last: none",
    ]


def test_what_a_dump_lacks_is_told_before_it_is_loaded(database: DatabaseAddress, tmp_path: Path) -> None:
    execute(database, "CREATE TABLE kept (n INT)")
    path, told = dump_by_hand(database, tmp_path / "backup.sql"), Told()
    execute(
        database,
        "CREATE TABLE new (n INT); CREATE PROCEDURE p() SELECT 1; CREATE FUNCTION f() RETURNS INT RETURN 1;"
        "CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO SELECT 1; CREATE VIEW v AS SELECT 1",
    )
    found = facts(path, database)
    tell_what_it_lacks(database, found, told.console)
    assert told.lines == [
        f"backup.sql: {found.program}, server {found.server}.",
        "Warning: The dump was made without Airlock: it has no record, so the result cannot be compared.",
        "Warning: The dump contains no routines: it was made without --routines.",
        "Warning: The dump contains no events: it was made without --events.",
        "Warning: Not in the dump, will be DELETED: table new",
        "Warning: Not in the dump, will be DELETED: view v",
        "Warning: Not in the dump, will be DELETED: procedure p",
        "Warning: Not in the dump, will be DELETED: function f",
        "Warning: Not in the dump, will be DELETED: event e",
    ]
    assert query(database, "SHOW TABLES") == [("kept",), ("new",), ("v",)]


def test_another_server_and_collations_it_does_not_know_are_told(
    database: DatabaseAddress, tmp_path: Path
) -> None:
    path, told = tmp_path / "mysql8.sql", Told()
    body = "CREATE TABLE `t` (\n  `a` text COLLATE utf8mb4_0900_ai_ci\n) ENGINE=InnoDB COLLATE=utf8mb4_bin;\n"
    path.write_text(sql(database.database, header="MySQL dump 10.13  Distrib 8.0.36", body="\n" + body))
    with pytest.raises(Refused, match="This server does not support utf8mb4_0900_ai_ci"):
        tell_what_it_lacks(database, facts(path, database), told.console)


def half(text: bytes) -> bytes:
    return text[: len(text) // 2]


def utf_16(text: bytes) -> bytes:
    return text.decode().encode("utf-16")


@pytest.mark.parametrize(
    ("sabotage", "words"),
    [
        (lambda text: b"", "is empty"),
        (half, "is incomplete"),
        (lambda text: text + b"\nDROP TABLE t;\n", "is incomplete"),
        (lambda text: half(gzip.compress(text)), "is damaged or truncated"),
        (lambda text: gzip.compress(text)[:-20] + b"x" * 20, "is damaged or truncated"),
        (lambda text: b"\x28\xb5\x2f\xfd" + text, "is damaged or truncated"),
        (utf_16, "is UTF-16 text"),
        (lambda text: b"PK\x03\x04" + text, "has the format zip"),
        (lambda text: b"SELECT 1;\n-- Dump completed\n", "is not a dump"),
        (lambda text: text.replace(b"Database: ", b"Database: other_"), "of another database: other_"),
        (
            lambda text: text.replace(b"\nDROP TABLE", b"\nUSE `mysql`;\nDROP TABLE"),
            "of another database: mysql",
        ),
    ],
)
def test_a_file_that_cannot_be_right_is_refused_while_nothing_is_changed(
    database: DatabaseAddress, tmp_path: Path, sabotage: Callable[[bytes], bytes], words: str
) -> None:
    execute(database, "CREATE TABLE t (n INT)")
    path = dump_by_hand(database, tmp_path / "backup.sql")
    path.write_bytes(sabotage(path.read_bytes()))
    with pytest.raises(Refused, match=words):
        facts(path, database)


def test_a_missing_file_and_a_folder_are_refused(database: DatabaseAddress, tmp_path: Path) -> None:
    for path in (tmp_path / "nowhere.sql", tmp_path):
        with pytest.raises(Refused, match="cannot be read"):
            facts(path, database)


def test_a_dump_of_several_databases_is_refused(
    mariadb: MariaDB, database: DatabaseAddress, tmp_path: Path
) -> None:
    with mariadb.new_database() as other:
        path = dump_by_hand(database, tmp_path / "two.sql", "--databases", other.database)
        with pytest.raises(Refused, match=f"of another database: {other.database}"):
            facts(path, database)


def test_a_table_that_does_not_arrive_brings_back_what_was_there(
    database: DatabaseAddress, tmp_path: Path
) -> None:
    execute(database, "CREATE TABLE precious (n INT); INSERT INTO precious VALUES (1)")
    before, path = picture(database), tmp_path / "odd.sql"
    table = "\nCREATE TABLE `t` (\n  `n` int(11)\n) ENGINE=InnoDB;\nDROP TABLE t;\n"
    path.write_text(sql(database.database, body=table))
    with pytest.raises(FailedAndRestored) as failed:
        restore_dump(database, facts(path, database), Told().console, safety_folder=tmp_path, now=NOW)
    assert failed.value.details == (
        "The restored database differs from the backup.",
        "missing: table t",
        "The old content was restored from the safety backup backup_before_restore_20261122_010203.sql.gz.",
    )
    assert picture(database) == before


MYSQL_8 = r"""
/*!50503 SET NAMES utf8mb4 */;
/*!40103 SET @OLD_TIME_ZONE=@@TIME_ZONE */;
/*!40103 SET TIME_ZONE='+00:00' */;
/*!40014 SET @OLD_UNIQUE_CHECKS=@@UNIQUE_CHECKS, UNIQUE_CHECKS=0 */;
/*!40014 SET @OLD_FOREIGN_KEY_CHECKS=@@FOREIGN_KEY_CHECKS, FOREIGN_KEY_CHECKS=0 */;
/*!40101 SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='NO_AUTO_VALUE_ON_ZERO' */;
/*!40111 SET @OLD_SQL_NOTES=@@SQL_NOTES, SQL_NOTES=0 */;
SET @MYSQLDUMP_TEMP_LOG_BIN = @@SESSION.SQL_LOG_BIN;
SET @@SESSION.SQL_LOG_BIN= 0;

--
-- GTID state at the beginning of the backup
--

SET @@GLOBAL.GTID_PURGED=/*!80000 '+'*/ '3E11FA47-71CA-11E1-9E33-C80AA9429562:1-5,
4E11FA47-71CA-11E1-9E33-C80AA9429562:1-7';

CREATE DATABASE /*!32312 IF NOT EXISTS*/ `{name}` /*!40100 DEFAULT CHARACTER SET latin1 */
  /*!80016 DEFAULT ENCRYPTION='N' */;

USE `{name}`;
DROP TABLE IF EXISTS `t`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!50503 SET character_set_client = utf8mb4 */;
CREATE TABLE `t` (
  `id` int NOT NULL AUTO_INCREMENT,
  `a` varchar(20) DEFAULT NULL,
  PRIMARY KEY (`id`),
  KEY `a` (`a`) /*!80000 INVISIBLE */
) ENGINE=InnoDB AUTO_INCREMENT=3 DEFAULT CHARSET=utf8mb4;
/*!40101 SET character_set_client = @saved_cs_client */;

LOCK TABLES `t` WRITE;
/*!40000 ALTER TABLE `t` DISABLE KEYS */;
INSERT INTO `t` VALUES (1,'한;\n'),(2,NULL);
/*!40000 ALTER TABLE `t` ENABLE KEYS */;
UNLOCK TABLES;
SET @@SESSION.SQL_LOG_BIN = @MYSQLDUMP_TEMP_LOG_BIN;
/*!40103 SET TIME_ZONE=@OLD_TIME_ZONE */;
/*!40014 SET FOREIGN_KEY_CHECKS=@OLD_FOREIGN_KEY_CHECKS */;
"""


def test_what_mysql_8_writes_loads_without_its_replication_settings(
    database: DatabaseAddress, tmp_path: Path
) -> None:
    path = tmp_path / "mysql8.sql"
    header, body = "MySQL dump 10.13  Distrib 8.0.36", MYSQL_8.format(name=database.database)
    path.write_text(sql(database.database, header=header, body=body))
    restore_dump(database, facts(path, database), Told().console)
    assert query(database, "SELECT id, a FROM t ORDER BY id") == [(1, "한;\n"), (2, None)]
    assert query(database, "SELECT @@character_set_database") == [("latin1",)]
    assert [row[2] for row in query(database, "SHOW INDEX FROM t")] == ["PRIMARY", "a"]


def test_rows_that_a_dump_does_not_commit_itself_are_kept(database: DatabaseAddress, tmp_path: Path) -> None:
    path = tmp_path / "by_hand.sql"
    table = "CREATE TABLE `parcels` (\n  `id` int(11) NOT NULL\n) ENGINE=InnoDB;\n"
    rows = "INSERT INTO `parcels` VALUES (1),(2);\n"
    path.write_text(sql(database.database, body=f"SET AUTOCOMMIT = 0;\n{table}{rows}"))
    restore_dump(database, facts(path, database), Told().console)
    assert query(database, "SELECT id FROM parcels") == [(1,), (2,)]
