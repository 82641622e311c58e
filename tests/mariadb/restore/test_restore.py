"""Restore on a real server: afterwards the schema is what it was, or the person is told that it is not."""

import gzip
import hashlib
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from installer.database.records.backup_record import write_record
from installer.database.values.address import DatabaseAddress
from installer.database.values.picture import Picture
from installer.errors import AnotherRunActive, Refused, Stuck
from installer.mariadb.backup.backup import Backup, read_backup
from installer.mariadb.restore.prepare_restore import prepare_restore
from installer.mariadb.restore.restore import differences_from, restore_exactly
from installer.mariadb.server.queries import rows_of
from installer.mariadb.server.server import connect
from installer.screen.console import Advance, Console
from installer.system.secret import Secret
from tests.mariadb.backups import NOW, Told, backup_of, names_in
from tests.mariadb.schemas import EVERY_KIND, execute, picture, query
from tests.testbed.mariadb import MariaDB

pytestmark = [pytest.mark.engine, pytest.mark.database]
CREATE = "CREATE DATABASE `v a-u;l``t` CHARACTER SET latin1 COLLATE latin1_german1_ci COMMENT 'old'"
DEBRIS = """
    CREATE TABLE left_behind (id INT PRIMARY KEY);
    ALTER TABLE users ADD COLUMN left_behind INT;
    ALTER TABLE users DROP FOREIGN KEY users_department;
    DROP TABLE departments;
    DROP VIEW by_department;
    CREATE VIEW left_view AS SELECT 1;
    CREATE PROCEDURE left_procedure() SELECT 1;
    CREATE FUNCTION left_function() RETURNS INT RETURN 1;
    CREATE EVENT left_event ON SCHEDULE EVERY 1 DAY DO SELECT 1;
    ALTER EVENT weekly DISABLE;
    CREATE SEQUENCE left_sequence;
    SELECT NEXTVAL(invoice_number), SETVAL(invoice_number, 5000);
    DELETE FROM users WHERE id = 2;
    CREATE TRIGGER left_trigger BEFORE DELETE ON audit FOR EACH ROW SET @x = 1;
    UPDATE parted SET y = y + 1;
    ALTER DATABASE CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
"""
PIECES_OF_DEBRIS = [piece.strip() for piece in DEBRIS.split(";") if piece.strip()]


@pytest.fixture
def vault(mariadb: MariaDB) -> Iterator[DatabaseAddress]:
    """A schema with an object of every kind, whose name needs quoting."""
    mariadb.execute(CREATE)
    address = mariadb.address("v a-u;l`t")
    try:
        execute(address, EVERY_KIND)
        yield address
    finally:
        mariadb.execute("DROP DATABASE `v a-u;l``t`")


def test_after_a_restore_every_kind_of_object_and_row_is_as_before(
    vault: DatabaseAddress, tmp_path: Path
) -> None:
    before, backup = picture(vault), backup_of(vault, tmp_path)
    execute(vault, DEBRIS)
    assert picture(vault) != before
    restore_exactly(vault, backup, Told().console)
    assert picture(vault) == before
    assert query(vault, "SHOW CREATE DATABASE `v a-u;l``t`")[0][1] == backup.create_database
    assert query(
        vault, "SELECT HEX(photo), LENGTH(email), born + 0, created_at + 0 FROM users ORDER BY id"
    ) == [
        ("00FF0A0D271A5C80", 14, 0, query(vault, "SELECT created_at + 0 FROM users WHERE id = 1")[0][0]),
        ("", 16, None, 0),
        (None, 20, 0, query(vault, "SELECT created_at + 0 FROM users WHERE id = 3")[0][0]),
    ]
    assert differences_from(vault, backup) == ()


@pytest.fixture
def kept(vault: DatabaseAddress, tmp_path: Path) -> tuple[Picture, Backup]:
    """The schema as it is, and a backup of it."""
    return picture(vault), backup_of(vault, tmp_path)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(debris=st.sets(st.sampled_from(range(len(PIECES_OF_DEBRIS)))))
def test_whatever_a_failed_change_left_behind_is_gone(
    vault: DatabaseAddress, kept: tuple[Picture, Backup], debris: set[int]
) -> None:
    before, backup = kept
    execute(vault, ";".join(["SET foreign_key_checks = 0", *(PIECES_OF_DEBRIS[n] for n in sorted(debris))]))
    restore_exactly(vault, backup, Told().console)
    assert picture(vault) == before


def test_users_and_their_rights_stay(mariadb: MariaDB, database: DatabaseAddress, tmp_path: Path) -> None:
    execute(
        database,
        f"""CREATE TABLE t (a INT, b INT); CREATE PROCEDURE p() SELECT 1; CREATE USER keeper;
        GRANT SELECT, TRIGGER ON {database.database}.* TO keeper; GRANT UPDATE (b) ON t TO keeper;
        GRANT EXECUTE ON PROCEDURE p TO keeper""",
    )
    try:
        before, backup = query(database, "SHOW GRANTS FOR keeper"), backup_of(database, tmp_path)
        restore_exactly(database, backup, Told().console)
        assert (query(database, "SHOW GRANTS FOR keeper"), len(before)) == (before, 4)
        mariadb.execute(f"REVOKE TRIGGER ON {database.database}.* FROM keeper")
        told = Told()
        restore_exactly(database, backup, told.console)
        assert told.lines[-2] == (
            "Warning: Rights are not part of a restore. different: the rights of 'keeper'@'%'"
        )
    finally:
        mariadb.execute("DROP USER keeper")


def test_the_servers_settings_are_as_before(
    mariadb: MariaDB, database: DatabaseAddress, tmp_path: Path
) -> None:
    asked = "SELECT @@GLOBAL.event_scheduler, @@GLOBAL.max_allowed_packet"
    mariadb.execute("SET GLOBAL event_scheduler = ON")
    try:
        before = query(database, asked)
        restore_exactly(database, backup_of(database, tmp_path), Told().console)
        assert (query(database, asked), before[0][0]) == (before, "ON")
    finally:
        mariadb.execute("SET GLOBAL event_scheduler = OFF")


def test_a_blob_larger_in_hex_than_the_servers_packet_comes_back(
    database: DatabaseAddress, tmp_path: Path
) -> None:
    execute(database, "CREATE TABLE t (b LONGBLOB); INSERT INTO t VALUES (REPEAT(X'00FF', 5000000))")
    before, backup = picture(database), backup_of(database, tmp_path)
    restore_exactly(database, backup, Told().console)
    assert picture(database) == before


def test_float_columns_are_named_because_a_dump_rounds_them(
    database: DatabaseAddress, tmp_path: Path
) -> None:
    execute(database, "CREATE TABLE t (f FLOAT, d DOUBLE); INSERT INTO t VALUES (16777217, 16777217)")
    told = Told()
    backup = backup_of(database, tmp_path, told)
    assert backup.inexact_columns == ("t.f",)
    assert "Warning: A dump keeps only six digits of FLOAT columns: t.f" in told.lines
    restore_exactly(database, backup, told.console)
    assert query(database, "SELECT CAST(f AS DOUBLE), d FROM t") == [(16777200, 16777217)]


def test_a_schema_that_differs_is_told_name_by_name(database: DatabaseAddress, tmp_path: Path) -> None:
    execute(
        database,
        "CREATE TABLE a (n INT); CREATE TABLE b (n INT); CREATE TABLE c (n INT); CREATE VIEW v AS SELECT 1",
    )
    execute(database, "INSERT INTO a VALUES (1); INSERT INTO b VALUES (1)")
    backup = backup_of(database, tmp_path)
    execute(
        database,
        "INSERT INTO a VALUES (2); UPDATE b SET n = 2; DROP VIEW v;"
        "CREATE TABLE d (n INT); ALTER TABLE c ADD m INT",
    )
    assert differences_from(database, backup) == (
        "different: table c",
        "not in the backup: table d",
        "missing: view v",
        "a: 2 rows instead of 1",
        "b: values in its rows differ",
    )


def test_a_safety_backup_comes_first_when_asked_for(database: DatabaseAddress, tmp_path: Path) -> None:
    execute(database, "CREATE TABLE t (n INT)")
    backup = backup_of(database, tmp_path)
    execute(database, "CREATE TABLE precious (n INT); INSERT INTO precious VALUES (1)")
    restore_exactly(database, backup, Told().console, safety_folder=tmp_path, now=NOW)
    safety = read_backup(tmp_path / "backup_before_restore_20261122_010203.sql.gz")
    restore_exactly(database, safety, Told().console)
    assert query(database, "SELECT n FROM precious") == [(1,)]


def flip_a_byte(dump: Path) -> None:
    raw = bytearray(dump.read_bytes())
    raw[len(raw) // 2] ^= 1
    dump.write_bytes(raw)


def cut_the_end(dump: Path) -> None:
    dump.write_bytes(dump.read_bytes()[:-20])


def add_something(dump: Path) -> None:
    dump.write_bytes(dump.read_bytes() + gzip.compress(b"DROP TABLE t;"))


def change_a_row(dump: Path) -> None:
    sql = gzip.decompress(dump.read_bytes())
    assert sql.count(b"(1)") == 1
    dump.write_bytes(gzip.compress(sql.replace(b"(1)", b"(2)")))


def empty_it(dump: Path) -> None:
    dump.write_bytes(b"")


def remove_it(dump: Path) -> None:
    dump.unlink()


@pytest.mark.parametrize(
    "sabotage", [flip_a_byte, cut_the_end, add_something, change_a_row, empty_it, remove_it]
)
def test_a_damaged_backup_is_refused_and_nothing_is_dropped(
    database: DatabaseAddress, tmp_path: Path, sabotage: Callable[[Path], None]
) -> None:
    execute(database, "CREATE TABLE t (n INT); INSERT INTO t VALUES (1)")
    before, backup = picture(database), backup_of(database, tmp_path)
    sabotage(backup.path)
    with pytest.raises(Refused, match="is damaged"):
        restore_exactly(database, backup, Told().console)
    assert picture(database) == before


def test_a_backup_of_another_database_is_refused(
    mariadb: MariaDB, database: DatabaseAddress, tmp_path: Path
) -> None:
    backup = backup_of(database, tmp_path)
    with mariadb.new_database() as other, pytest.raises(Refused, match="another database"):
        restore_exactly(other, backup, Told().console)


def test_obstacles_are_found_before_anybody_is_sent_away(
    mariadb: MariaDB, database: DatabaseAddress, tmp_path: Path
) -> None:
    execute(database, "CREATE TABLE t (n INT); INSERT INTO t VALUES (1)")
    backup = backup_of(database, tmp_path)
    with mariadb.new_database() as other, pytest.raises(Refused, match="another database"):
        prepare_restore(other, backup, Told().console).refuse_obstacles(None)
    with pytest.raises(Refused, match="safety backup of the current content failed"):
        prepare_restore(database, backup, Told().console).refuse_obstacles(Path("/proc"))  # no free bytes
    flip_a_byte(backup.path)
    with pytest.raises(Refused, match="is damaged"):
        prepare_restore(database, backup, Told().console).refuse_obstacles(None)


def test_a_restore_that_left_no_schema_can_be_repeated(database: DatabaseAddress, tmp_path: Path) -> None:
    execute(database, "CREATE TABLE t (n INT)")
    before, backup = picture(database), backup_of(database, tmp_path)
    execute(database, f"DROP DATABASE {database.database}")
    restore_exactly(database, backup, Told().console, safety_folder=tmp_path, now=NOW)
    assert picture(database) == before


def test_a_file_without_a_record_is_no_backup(tmp_path: Path) -> None:
    (tmp_path / "foreign.sql.gz").write_bytes(gzip.compress(b"DROP TABLE users; -- Dump completed"))
    with pytest.raises(Refused, match="not a backup made by Airlock"):
        read_backup(tmp_path / "foreign.sql.gz")


def test_a_load_that_fails_half_way_is_stuck_and_can_be_repeated(
    database: DatabaseAddress, tmp_path: Path
) -> None:
    execute(database, "CREATE TABLE t (n INT); INSERT INTO t VALUES (1)")
    before, backup = picture(database), backup_of(database, tmp_path)
    good = backup.path.read_bytes()
    wrong = gzip.compress(gzip.decompress(good).replace(b"INSERT INTO", b"INSERT INTOO"))
    backup.path.write_bytes(wrong)
    claimed = replace(backup, sha256=hashlib.sha256(wrong).hexdigest(), sql_bytes=backup.sql_bytes + 1)
    with pytest.raises(Stuck, match="half-way") as stuck:
        restore_exactly(database, claimed, Told().console)
    assert any("INTOO" in line for line in stuck.value.details)
    backup.path.write_bytes(good)
    restore_exactly(database, backup, Told().console)
    assert picture(database) == before


class Impatient(Console):
    """A person presses Ctrl-C as soon as progress is shown under the title."""

    def __init__(self, title: str) -> None:
        super().__init__(story=StringIO())
        self._title = title

    @contextmanager
    def progress(self, title: str, total_bytes: int | None) -> Iterator[Advance]:
        if title == self._title:
            os.kill(os.getpid(), signal.SIGINT)
        yield lambda size_bytes: None


def test_ctrl_c_after_everything_was_dropped_is_told_as_what_it_is(
    database: DatabaseAddress, tmp_path: Path
) -> None:
    execute(database, "CREATE TABLE t (n INT)")
    backup = backup_of(database, tmp_path)
    with pytest.raises(Stuck) as stuck:
        restore_exactly(database, backup, Impatient("Loading the backup"))
    assert str(stuck.value) == (
        "The restore stopped half-way; the database is incomplete.\n"
        "  Interrupted.\n"
        f"The backup is untouched. Try again: ./airlock restore {backup.path.name}"
    )


def test_ctrl_c_while_nothing_is_changed_claims_nothing(database: DatabaseAddress, tmp_path: Path) -> None:
    execute(database, "CREATE TABLE t (n INT)")
    backup = backup_of(database, tmp_path)
    with pytest.raises(KeyboardInterrupt):
        restore_exactly(database, backup, Impatient("Dumping the database"), safety_folder=tmp_path, now=NOW)
    assert query(database, "SHOW TABLES") == [("t",)]


def test_a_result_that_differs_from_the_record_is_stuck(database: DatabaseAddress, tmp_path: Path) -> None:
    execute(database, "CREATE TABLE t (n INT)")
    backup = replace(backup_of(database, tmp_path), migrations=())
    with pytest.raises(Stuck) as stuck:
        restore_exactly(database, backup, Told().console)
    assert stuck.value.details == (
        "The restored database differs from the backup.",
        "_prisma_migrations: the rows differ",
    )


def test_nothing_is_dropped_while_a_migration_runs(database: DatabaseAddress, tmp_path: Path) -> None:
    backup = backup_of(database, tmp_path)
    with connect(database) as other:
        rows_of(other, "SELECT GET_LOCK('prisma_migrate', 1)")
        with pytest.raises(AnotherRunActive):
            restore_exactly(database, backup, Told().console)


def test_a_record_reads_back_as_it_was_written(vault: DatabaseAddress, tmp_path: Path) -> None:
    backup = backup_of(vault, tmp_path)
    assert read_backup(backup.path) == backup
    backup.record_path.write_text(backup.record_path.read_text().replace('"format": 2', '"format": 4'))
    with pytest.raises(Refused, match="record of a backup"):
        read_backup(backup.path)
    write_record(backup)
    assert read_backup(backup.path) == backup
    assert names_in(tmp_path) == [backup.record_path.name, backup.path.name]


def test_a_user_with_rights_on_this_schema_alone_can_restore(
    mariadb: MariaDB, database: DatabaseAddress, tmp_path: Path
) -> None:
    mariadb.execute(f"CREATE USER app IDENTIFIED BY 'pw'; GRANT ALL ON {database.database}.* TO app")
    try:
        app = replace(database, user="app", password=Secret("pw"))
        execute(
            app, "CREATE TABLE t (n INT, KEY (n)); INSERT INTO t VALUES (1); CREATE PROCEDURE p() SELECT 1"
        )
        before, backup = picture(database), backup_of(database, tmp_path)
        execute(app, "DROP TABLE t")
        restore_exactly(app, backup, Told().console)
        assert picture(database) == before
    finally:
        mariadb.execute("DROP USER app")
