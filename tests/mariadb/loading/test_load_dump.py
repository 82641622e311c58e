"""Loading with late indexes gives the same tables to the byte, whatever indexes they have."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from installer.database.values.address import DatabaseAddress
from installer.mariadb.loading.load_dump import load_dump
from installer.mariadb.server.disk_room import free_for_data, free_for_sorting
from installer.mariadb.server.queries import ServerError
from installer.system.process.process import ToolFailed
from tests.mariadb.backups import Told
from tests.mariadb.dumps import EVERYTHING, dump_by_hand
from tests.mariadb.schemas import execute, picture, query
from tests.testbed.mariadb import MariaDB

pytestmark = [pytest.mark.engine, pytest.mark.database]
EVERY_INDEX = Path(__file__).with_name("every_index.sql").read_text()


def load(address: DatabaseAddress, path: Path) -> None:
    with path.open("rb") as file:
        load_dump(address, iter(lambda: file.read(1000) or None, None), path.stat().st_size, Told().console)


def test_tables_with_every_kind_of_index_come_out_the_same(
    mariadb: MariaDB, database: DatabaseAddress, tmp_path: Path
) -> None:
    execute(database, EVERY_INDEX)
    path = dump_by_hand(database, tmp_path / "dump.sql", *EVERYTHING)
    before = picture(database)
    mariadb.execute(f"DROP DATABASE {database.database}; CREATE DATABASE {database.database}")
    load(database, path)
    assert picture(database) == before
    tables = ", ".join(f"`{name.replace('`', '``')}`" for name in before.definitions["table"])
    assert {row[3] for row in query(database, f"CHECK TABLE {tables} EXTENDED")} == {"OK"}


def test_loading_leaves_the_servers_settings_and_no_session(
    database: DatabaseAddress, tmp_path: Path
) -> None:
    asked = (
        "SELECT @@GLOBAL.event_scheduler, @@GLOBAL.max_allowed_packet, COUNT(*)"
        " FROM information_schema.processlist WHERE db = DATABASE()"
    )
    before, path = query(database, asked), tmp_path / "dump.sql"
    path.write_text("CREATE TABLE t (n INT); CALL nothing();")
    with pytest.raises(ToolFailed, match="ended with exit code 1"):
        load(database, path)
    assert query(database, asked) == before


TABLE_WITH_A_DUPLICATE = """
CREATE TABLE `t` (
  `id` int(11) NOT NULL,
  `a` int(11) DEFAULT NULL,
  PRIMARY KEY (`id`),
  UNIQUE KEY `only` (`a`)
) ENGINE=InnoDB;
INSERT INTO `t` VALUES (1,7),(2,7);
"""
ENDLESS = "DROP TABLE IF EXISTS `u`;\nDO SLEEP(1000);\n"


@pytest.mark.parametrize("then", ["", ENDLESS], ids=["at the end", "while the client works"])
def test_an_index_that_cannot_be_built_ends_both_sessions_with_the_servers_own_words(
    database: DatabaseAddress, tmp_path: Path, then: str
) -> None:
    def dump() -> Iterator[bytes]:
        yield (TABLE_WITH_A_DUPLICATE + then).encode().ljust(1 << 13, b"\n")
        while then:
            yield b"-- \n"

    with pytest.raises(ServerError, match="MariaDB error 1062: Duplicate entry '7' for key 'only'"):
        load_dump(database, dump(), None, Told().console)
    assert (
        query(
            database,
            "SELECT id FROM information_schema.processlist WHERE db = DATABASE() AND id <> CONNECTION_ID()",
        )
        == []
    )


def test_foreign_keys_come_with_the_dumps_own_settings(database: DatabaseAddress, tmp_path: Path) -> None:
    table = (
        "CREATE TABLE `t` (\n  `id` int(11) NOT NULL,\n  `d` date NOT NULL DEFAULT '0000-00-00',\n"
        "  PRIMARY KEY (`id`),\n  KEY `d` (`d`),\n"
        "  CONSTRAINT `f` FOREIGN KEY (`id`) REFERENCES `later` (`id`)\n) ENGINE=InnoDB;\n"
        "INSERT INTO `t` VALUES (1,'0000-00-00');\n"
    )
    path = tmp_path / "dump.sql"
    path.write_text("SET foreign_key_checks = 0, sql_mode = 'NO_AUTO_VALUE_ON_ZERO';\n" + table)
    load(database, path)
    assert "CONSTRAINT `f` FOREIGN KEY" in query(database, "SHOW CREATE TABLE t")[0][1]


def test_the_room_that_the_server_has_is_seen(database: DatabaseAddress) -> None:
    for free in (free_for_data(database), free_for_sorting(database)):
        assert free is not None
        assert 0 < free < 1 << 50


@pytest.mark.long
def test_two_thousand_tables_come_out_the_same(
    mariadb: MariaDB, database: DatabaseAddress, tmp_path: Path
) -> None:
    table = "CREATE TABLE t{0} (id INT PRIMARY KEY, a INT, KEY a (a)); INSERT INTO t{0} VALUES ({0}, {0});"
    execute(database, "".join(table.format(number) for number in range(2000)))
    path, before = dump_by_hand(database, tmp_path / "dump.sql"), picture(database)
    mariadb.execute(f"DROP DATABASE {database.database}; CREATE DATABASE {database.database}")
    load(database, path)
    assert (picture(database), len(before.tables)) == (before, 2000)


@pytest.mark.long
def test_a_row_of_64_megabytes_comes_out_the_same(
    mariadb: MariaDB, database: DatabaseAddress, tmp_path: Path
) -> None:
    mariadb.execute("SET GLOBAL max_allowed_packet = 1 << 30")
    try:
        execute(database, "CREATE TABLE t (id INT PRIMARY KEY, b LONGBLOB, a INT, KEY a (a))")
        execute(database, "INSERT INTO t VALUES (1, REPEAT(X'00FF0A27', 1 << 24), 1)")
        options = ("--hex-blob", "--max-allowed-packet=1G")
        path, before = dump_by_hand(database, tmp_path / "dump.sql", *options), picture(database)
        mariadb.execute(f"DROP DATABASE {database.database}; CREATE DATABASE {database.database}")
        load(database, path)
        assert (picture(database), path.stat().st_size > 1 << 27) == (before, True)
    finally:
        mariadb.execute("SET GLOBAL max_allowed_packet = 1 << 24")
