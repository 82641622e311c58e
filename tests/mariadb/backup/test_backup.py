"""Backup on a real server: complete, private, and nothing is left when it fails."""

import gzip
import stat
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from installer.database.values.address import DatabaseAddress
from installer.database.values.picture import TableContent
from installer.errors import Refused
from installer.mariadb.backup.backup import back_up, list_backups, read_backup, verify_backup
from installer.mariadb.restore.restore import differences_from, restore_exactly
from installer.mariadb.server.queries import run_sql
from installer.mariadb.server.server import connect
from installer.system.secret import Secret
from tests.mariadb.backups import NAME, NOW, RECORD, Told, backup_of, names_in
from tests.mariadb.schemas import execute, picture
from tests.testbed.mariadb import MariaDB, running_mariadb

pytestmark = [pytest.mark.engine, pytest.mark.database]
ROWS = """CREATE TABLE big (id INT PRIMARY KEY, b LONGBLOB);
    INSERT INTO big SELECT seq, RANDOM_BYTES(1000) FROM seq_1_to_{n}"""


def test_a_backup_is_a_dump_and_its_record_readable_by_the_owner_only(
    database: DatabaseAddress, tmp_path: Path
) -> None:
    execute(database, "CREATE TABLE t (n INT); INSERT INTO t VALUES (1), (2)")
    told = Told()
    backup = backup_of(database, tmp_path / "backups", told)
    folder = tmp_path / "backups"
    assert names_in(folder) == [RECORD, NAME]
    modes = [stat.S_IMODE(path.stat().st_mode) for path in (folder, folder / NAME, folder / RECORD)]
    assert modes == [0o700, 0o600, 0o600]
    assert gzip.decompress(backup.path.read_bytes()).endswith(b"-- Dump completed\n")
    assert backup.tables == {"t": TableContent(2, 2865344526)}
    assert (backup.size_bytes, backup.migrations) == (backup.path.stat().st_size, None)
    assert told.lines[-1] == f"Backup {NAME}: {backup.size_bytes} B, verified."


def test_the_same_data_give_the_same_dump(database: DatabaseAddress, tmp_path: Path) -> None:
    execute(database, ROWS.format(n=50))
    first, second = backup_of(database, tmp_path / "1"), backup_of(database, tmp_path / "2")
    assert first.path.read_bytes() == second.path.read_bytes()


@pytest.mark.parametrize("later", [NOW.replace(hour=3), NOW.replace(microsecond=2000)])
def test_backups_are_listed_oldest_first_and_files_without_record_left_out(
    database: DatabaseAddress, tmp_path: Path, later: datetime
) -> None:
    second = back_up(database, tmp_path, reason="a", now=later, console=Told().console)
    first = back_up(database, tmp_path, reason="b", now=NOW, console=Told().console)
    (tmp_path / "other.sql.gz").touch()
    assert list_backups(tmp_path) == (first, second)


def test_myisam_and_aria_tables_are_locked_and_named(database: DatabaseAddress, tmp_path: Path) -> None:
    execute(database, "CREATE TABLE m (n INT) ENGINE=MyISAM; INSERT INTO m VALUES (1)")
    execute(database, "CREATE VIEW v AS SELECT * FROM m")
    told, before = Told(), picture(database)
    backup = backup_of(database, tmp_path, told)
    assert backup.locked_tables
    assert "Warning: Tables without transactions are locked during the backup: m" in told.lines
    execute(database, "DROP TABLE m")
    restore_exactly(database, backup, told.console)
    assert picture(database) == before


def test_views_that_could_not_be_restored_are_refused_by_name(
    mariadb: MariaDB, database: DatabaseAddress, tmp_path: Path
) -> None:
    execute(
        database,
        "CREATE TABLE t (n INT); CREATE TABLE u (n INT); CREATE VIEW `it's broken` AS SELECT * FROM u;"
        "DROP TABLE u;"
        "CREATE USER ghost; GRANT ALL ON *.* TO ghost; CREATE DEFINER=ghost VIEW haunted AS SELECT * FROM t;"
        "CREATE VIEW on_haunted AS SELECT * FROM haunted; DROP USER ghost",
    )
    with pytest.raises(Refused, match="Some views of this database are broken") as refusal:
        backup_of(database, tmp_path)
    assert [line.split(":")[0] for line in refusal.value.details] == ["it's broken", "on_haunted"]
    execute(database, "DROP VIEW `it's broken`; DROP VIEW on_haunted")
    before, backup = picture(database), backup_of(database, tmp_path)
    restore_exactly(database, backup, Told().console)
    assert picture(database) == before


def test_the_record_is_exactly_what_a_restore_gives_although_users_write_on(
    database: DatabaseAddress, tmp_path: Path
) -> None:
    execute(
        database,
        "CREATE TABLE log (id INT AUTO_INCREMENT PRIMARY KEY, n INT);"
        "CREATE TABLE counted (m INT) ENGINE=MyISAM; CREATE SEQUENCE s;" + ROWS.format(n=20_000),
    )
    told = Told()
    with writing(database, "INSERT INTO log (n) VALUES (1); INSERT INTO counted VALUES (NEXTVAL(s))"):
        backup = backup_of(database, tmp_path, told)
        time.sleep(0.2)
    after = picture(database)
    assert after.tables["log"] != backup.tables["log"], "nobody wrote"
    assert [name for name, content in backup.tables.items() if content is None] == []
    restore_exactly(database, backup, told.console)
    restored = picture(database)
    assert restored.tables == backup.tables
    assert {name: restored.positions[name] for name, at in backup.positions.items() if at is not None} == {
        name: at for name, at in backup.positions.items() if at is not None
    }


def test_numbers_that_only_can_go_on_higher_are_no_difference_but_lower_ones_are(
    database: DatabaseAddress, tmp_path: Path
) -> None:
    execute(
        database,
        "CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY) AUTO_INCREMENT = 2;"
        "CREATE TABLE u (id INT AUTO_INCREMENT PRIMARY KEY) AUTO_INCREMENT = 9; CREATE SEQUENCE s",
    )
    backup = backup_of(database, tmp_path)
    assert backup.positions == {"t": 2, "u": 9, "s": 1}
    execute(database, "ALTER TABLE t AUTO_INCREMENT = 3; ALTER TABLE u AUTO_INCREMENT = 5; SELECT NEXTVAL(s)")
    assert differences_from(database, backup) == (
        "u: the next number is 5 instead of 9",
        "s: the next number is 1001 instead of 1",
    )


def test_where_the_server_does_not_stand_still_a_table_written_meanwhile_is_told_and_not_compared_later(
    mariadb: MariaDB, database: DatabaseAddress, tmp_path: Path
) -> None:
    execute(database, "CREATE TABLE log (n INT); CREATE TABLE still (n INT);" + ROWS.format(n=3000))
    mariadb.execute(f"CREATE USER modest IDENTIFIED BY 'pw'; GRANT ALL ON {database.database}.* TO modest")
    told = Told()
    try:
        modest = replace(database, user="modest", password=Secret("pw"))
        with writing(database, "INSERT INTO log VALUES (1)"):
            backup = backup_of(modest, tmp_path, told)
    finally:
        mariadb.execute("DROP USER modest")
    assert [name for name, content in backup.tables.items() if content is None] == ["log"]
    assert any("cannot be compared after a restore: log" in line for line in told.lines)
    restore_exactly(database, backup, told.console)


@contextmanager
def writing(address: DatabaseAddress, statements: str) -> Iterator[None]:
    enough = threading.Event()

    def write() -> None:
        with connect(address) as connection:
            while not enough.wait(0.01):
                for statement in statements.split(";"):
                    run_sql(connection, statement)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        yield
    finally:
        enough.set()
        writer.join()


def test_the_password_is_in_no_argument_list_while_dumping_and_in_no_file(
    database: DatabaseAddress, tmp_path: Path
) -> None:
    execute(database, ROWS.format(n=5000))
    secret, seen = database.password.reveal().encode(), []
    with watching_arguments(seen):
        backup_of(database, tmp_path)
    assert any(b"mariadb-dump" in words for words in seen), "the watch was too slow to see the dump"
    assert not [words for words in seen if secret in words]
    assert not [p for p in tmp_path.iterdir() if secret in p.read_bytes()]
    assert secret not in gzip.decompress((tmp_path / NAME).read_bytes())


@contextmanager
def watching_arguments(seen: list[bytes]) -> Iterator[None]:
    enough = threading.Event()

    def watch() -> None:
        while not enough.is_set():
            for process in Path("/proc").glob("[0-9]*/cmdline"):
                try:
                    seen.append(process.read_bytes())
                except OSError:
                    continue

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield
    finally:
        enough.set()
        watcher.join()


def test_a_server_that_dies_while_dumping_leaves_no_file(tmp_path: Path) -> None:
    with running_mariadb("mariadb:10.11") as server:
        server.execute("CREATE DATABASE vault")
        address = server.address("vault")
        execute(address, ROWS.format(n=60_000))
        with killing_at_first_bytes(server, tmp_path), pytest.raises(Refused, match="no file was kept"):
            backup_of(address, tmp_path)
        assert names_in(tmp_path) == []
        with pytest.raises(Refused, match="does not answer"):
            backup_of(address, tmp_path)


@contextmanager
def killing_at_first_bytes(server: MariaDB, folder: Path) -> Iterator[None]:
    def kill() -> None:
        while not any(path.stat().st_size for path in folder.glob(".*.part")):
            time.sleep(0.001)
        subprocess.run(("docker", "kill", server.container_id), check=True, stdout=subprocess.DEVNULL)

    killer = threading.Thread(target=kill)
    killer.start()
    yield
    killer.join()


def test_without_room_for_it_no_backup_begins(database: DatabaseAddress, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="not enough room") as refusal:
        back_up(database, tmp_path, now=NOW, console=Told().console, reserve_bytes=1 << 60)
    assert refusal.value.details[1] == "kept free: 1048576.0 TiB"
    assert names_in(tmp_path) == []


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A filesystem of 2 MiB."""
    folder = tmp_path / "small"
    folder.mkdir()
    subprocess.run(("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", folder), check=True)
    yield folder
    subprocess.run(("umount", folder), check=True)


def test_a_disk_that_fills_up_leaves_no_file(database: DatabaseAddress, small_disk: Path) -> None:
    execute(database, "CREATE TABLE t (b LONGBLOB); INSERT INTO t VALUES (RANDOM_BYTES(1000))")
    with connect(database) as connection:  # statistics that are too low, as they are after a bulk load
        run_sql(connection, "ALTER TABLE t STATS_AUTO_RECALC=0, STATS_PERSISTENT=1")
        run_sql(connection, "INSERT INTO t SELECT RANDOM_BYTES(1000) FROM seq_1_to_5000")
    with pytest.raises(Refused, match="no file was kept") as refusal:
        backup_of(database, small_disk)
    assert any("No space left" in line for line in refusal.value.details)
    assert names_in(small_disk) == []


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"password": Secret("wrong")}, "does not accept the password"),
        ({"database": "no_such"}, "There is no database `no_such`"),
        ({"port": 3307}, "does not answer"),
        ({"container_id": "no-such-container"}, "No program can be run"),
    ],
)
def test_each_wrong_address_has_its_own_words(
    database: DatabaseAddress, tmp_path: Path, wrong: dict[str, object], words: str
) -> None:
    with pytest.raises(Refused, match=words):
        backup_of(replace(database, **wrong), tmp_path)  # type: ignore[arg-type]
    assert names_in(tmp_path) == []


def test_a_folder_that_cannot_be_made_is_refused_with_its_path(
    database: DatabaseAddress, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Refused) as refusal:
        backup_of(database, tmp_path / "file" / "backups")
    assert refusal.value.happened == f"{tmp_path / 'file' / 'backups'} cannot be written: Not a directory."


def test_a_backup_replaced_by_a_failing_one_of_the_same_second_stays(
    database: DatabaseAddress, tmp_path: Path
) -> None:
    backup = backup_of(database, tmp_path)
    with pytest.raises(Refused):
        back_up(database, tmp_path, now=NOW, console=Told().console, reserve_bytes=1 << 60)
    verify_backup(read_backup(backup.path))
    assert names_in(tmp_path) == [RECORD, NAME]
