"""Drift: what somebody changed by hand is told, and nothing that nobody changed."""

import pytest

from installer.bundle.sql.migrations import Migration
from installer.database.records.applied_scripts import Drift
from installer.database.values.address import DatabaseAddress
from installer.mariadb.content.schema import read_definitions
from installer.mariadb.migration.history import read_history, record_applied
from installer.mariadb.migration.migrate import deploy
from installer.mariadb.schema_diff.drift import find_drift
from installer.mariadb.schema_diff.table_parts import part_differences
from installer.mariadb.server.server import connect
from tests.mariadb.backups import Told
from tests.mariadb.rehearsal.test_rehearse_migrations import PEOPLE, migrations_of
from tests.mariadb.schemas import EVERY_KIND, execute

pytestmark = [pytest.mark.engine, pytest.mark.database]
EVERYTHING = Migration("1", EVERY_KIND.encode())


def drift(address: DatabaseAddress, *migrations: Migration) -> Drift:
    with connect(address) as connection:
        return find_drift(address, read_definitions(connection), read_history(connection), migrations)


def test_the_example_has_none(database: DatabaseAddress) -> None:
    migrations = migrations_of("2.1.2")
    deploy(database, migrations, Told().console)
    execute(database, PEOPLE)
    assert drift(database, *migrations) == Drift()


def test_objects_of_every_kind_are_no_drift_by_themselves(database: DatabaseAddress) -> None:
    deploy(database, [EVERYTHING], Told().console)
    assert drift(database, EVERYTHING) == Drift()


@pytest.mark.parametrize(
    ("change", "lines"),
    [
        (
            "ALTER TABLE users ADD x INT",
            ["table `users`: column `x` is in the database, but no migration creates it."],
        ),
        (
            "ALTER TABLE users DROP COLUMN ratio",
            [
                "table `users`: column `ratio` is created by the migrations, but is not in the database.",
                "table `users`: check `ratio_small` is created by the migrations,"
                " but is not in the database.",
            ],
        ),
        (
            "ALTER TABLE users MODIFY photo BLOB",
            ["table `users`: column `photo` is `photo` blob DEFAULT NULL; the migrations create"
             " `photo` longblob DEFAULT NULL."],
        ),
        (
            "CREATE INDEX fast ON users (born)",
            ["table `users`: index `fast` is in the database, but no migration creates it."],
        ),
        (
            "ALTER TABLE users DROP FOREIGN KEY users_department",
            ["table `users`: foreign key `users_department` is created by the migrations,"
             " but is not in the database."],
        ),
        (
            "ALTER TABLE audit MODIFY what TEXT FIRST",
            ["table `audit`: the order of its columns differs from what the migrations create."],
        ),
        (
            "ALTER TABLE audit COMMENT 'x'",
            ["table `audit`: option list is ENGINE=InnoDB DEFAULT CHARSET=utf8mb4"
             " COLLATE=utf8mb4_general_ci COMMENT='x'; the migrations create"
             " ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci."],
        ),
        ("CREATE TABLE t (id INT)", ["table `t` is in the database, but no migration creates it."]),
        ("DROP SEQUENCE invoice_number",
         ["sequence `invoice_number` is created by the migrations, but is not in the database."]),
        ("CREATE VIEW v AS SELECT 1", ["view `v` is in the database, but no migration creates it."]),
        ("CREATE OR REPLACE VIEW user_names AS SELECT id FROM users",
         ["view `user_names` differs from what the migrations create."]),
        ("CREATE TRIGGER r BEFORE DELETE ON audit FOR EACH ROW SET @x = 1",
         ["trigger `r` is in the database, but no migration creates it."]),
        ("DROP PROCEDURE greet",
         ["procedure `greet` is created by the migrations, but is not in the database."]),
        ("CREATE OR REPLACE FUNCTION twice(n INT) RETURNS INT DETERMINISTIC RETURN n * 3",
         ["function `twice` differs from what the migrations create."]),
        ("ALTER TABLE audit MODIFY what TEXT COLLATE utf8mb4_bin",
         ["table `audit`: column `what` is `what` text CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"
          " DEFAULT NULL; the migrations create `what` text DEFAULT NULL."]),
        ("ALTER EVENT nightly ENABLE", ["event `nightly` differs from what the migrations create."]),
    ],
)  # fmt: skip
def test_what_was_changed_by_hand_is_told(database: DatabaseAddress, change: str, lines: list[str]) -> None:
    deploy(database, [EVERYTHING], Told().console)
    execute(database, change)
    assert drift(database, EVERYTHING) == Drift(tuple(lines))


def test_what_differs_without_a_change_is_no_drift(database: DatabaseAddress) -> None:
    script = (
        "CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY); CREATE SEQUENCE s;"
        "CREATE VIEW v AS SELECT id FROM t; CREATE PROCEDURE p() INSERT INTO t VALUES (NULL);"
        "CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO CALL p();"
        "CREATE EVENT once ON SCHEDULE AT '2037-01-01 00:00:00' DO CALL p();"
    )  # fmt: skip
    migration = Migration("1", script.encode())
    execute(database, f"ALTER DATABASE `{database.database}` CHARACTER SET latin1 COLLATE latin1_german2_ci")
    deploy(database, [migration], Told().console)
    execute(
        database,
        "CALL p(); SELECT NEXTVAL(s); DROP EVENT once; SET sql_mode = 'PIPES_AS_CONCAT'; SET NAMES latin1;"
        "CREATE OR REPLACE DEFINER=`ghost`@`nowhere` PROCEDURE p() INSERT INTO t VALUES (NULL);"
        "CREATE OR REPLACE DEFINER=`ghost`@`nowhere` VIEW v AS SELECT id FROM t;",
    )
    assert drift(database, migration) == Drift()


@pytest.mark.parametrize(
    ("live", "folder", "reason"),
    [
        ("CREATE TABLE t (id INT)", None, "The release does not have the script of the migration `1`."),
        (
            "CREATE TABLE t (id INT)",
            "CREATE TABLE t (id BIGINT)",
            "The migration `1` was edited after it was applied.",
        ),
        (
            "CREATE TABLE {schema}.t (id INT)",
            "CREATE TABLE {schema}.t (id INT)",
            "The migration `1` names another schema.",
        ),
        ("USE mysql", "USE mysql", "The migration `1` names another schema."),
    ],
)
def test_what_cannot_be_known_is_said(
    database: DatabaseAddress, live: str, folder: str | None, reason: str
) -> None:
    schema = database.database
    deploy(database, [Migration("1", live.format(schema=schema).encode())], Told().console)
    there = [Migration("1", folder.format(schema=schema).encode())] if folder else []
    assert drift(database, *there) == Drift(unknown=reason)


def test_a_script_that_does_not_run_on_empty_tables_is_named(database: DatabaseAddress) -> None:
    first, second = Migration("1", b"CREATE TABLE t (id INT)"), Migration("2", b"ALTER TABLE gone ADD x INT")
    deploy(database, [first], Told().console)
    with connect(database) as connection:
        record_applied(connection, second)
    found = drift(database, first, second)
    assert found.unknown.startswith(
        "The migration `2` does not run on empty tables: MariaDB error 1146: Table "
    )


def test_a_database_without_history_has_none(database: DatabaseAddress) -> None:
    assert drift(database) == Drift()


def test_the_usual_collation_of_another_time_is_no_drift() -> None:
    before = "CREATE TABLE `t` (\n  `a` text DEFAULT NULL\n) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE={}"
    one, other = before.format("utf8mb4_general_ci"), before.format("utf8mb4_uca1400_ai_ci")
    assert list(part_differences("t", one, other)) == []
    assert len(list(part_differences("t", one, before.format("utf8mb4_bin")))) == 1
