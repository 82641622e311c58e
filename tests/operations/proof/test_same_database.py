"""The database that a release has started, compared with the backup before anything is written to it."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from installer.database.values.address import DatabaseAddress
from installer.errors import AirlockError
from installer.mariadb.backup.backup import Backup, back_up, read_backup
from installer.mariadb.content.take_picture import picture_of
from installer.mariadb.database import MariaDbDatabase
from installer.operations.proof.same_database import expect_same_database, is_counted, judge_started
from installer.operations.services.change_context import Change
from installer.site.paths import backups_folder
from tests.mariadb.backups import Told
from tests.mariadb.schemas import execute
from tests.operations.decisions.test_shared_data import situation
from tests.testbed.mariadb import MariaDB

pytestmark = [pytest.mark.engine, pytest.mark.database]
OURS = """CREATE TABLE users (id INT PRIMARY KEY); INSERT INTO users VALUES (1), (2);
    CREATE VIEW names AS SELECT id FROM users;
    CREATE TABLE _prisma_migrations (id VARCHAR(36) PRIMARY KEY, checksum VARCHAR(64),
        finished_at DATETIME(3), migration_name VARCHAR(255), logs TEXT, rolled_back_at DATETIME(3),
        started_at DATETIME(3), applied_steps_count INT UNSIGNED);
    INSERT INTO _prisma_migrations VALUES ('1', 'c', NOW(), '1_users', NULL, NULL, NOW(), 1)"""
NOT_THE_ONE = "The new release's database is not the one that was backed up."


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def change(database: DatabaseAddress, told: Told, tmp_path: Path) -> Change:
    """An import that has backed the database up."""
    execute(database, OURS)
    plan = situation(tmp_path, "copy").plan
    back_up(database, backups_folder(plan.release), now=plan.started_at, console=told.console)
    return Change(plan, None, told.console, 10)


def compare(change: Change, address: DatabaseAddress) -> None:
    path = change.plan.backup_path(change.plan.databases[0])
    expect_same_database(path, MariaDbDatabase(address), "", change.console)


def refused(change: Change, address: DatabaseAddress) -> Sequence[str]:
    """What shows that it is another database, without where the backup is."""
    with pytest.raises(AirlockError, match=NOT_THE_ONE) as wrong:
        compare(change, address)
    return wrong.value.details[:-1]


def backup_of(change: Change) -> Backup:
    return read_backup(change.plan.backup_path(change.plan.databases[0]))


def test_the_very_database_is_the_same_and_nothing_is_told(
    change: Change, database: DatabaseAddress, told: Told
) -> None:
    before = told.lines
    compare(change, database)
    assert told.lines == before


def test_a_database_that_came_up_empty_is_not_the_one(change: Change, mariadb: MariaDB) -> None:
    with mariadb.new_database() as empty:
        assert refused(change, empty) == (
            "missing: table _prisma_migrations",
            "missing: table users",
            "missing: view names",
            "_prisma_migrations: the rows differ",
        )


@pytest.mark.parametrize(
    ("statement", "line"),
    [
        ("DELETE FROM users WHERE id = 1", "users: 1 rows instead of 2"),
        ("ALTER TABLE users ADD age INT", "different: table users"),
        ("UPDATE _prisma_migrations SET migration_name = '2_more'", "_prisma_migrations: the rows differ"),
        ("CREATE TABLE more (id INT)", "not in the backup: table more"),
    ],
)
def test_an_older_or_newer_copy_of_the_database_is_not_the_one(
    change: Change, database: DatabaseAddress, statement: str, line: str
) -> None:
    execute(database, statement)
    assert refused(change, database) == (line,)


def test_rows_written_after_the_backup_are_told_and_do_not_stop_the_import(
    change: Change, database: DatabaseAddress, told: Told
) -> None:
    execute(database, "INSERT INTO users VALUES (3)")
    compare(change, database)
    assert told.lines[-1] == (
        "Warning: Changed since the backup, which was made while the database was running:"
        " users: 3 rows instead of 2"
    )


def test_events_may_have_removed_rows_and_themselves_meanwhile(
    change: Change, database: DatabaseAddress
) -> None:
    backup = replace(backup_of(change), objects={**backup_of(change).objects, "event": {"nightly": "1"}})
    execute(database, "DELETE FROM users")
    now = picture_of(database)
    assert list(judge_started(backup, now, same_server=True, has_events=True)) == []
    assert list(judge_started(backup, now, same_server=True, has_events=False)) == [
        "users: 0 rows instead of 2"
    ]


def test_another_version_of_the_server_may_word_its_definitions_otherwise(
    change: Change, database: DatabaseAddress
) -> None:
    execute(database, "ALTER TABLE users COMMENT 'worded otherwise'")
    now, backup = picture_of(database), backup_of(change)
    assert list(judge_started(backup, now, same_server=False, has_events=False)) == []


def test_rows_are_counted_where_that_takes_a_moment(change: Change) -> None:
    backup = backup_of(change)
    sizes = {1024**2: True, 1024**3: False, None: False}
    assert {size: is_counted(replace(backup, data_bytes=size)) for size in sizes} == sizes
