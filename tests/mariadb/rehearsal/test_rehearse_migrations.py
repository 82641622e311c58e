"""A rehearsal on a copy: the example's releases, from the first table to the 2.1.3 that must fail."""

from pathlib import Path

import pytest

from installer.bundle.sql.migrations import Migration, migration_order, read_migrations
from installer.database.values.address import DatabaseAddress
from installer.database.values.rehearsal_result import Offender, Rehearsal
from installer.errors import Refused
from installer.mariadb.migration.migrate import deploy
from installer.mariadb.rehearsal.rehearse_migrations import rehearse_migrations
from installer.mariadb.trial.migration_costs import probing
from installer.screen.console import Console
from tests.mariadb.backups import Told
from tests.mariadb.schemas import execute, query

pytestmark = [pytest.mark.engine, pytest.mark.database]
VAULT = Path(__file__).parents[3] / "examples" / "customer-vault"
PEOPLE = """
INSERT INTO departments (code, name) VALUES ('HR', 'people');
INSERT INTO users (email, name, team) VALUES ('kim@a.kr', 'Kim', 'people'), ('Kim@b.kr', 'Kim', 'labs'),
  ('lee@a.kr', 'Lee', NULL), ('park@a.kr', 'Park', 'labs'), ('park@b.kr', 'Park', 'labs'),
  ('PARK@c.kr', 'P', NULL);
"""


def migrations_of(*versions: str) -> list[Migration]:
    """The migrations of the example's first version and of these releases."""
    folders = [VAULT / "app", *(VAULT / "releases" / version for version in versions)]
    found = [m for folder in folders for m in read_migrations(folder / "backend/prisma/migrations")]
    return sorted(found, key=lambda migration: migration_order(migration.name))


def rehearsed(copy: DatabaseAddress, migrations: list[Migration]) -> Rehearsal:
    return rehearse_migrations(copy, migrations, Told().console)


def vault(address: DatabaseAddress) -> None:
    """The example's database as 2.1.1 left it."""
    deploy(address, migrations_of(), Told().console)
    execute(address, PEOPLE)


def test_the_next_release_is_rehearsed_statement_by_statement(database: DatabaseAddress) -> None:
    vault(database)
    result = rehearsed(database, migrations_of("2.1.2"))
    assert (result.failure, result.drift, result.drift_unknown) == (None, (), "")
    told = [
        (one.number, one.line, one.rows, one.algorithm, one.lock) for one in result.migrations[0].statements
    ]
    assert told == [
        (1, 2, 0, "INSTANT", "NONE"),
        (2, 5, 1, None, None),
        (3, 12, 4, None, None),
        (4, 15, 0, "NOCOPY", "NONE"),
        (5, 18, 6, "COPY", "SHARED"),
        (6, 21, 0, None, None),
    ]
    assert [migration.name[15:] for migration in result.migrations] == [
        "add_user_department",
        "replace_nickname_with_display_name",
    ]
    assert [one.cost for one in result.migrations[1].statements] == ["instant", "", "instant", ""]
    assert result.seconds == sum(migration.seconds for migration in result.migrations) > 0
    assert all(one.seconds > 0 for migration in result.migrations for one in migration.statements)
    diff = "\n".join(result.schema_diff)
    assert "\n-  `nickname` varchar(100) DEFAULT NULL,\n" in diff
    assert "\n+  KEY `users_department_id_idx` (`department_id`),\n" in diff
    assert diff.startswith("--- table users\n+++ table users\n@@ ")
    assert "\n--- /dev/null\n+++ view department_overview\n@@ -0,0 +1 @@\n+CREATE " in diff
    assert "_prisma_migrations" not in diff
    assert schemas(database) == []


def test_the_broken_release_is_told_with_the_rows_in_its_way(database: DatabaseAddress) -> None:
    vault(database)
    result = rehearsed(database, migrations_of("2.1.2", "2.1.3"))
    assert result.failure is not None
    assert (result.failure.migration, result.failure.number, result.failure.line) == (
        "20260203064510_add_login_and_sessions", 5, 30,
    )  # fmt: skip
    assert result.failure.text == "CREATE UNIQUE INDEX `users_login_key` ON `users`(`login`)"
    assert (result.failure.code, result.failure.notes) == (1062, ())
    assert result.failure.offenders == (
        Offender(
            table="users",
            rows=5,
            select="SELECT * FROM `users` WHERE `login` IN (SELECT `login` FROM `users`"
            " WHERE `login` IS NOT NULL GROUP BY `login` HAVING COUNT(*) > 1)",
            words="5 rows of `users` share 2 values of `login`, which must be unique (`users_login_key`).",
            fits_today=False,
        ),
    )
    assert len(query(database, result.failure.offenders[0].select)) == 5
    assert [one.number for one in result.migrations[-1].statements] == [1, 2, 3, 4, 5]
    assert result.migrations[-1].statements[-1].rows is None
    assert (result.drift, result.drift_unknown) == ((), "")
    assert schemas(database) == []


def test_without_exactly_those_rows_the_broken_release_succeeds(database: DatabaseAddress) -> None:
    vault(database)
    execute(database, "DELETE FROM users WHERE SUBSTRING_INDEX(email, '@', 1) IN ('kim', 'park')")
    assert rehearsed(database, migrations_of("2.1.2", "2.1.3")).failure is None


def test_nothing_pending_leaves_everything_empty(database: DatabaseAddress) -> None:
    vault(database)
    assert rehearsed(database, migrations_of()) == Rehearsal()


def test_the_settings_of_a_script_hold_for_what_follows(database: DatabaseAddress) -> None:
    scripts = [
        b"CREATE TABLE t (id INT PRIMARY KEY, n INT, o INT, p INT);"
        b"INSERT INTO t VALUES (1, NULL, 5, 1), (2, 300, 5, 999)",
        b"SET sql_mode = ''; ALTER TABLE t ADD m INT;"
        b"SELECT 1; ALTER TABLE t MODIFY n TINYINT NOT NULL, ADD UNIQUE (m);"
        b"ALTER TABLE t ADD UNIQUE (o), MODIFY p TINYINT",
    ]
    result = rehearsed(database, [Migration(f"{number}", script) for number, script in enumerate(scripts)])
    assert result.failure is not None
    assert (result.failure.number, result.failure.code) == (5, 1062)
    assert [offender.rows for offender in result.failure.offenders] == [2]


def test_the_settings_of_a_script_end_with_it(database: DatabaseAddress) -> None:
    scripts = [
        b"CREATE TABLE t (id INT PRIMARY KEY, n INT); INSERT INTO t VALUES (1, NULL), (2, NULL);"
        b"SET sql_mode = '', foreign_key_checks = 0;",
        b"ALTER TABLE t ADD FOREIGN KEY (n) REFERENCES t (id);",
        b"ALTER TABLE t MODIFY n INT NOT NULL;",
    ]
    result = rehearsed(database, [Migration(f"{number}", script) for number, script in enumerate(scripts)])
    assert [(one.algorithm, one.lock) for one in result.migrations[1].statements] == [("COPY", "SHARED")]
    assert result.failure is not None
    assert (result.failure.migration, result.failure.code) == ("2", 1265)
    assert [offender.rows for offender in result.failure.offenders] == [2]


@pytest.mark.parametrize("setting", ["autocommit = 0", "sql_select_limit = 1", "wait_timeout = 1"])
def test_a_setting_that_would_hide_rows_does_not_hide_offenders(
    database: DatabaseAddress, setting: str
) -> None:
    tables = Migration(
        "1", b"CREATE TABLE t (id INT PRIMARY KEY, a INT); INSERT INTO t VALUES (1, 7), (2, 7), (3, 8);"
    )
    wrong = Migration("2", f"SET {setting}; ALTER TABLE t ADD b INT, ADD UNIQUE (a);".encode())
    result = rehearsed(database, [tables, wrong])
    assert result.failure is not None
    assert [offender.rows for offender in result.failure.offenders] == [2]


def test_a_session_that_may_only_read_fails_whatever_the_rows_are(database: DatabaseAddress) -> None:
    script = b"CREATE TABLE t (id INT); SET SESSION TRANSACTION READ ONLY; ALTER TABLE t ADD UNIQUE (id);"
    result = rehearsed(database, [Migration("1", script)])
    assert result.failure is not None
    assert (result.failure.code, result.failure.notes) == (
        1792, ("The statement also fails without any rows: the data is not the cause.",),
    )  # fmt: skip


def test_calls_and_results_keep_the_numbers_right(database: DatabaseAddress) -> None:
    script = (
        b"CREATE TABLE t (id INT PRIMARY KEY);\n"
        b"CREATE PROCEDURE p() BEGIN SELECT 1; INSERT INTO t VALUES (1); SELECT 2; END;\n"
        b"CALL p();\nSELECT * FROM t;\nINSERT INTO t VALUES (2), (3);\nINSERT INTO t VALUES (1);\n"
    )
    result = rehearsed(database, [Migration("1", script)])
    assert result.failure is not None
    assert (result.failure.number, result.failure.line) == (6, 6)
    assert [one.rows for one in result.migrations[0].statements] == [0, 0, 1, None, 2, None]


def test_a_script_without_statements_is_no_problem(database: DatabaseAddress) -> None:
    result = rehearsed(database, [Migration("1", b"-- nothing\n")])
    assert [(one.name, one.statements) for one in result.migrations] == [("1", ())]


def test_only_the_tables_that_are_named_are_copied(database: DatabaseAddress) -> None:
    execute(database, "".join(f"CREATE TABLE t{n} (id INT PRIMARY KEY);" for n in range(20)))
    with probing(database) as probe:
        probe.ask(Migration("1", b"ALTER TABLE t1 ADD n INT; UPDATE t2 SET id = 1"))
        tables = "FROM information_schema.tables WHERE table_schema LIKE 'airlock%'"
        assert query(database, f"SELECT table_name {tables}") == [("t1",)]


def test_a_lost_connection_is_a_failure_of_which_nothing_more_is_known(database: DatabaseAddress) -> None:
    script = b"CREATE TABLE t (id INT); KILL CONNECTION CONNECTION_ID(); DROP TABLE t"
    result = rehearsed(database, [Migration("1", script)])
    assert result.failure is not None
    assert (result.failure.number, result.failure.text) == (2, "KILL CONNECTION CONNECTION_ID()")
    assert (result.failure.offenders, result.failure.notes) == ((), ())
    assert schemas(database) == []


def test_ctrl_c_stays_ctrl_c_and_leaves_nothing(database: DatabaseAddress) -> None:
    class Impatient(Console):
        def say(self, line: str = "") -> None:
            if line.startswith("Applying"):
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rehearse_migrations(database, [Migration("1", b"CREATE TABLE t (id INT)")], Impatient())
    assert schemas(database) == []


def test_what_a_deployment_refuses_a_rehearsal_refuses(database: DatabaseAddress) -> None:
    execute(database, "CREATE TABLE t (id INT)")
    with pytest.raises(Refused, match="P3005"):
        rehearsed(database, [Migration("1", b"SELECT 1")])
    assert schemas(database) == []


def schemas(address: DatabaseAddress) -> list[tuple[object, ...]]:
    """What a rehearsal has left beside the copy."""
    return query(address, "SHOW DATABASES LIKE 'airlock%'")
