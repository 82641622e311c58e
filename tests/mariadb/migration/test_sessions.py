"""Each script has its own session: what it leaves there reaches neither the history nor the next script."""

import os
import signal
import threading
import time

import pytest

from installer.bundle.sql.migrations import Migration
from installer.database.values.address import DatabaseAddress
from installer.database.values.rehearsal_result import RehearsalFailure
from installer.errors import Stuck
from installer.mariadb.database import MariaDbDatabase
from installer.mariadb.migration.failure import MigrationFailed
from installer.mariadb.migration.history import CREATE_TABLE, read_history
from installer.mariadb.migration.migrate import Deployed, deploy
from installer.mariadb.migration.status import migration_status
from installer.mariadb.rehearsal.rehearse_migrations import rehearse_migrations
from installer.mariadb.server.queries import run_sql
from installer.mariadb.server.server import connect
from tests.mariadb.backups import Told
from tests.mariadb.schemas import execute, query
from tests.testbed.mariadb import MariaDB

pytestmark = [pytest.mark.engine, pytest.mark.database]
TABLES = Migration(
    "20260301080000_tables",
    b"CREATE TABLE crates (id INT PRIMARY KEY, label VARCHAR(40)); CREATE TABLE seen (v TEXT);",
)
EXPORT = """-- phpMyAdmin SQL Dump
-- version 5.2.1
SET SQL_MODE = "NO_AUTO_VALUE_ON_ZERO";
SET AUTOCOMMIT = 0;
START TRANSACTION;
SET time_zone = "+00:00";
/*!40101 SET NAMES latin1 */;
CREATE TABLE `harbours` (`code` char(3) NOT NULL, `name` varchar(30) NOT NULL);
INSERT INTO `harbours` (`code`, `name`) VALUES ('BSN', 'Busan'), ('ICN', 'Incheon');
ALTER TABLE `harbours` ADD PRIMARY KEY (`code`);
"""
SEEN = (
    "SELECT CONCAT_WS('|', @@autocommit, @@in_transaction, @@sql_mode, @@foreign_key_checks, @@unique_checks,"
    " @@time_zone, @@tx_read_only, @@max_statement_time, @@character_set_client, @@collation_connection,"
    " @@sql_safe_updates, @@completion_type, @@wait_timeout, @@lock_wait_timeout, @@innodb_lock_wait_timeout,"
    " @@sql_select_limit, @@default_storage_engine, @@alter_algorithm, DATABASE(), COALESCE(@mine, 'unset'),"
    " COALESCE(IS_USED_LOCK('cargo'), 'free'))"
)
LOOK = Migration("20260303080000_look", f"INSERT INTO seen {SEEN};".encode())
TEA = "INSERT INTO crates VALUES (1, 'tea')"
LEFT_BEHIND = {
    "autocommit off": f"SET autocommit = 0; {TEA}",
    "a transaction": f"START TRANSACTION; {TEA}",
    "read only": f"{TEA}; SET SESSION TRANSACTION READ ONLY; START TRANSACTION",
    "a hurried session": f"SET autocommit = 0; {TEA};"
    " SET max_statement_time = 0.000001, innodb_lock_wait_timeout = 1, wait_timeout = 1",
    "another schema": f"{TEA}; USE mysql",
    "another character set": f"{TEA}; SET NAMES latin1;"
    " SET character_set_results = utf16",
    "another sql_mode": f"SET sql_mode = 'ORACLE', autocommit = 0; {TEA}",
    "checks off": f"SET foreign_key_checks = 0, unique_checks = 0; {TEA}",
    "another time zone": f"SET time_zone = '-11:00'; {TEA}",
    "locked tables": f"LOCK TABLES crates WRITE; {TEA}",
    "a read lock on all": f"SET autocommit = 0; {TEA}; FLUSH TABLES WITH READ LOCK",
    "a backup stage": f"{TEA}; BACKUP STAGE START; BACKUP STAGE BLOCK_COMMIT",
    "a backup lock": f"{TEA}; BACKUP LOCK _prisma_migrations",
    "a user's lock": f"DO GET_LOCK('cargo', 1); {TEA}",
    "all locks released": f"DO RELEASE_ALL_LOCKS(); {TEA}",
    "a temporary table": f"{TEA}; CREATE TEMPORARY TABLE seen (v INT)",
    "a hidden history": f"{TEA}; CREATE TEMPORARY TABLE _prisma_migrations (v INT)",
    "a variable": f"SET @mine = 'x'; {TEA}",
    "a chain": f"SET completion_type = 'RELEASE', autocommit = 0; {TEA}",
    "a careful session": f"{TEA}; SET sql_safe_updates = 1, sql_select_limit = 0",
    "an open handler": f"{TEA}; HANDLER seen OPEN",
}  # fmt: skip


def applied(address: DatabaseAddress) -> list[str]:
    """The names that another connection finds applied."""
    with connect(address) as connection:
        return [row.migration_name for row in read_history(connection) if row.is_applied]


def seen_by_look(address: DatabaseAddress) -> object:
    """What the migration `LOOK` saw of its session, but for its schema."""
    [(words,)] = query(address, "SELECT v FROM seen")
    return str(words).replace(address.database, "THIS")


@pytest.fixture(scope="module")
def alone(mariadb: MariaDB) -> object:
    """What `LOOK` sees when no script came before it in its run."""
    with mariadb.new_database() as address:
        deploy(address, [TABLES], Told().console)
        deploy(address, [TABLES, LOOK], Told().console, lock_wait_seconds=5)
        return seen_by_look(address)


@pytest.mark.parametrize("script", LEFT_BEHIND.values(), ids=LEFT_BEHIND)
def test_what_a_script_leaves_in_its_session_reaches_neither_history_nor_next_script(
    database: DatabaseAddress, alone: object, script: str
) -> None:
    careless = Migration("20260302080000_careless", f"{script};".encode())
    names = (TABLES.name, careless.name, LOOK.name)
    assert deploy(database, [TABLES, careless, LOOK], Told().console, lock_wait_seconds=5) == Deployed(names)
    assert applied(database) == list(names)
    assert query(database, "SELECT id, label FROM crates") == [(1, "tea")]
    assert seen_by_look(database) == alone
    assert query(database, "SELECT IS_FREE_LOCK('cargo'), IS_FREE_LOCK('prisma_migrate')") == [(1, 1)]


@pytest.mark.parametrize(
    ("name", "value"),
    [("sql_mode", "''"), ("foreign_key_checks", "0"), ("tx_read_only", "1"), ("autocommit", "0"),
     ("max_statement_time", "30"), ("time_zone", "'-11:00'"), ("read_only", "1"), ("wait_timeout", "1"),
     ("sql_select_limit", "0"), ("alter_algorithm", "'INSTANT'"), ("default_storage_engine", "'Aria'")],
)  # fmt: skip
def test_what_a_script_sets_for_the_whole_server_does_not_reach_the_next_script(
    mariadb: MariaDB, database: DatabaseAddress, alone: object, name: str, value: str
) -> None:
    setting = Migration("20260302080000_global", f"SET GLOBAL {name} = {value};".encode())
    [(before,)] = query(database, f"SELECT @@GLOBAL.{name}")
    try:
        deploy(database, [TABLES, setting, LOOK], Told().console, lock_wait_seconds=5)
    finally:
        with connect(mariadb.address("mysql")) as connection:
            run_sql(connection, f"SET GLOBAL {name} = %s", (before,))  # type: ignore[arg-type]
    assert applied(database) == [TABLES.name, setting.name, LOOK.name]
    assert seen_by_look(database) == alone


@pytest.mark.parametrize("export", [EXPORT, f"{EXPORT}COMMIT;\n"])
def test_after_an_export_of_phpmyadmin_the_next_release_can_be_deployed(
    database: DatabaseAddress, export: str
) -> None:
    first, second = Migration("20260302080000_harbours", export.encode()), LOOK
    copy = rehearse_migrations(database, [TABLES], Told().console)
    assert copy.failure is None
    assert deploy(database, [TABLES, first], Told().console, planned=(first.name,)) == Deployed((first.name,))
    assert query(database, "SELECT code FROM harbours ORDER BY code") == [("BSN",), ("ICN",)]
    assert deploy(database, [TABLES, first, second], Told().console) == Deployed((second.name,))
    with connect(database) as connection:
        assert migration_status(connection, [TABLES, first, second]).is_up_to_date


XA = "XA START 'cargo'; INSERT INTO crates VALUES (1, 'tea')"


@pytest.mark.parametrize("script", [XA, f"{XA}; XA END 'cargo'", f"{XA}; XA END 'cargo'; XA PREPARE 'cargo'"])
def test_an_xa_transaction_that_stays_open_fails_the_migration_and_is_recorded_so(
    database: DatabaseAddress, script: str
) -> None:
    careless = Migration("20260302080000_careless", f"{script};".encode())
    try:
        with pytest.raises(MigrationFailed) as failed:
            deploy(database, [TABLES, careless, LOOK], Told().console, lock_wait_seconds=1)
    finally:
        for _format, _length, _qualifier, name in query(database, "XA RECOVER"):
            execute(database, f"XA ROLLBACK '{name.decode() if isinstance(name, bytes) else name}'")
    assert (failed.value.code, failed.value.number) == (1399, len(script.split(";")))
    assert failed.value.details[1] == (
        "All statements ran, but the script's open transaction could not be committed."
    )
    with connect(database) as connection:
        row = read_history(connection)[-1]
    assert (row.migration_name, row.is_failed, row.logs) == (careless.name, True, failed.value.logs)


def test_a_script_that_fails_under_its_own_locks_is_recorded_as_failed(database: DatabaseAddress) -> None:
    for number, lock in enumerate(
        ("FLUSH TABLES WITH READ LOCK", "LOCK TABLES crates WRITE", "SET autocommit = 0")
    ):
        bad = Migration(f"2026030{number + 2}080000_bad", f"{lock}; SELECT * FROM nowhere;".encode())
        with pytest.raises(MigrationFailed) as failed:
            deploy(database, [TABLES, bad], Told().console, lock_wait_seconds=2)
        with connect(database) as connection:
            row = read_history(connection)[-1]
        assert (row.migration_name, row.logs) == (bad.name, failed.value.logs)
        execute(database, "DELETE FROM _prisma_migrations WHERE finished_at IS NULL")


def test_after_ctrl_c_the_server_does_not_go_on_with_the_script(
    mariadb: MariaDB, database: DatabaseAddress
) -> None:
    slow = Migration("20260302080000_slow", b"SELECT SLEEP(30); INSERT INTO crates VALUES (1, 'late');")
    sleeping = "SELECT id FROM information_schema.processlist WHERE info LIKE 'SELECT SLEEP%'"

    def press_ctrl_c() -> None:
        while not query(mariadb.address("mysql"), sleeping):
            time.sleep(0.02)
        os.kill(os.getpid(), signal.SIGINT)

    pressing = threading.Thread(target=press_ctrl_c)
    pressing.start()
    with pytest.raises(Stuck, match="interrupted"):
        deploy(database, [TABLES, slow], Told().console)
    pressing.join()
    assert (query(database, sleeping), query(database, "SELECT * FROM crates")) == ([], [])
    with connect(database) as connection:
        assert [row.migration_name for row in read_history(connection) if row.is_failed] == [slow.name]


DROPPED = "DROP TABLE _prisma_migrations"
HISTORIES = {
    "emptied": "DELETE FROM _prisma_migrations",
    "dropped": DROPPED,
    "made anew": f"{DROPPED}; {CREATE_TABLE}",
    "someone else's": f"{DROPPED}; {CREATE_TABLE};"
    " INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at)"
    " VALUES ('1', 'x', '20260302080000_export', NOW(3)), ('2', 'x', '20260301080000_tables', NOW(3))",
    "another name": "UPDATE _prisma_migrations SET migration_name = 'x'",
    "undone by a trigger": "CREATE TRIGGER forget BEFORE UPDATE ON _prisma_migrations FOR EACH ROW"
    " SET NEW.rolled_back_at = IF(NEW.finished_at IS NULL, NULL, NOW(3))",
    "rolled back": "UPDATE _prisma_migrations SET rolled_back_at = NOW(3)",
}


@pytest.mark.parametrize("script", HISTORIES.values(), ids=HISTORIES)
def test_a_script_that_takes_its_own_record_away_stops_the_run(
    database: DatabaseAddress, script: str
) -> None:
    export = Migration("20260302080000_export", f"{script};".encode())
    with pytest.raises(MigrationFailed) as failed:
        deploy(database, [TABLES, export, LOOK], Told().console)
    assert failed.value.name == export.name
    assert "All statements were applied, but the history could not be written." in failed.value.details
    assert query(database, "SELECT * FROM seen") == []


def test_an_earlier_record_that_a_script_takes_away_is_named(database: DatabaseAddress) -> None:
    deploy(database, [TABLES], Told().console)
    squash = Migration(
        "20260302080000_squash", b"DELETE FROM _prisma_migrations WHERE migration_name LIKE '%tables';"
    )
    with pytest.raises(MigrationFailed) as failed:
        deploy(database, [TABLES, squash], Told().console)
    assert failed.value.details[:2] == (
        "The migration history does not contain the rows that were written to it.",
        TABLES.name,
    )


def test_nothing_is_called_done_before_another_connection_has_read_it(database: DatabaseAddress) -> None:
    mine = "IS_USED_LOCK('prisma_migrate') = CONNECTION_ID()"
    script = (
        "RENAME TABLE _prisma_migrations TO hidden;"
        f" CREATE VIEW _prisma_migrations AS SELECT * FROM hidden WHERE {mine};"
    )
    secretive, told = Migration("20260302080000_secretive", script.encode()), Told()
    with pytest.raises(MigrationFailed) as failed:
        deploy(database, [TABLES, secretive], told.console)
    assert failed.value.details[:3] == (
        "The migration history does not contain the rows that were written to it.",
        TABLES.name,
        secretive.name,
    )
    assert told.lines[-1] == f"Applying migration `{secretive.name}`"


def test_a_rehearsal_tells_a_record_that_is_lost_as_a_failure(database: DatabaseAddress) -> None:
    script = b"CREATE TABLE more (id INT);\nDELETE FROM _prisma_migrations;"
    result = rehearse_migrations(
        database, [TABLES, Migration("20260302080000_export", script)], Told().console
    )
    assert result.failure == RehearsalFailure(
        migration="20260302080000_export",
        number=2,
        line=2,
        text="DELETE FROM _prisma_migrations",
        code=0,
        error="The migration history does not contain the rows that were written to it.",
        notes=(
            TABLES.name,
            "20260302080000_export",
            "All statements were applied, but the history could not be written.",
        ),
    )


def test_a_baseline_and_a_resolution_that_are_not_kept_are_no_success(database: DatabaseAddress) -> None:
    undo = "FOR EACH ROW SET NEW.finished_at = NULL, NEW.rolled_back_at = NULL"
    execute(database, f"{CREATE_TABLE}; CREATE TRIGGER i BEFORE INSERT ON _prisma_migrations {undo}")
    told = Told()
    with pytest.raises(Stuck) as stuck:
        MariaDbDatabase(database).baseline([TABLES], told.console)
    assert (stuck.value.details, told.lines) == ((TABLES.name,), [])
    execute(database, f"CREATE TRIGGER u BEFORE UPDATE ON _prisma_migrations {undo}")
    for settled in ("applied", "rolled-back"):
        with pytest.raises(Stuck):
            MariaDbDatabase(database).resolve([TABLES], TABLES.name, settled)  # type: ignore[arg-type]


def test_the_connection_of_the_history_outlasts_a_short_patience_of_the_server(
    mariadb: MariaDB, database: DatabaseAddress
) -> None:
    slow = Migration("20260302080000_slow", b"DO SLEEP(4);")
    mariadb.execute("SET GLOBAL wait_timeout = 1")
    try:
        deploy(database, [TABLES, slow], Told().console)
    finally:
        mariadb.execute("SET GLOBAL wait_timeout = DEFAULT")
    assert applied(database) == [TABLES.name, slow.name]


def test_a_lost_connection_of_the_history_is_noticed(mariadb: MariaDB, database: DatabaseAddress) -> None:
    killing = (
        b"SELECT IS_USED_LOCK('prisma_migrate') INTO @records; KILL @records;"
        b" INSERT INTO crates VALUES (7, 'x');"
    )
    with pytest.raises(MigrationFailed) as failed:
        deploy(database, [TABLES, Migration("20260302080000_kill", killing), LOOK], Told().console)
    assert failed.value.name == "20260302080000_kill"
    assert failed.value.details[-1] == "All statements were applied, but the history could not be written."
    assert (applied(database), query(database, "SELECT id FROM crates")) == ([TABLES.name], [(7,)])
