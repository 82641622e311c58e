"""The comparison of the old database with its backup, while its services start."""

import io
from pathlib import Path

import pytest

from installer.database.values.address import DatabaseAddress
from installer.mariadb.backup.backup import back_up
from installer.mariadb.database import MariaDbDatabase
from installer.mariadb.server.queries import run_sql
from installer.mariadb.server.server import connect
from installer.operations.plan.import_plan import ImportPlan, PlannedDatabase
from installer.operations.proof.prove_old_database import differences_found, proving
from installer.operations.services.change_context import Change
from installer.screen.console import Console
from installer.site.paths import backups_folder, runs_folder
from tests.operations.decisions.test_shared_data import situation

pytestmark = [pytest.mark.engine, pytest.mark.database]


@pytest.fixture
def change(database: DatabaseAddress, tmp_path: Path) -> Change:
    """An import that has backed the database up."""
    run(database, "CREATE TABLE users (id INT PRIMARY KEY)", "INSERT INTO users VALUES (1), (2)")
    run(database, "CREATE TABLE numbered (id INT AUTO_INCREMENT PRIMARY KEY)")
    plan = situation(tmp_path, "copy").plan
    (runs_folder(plan.release) / plan.run_name).mkdir(parents=True)
    console = Console(story=io.StringIO())
    back_up(database, backups_folder(plan.release), now=plan.started_at, console=console)
    return Change(plan, None, console, 10)


def run(database: DatabaseAddress, *statements: str) -> None:
    with connect(database) as connection:
        for statement in statements:
            run_sql(connection, statement)
        connection.commit()


def old(change: Change, database: DatabaseAddress) -> tuple[PlannedDatabase, Path, MariaDbDatabase]:
    """The old database, and the backup that it is compared with."""
    planned = change.plan.databases[0]
    return planned, change.plan.backup_path(planned), MariaDbDatabase(database)


def found(plan: ImportPlan) -> tuple[str, ...]:
    """The differences, without where they and the backup are."""
    return differences_found(plan)[:-2]


def test_what_services_write_once_they_run_is_no_difference(
    change: Change, database: DatabaseAddress
) -> None:
    with proving(change, [old(change, database)]):
        run(database, "INSERT INTO users VALUES (3)", "CREATE TABLE of_today (id INT)")
    assert differences_found(change.plan) == ()


def test_rows_that_were_written_before_are_found(change: Change, database: DatabaseAddress) -> None:
    run(database, "INSERT INTO users VALUES (3)")
    with proving(change, [old(change, database)]):
        run(database, "DELETE FROM users")
    assert found(change.plan) == ("users: 3 rows instead of 2",)


def test_a_next_number_that_the_servers_start_has_moved_is_no_difference(
    change: Change, database: DatabaseAddress
) -> None:
    run(database, "ALTER TABLE numbered AUTO_INCREMENT = 50")
    with proving(change, [old(change, database)]):
        pass
    assert differences_found(change.plan) == ()


def test_a_second_comparison_replaces_what_the_first_one_found(
    change: Change, database: DatabaseAddress
) -> None:
    run(database, "CREATE TABLE left_behind (id INT)")
    with proving(change, [old(change, database)]):
        pass
    assert found(change.plan) == ("not in the backup: table left_behind",)
    run(database, "DROP TABLE left_behind")
    with proving(change, [old(change, database)]):
        pass
    assert differences_found(change.plan) == ()


def test_a_comparison_that_cannot_be_made_does_not_stop_the_services_and_proves_nothing(
    change: Change, database: DatabaseAddress
) -> None:
    started = []
    next(backups_folder(change.plan.release).glob("*.json")).write_text("{}")
    with proving(change, [old(change, database)]):
        started.append("web")
    (line,) = found(change.plan)
    assert (started, line.startswith("The comparison failed: The record of a backup cannot be read")) == (
        ["web"],
        True,
    )
