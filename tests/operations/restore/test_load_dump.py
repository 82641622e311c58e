"""Loading with late indexes gives the same tables to the byte, whatever indexes they have."""

from pathlib import Path

import pytest

from installer.operations.restore.load_dump import load_dump
from installer.system.mariadb import DatabaseAddress
from installer.system.mariadb_room import free_for_data, free_for_sorting
from installer.system.process import ToolFailed
from tests.operations.backups import Told
from tests.operations.dumps import EVERYTHING, dump_by_hand
from tests.system.schemas import execute, picture, query
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
        "SELECT @@GLOBAL.max_allowed_packet, @@GLOBAL.innodb_flush_log_at_trx_commit, COUNT(*)"
        " FROM information_schema.processlist WHERE db = DATABASE()"
    )
    before, path = query(database, asked), tmp_path / "dump.sql"
    path.write_text(
        "CREATE TABLE t (n INT); SELECT @@GLOBAL.innodb_flush_log_at_trx_commit INTO @f; CALL nothing();"
    )
    with pytest.raises(ToolFailed, match="ended with exit code 1"):
        load(database, path)
    assert query(database, asked) == before


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
