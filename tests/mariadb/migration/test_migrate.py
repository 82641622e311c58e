"""Applying migrations to a real server: rows, table and wording as Prisma's, refusal before any harm."""

import os
import re
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timezone
from pathlib import Path

import pytest

from installer.bundle.sql.migrations import Migration
from installer.database.records.migration_status import MigrationStatus
from installer.database.values.address import DatabaseAddress
from installer.database.values.history_row import HistoryRow
from installer.errors import AnotherRunActive, Refused, Stuck
from installer.mariadb.database import MariaDbDatabase
from installer.mariadb.migration.failure import MigrationFailed
from installer.mariadb.migration.history import read_history
from installer.mariadb.migration.migrate import Deployed, deploy
from installer.mariadb.migration.status import migration_status
from installer.mariadb.restore.restore import restore_exactly
from installer.mariadb.server.queries import rows_of, run_sql
from installer.mariadb.server.server import connect
from tests.mariadb.backups import Told, backup_of
from tests.mariadb.schemas import execute, picture, query
from tests.testbed.mariadb import MariaDB

pytestmark = [pytest.mark.engine, pytest.mark.database]
USERS = Migration(
    "20260101000000_users", b"-- CreateTable\nCREATE TABLE users (id INT PRIMARY KEY, name TEXT);\n"
)
SEED = Migration("20260102000000_seed", b"INSERT INTO users VALUES (1, '\xed\x95\x9c %s'), (2, ';');")
BROKEN = Migration(
    "20260103000000_broken",
    b"CREATE TABLE half (id INT);\nINSERT INTO users VALUES (3, 'half');\n\n"
    b"-- fails\nALTER TABLE users\n  ADD name INT;\nCREATE TABLE never (id INT);\n",
)
HISTORY_AS_PRISMA_MAKES_IT = """CREATE TABLE `_prisma_migrations` (
  `id` varchar(36) NOT NULL,
  `checksum` varchar(64) NOT NULL,
  `finished_at` datetime(3) DEFAULT NULL,
  `migration_name` varchar(255) NOT NULL,
  `logs` text DEFAULT NULL,
  `rolled_back_at` datetime(3) DEFAULT NULL,
  `started_at` datetime(3) NOT NULL DEFAULT current_timestamp(3),
  `applied_steps_count` int(10) unsigned NOT NULL DEFAULT 0,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci"""


def history(address: DatabaseAddress) -> tuple[HistoryRow, ...]:
    with connect(address) as connection:
        return read_history(connection)


def status(address: DatabaseAddress, *migrations: Migration) -> MigrationStatus:
    with connect(address) as connection:
        return migration_status(connection, migrations)


def shape(row: HistoryRow) -> tuple[str, str, bool, str | None, bool, int]:
    """What is the same in every run: name, checksum, finished?, logs, rolled back?, steps."""
    finished, rolled_back = row.finished_at is not None, row.rolled_back_at is not None
    return row.migration_name, row.checksum, finished, row.logs, rolled_back, row.applied_steps_count


def test_pending_migrations_are_applied_in_order_and_recorded_as_prisma_does(
    database: DatabaseAddress,
) -> None:
    told, before = Told(), datetime.now(timezone.utc)
    assert deploy(database, [USERS, SEED], told.console) == Deployed((USERS.name, SEED.name))
    assert query(database, "SHOW CREATE TABLE _prisma_migrations")[0][1] == HISTORY_AS_PRISMA_MAKES_IT
    rows = history(database)
    assert [shape(row) for row in rows] == [
        (USERS.name, USERS.checksum, True, None, False, 1),
        (SEED.name, SEED.checksum, True, None, False, 1),
    ]
    for row in rows:
        assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", row.id)
        assert f"{before:%Y-%m-%d %H:%M:%S}" <= row.started_at <= (row.finished_at or "")
    assert query(database, "SELECT name FROM users") == [("한 %s",), (";",)]
    assert told.lines == [
        "2 migrations to apply",
        f"Applying migration `{USERS.name}`",
        f"Applying migration `{SEED.name}`",
        "All migrations have been successfully applied.",
    ]
    assert status(database, USERS, SEED).is_up_to_date


def test_a_second_run_has_nothing_to_do(database: DatabaseAddress) -> None:
    deploy(database, [USERS], Told().console)
    told, rows = Told(), history(database)
    assert deploy(database, [USERS], told.console) == Deployed(())
    assert (told.lines, history(database)) == (["No pending migrations to apply."], rows)


def test_the_database_of_an_application_without_migrations_gets_no_history(database: DatabaseAddress) -> None:
    execute(database, "CREATE TABLE posts (id INT)")
    assert status(database) == MigrationStatus()
    assert deploy(database, [], Told().console, planned=()) == Deployed(())
    assert query(database, "SHOW TABLES") == [("posts",)]


def test_scripts_of_every_form_that_the_server_takes(database: DatabaseAddress) -> None:
    scripts = [
        b"-- only a comment",
        b"CREATE TABLE t (n INT)",
        b"CREATE PROCEDURE p() BEGIN INSERT INTO t VALUES (1); INSERT INTO t VALUES (2); END; CALL p();",
        b"CREATE TRIGGER r BEFORE INSERT ON t FOR EACH ROW BEGIN SET NEW.n = NEW.n * 10; END;\n"
        b"INSERT INTO t VALUES (3);",
        b"START TRANSACTION; INSERT INTO t VALUES (4);",
        b"LOCK TABLES t WRITE; INSERT INTO t VALUES (5);",
        b"USE mysql; SELECT 1; SELECT 2;",
        b"CREATE VIEW v AS SELECT n FROM t;",
    ]
    migrations = [Migration(f"{number}", script) for number, script in enumerate(scripts)]
    deploy(database, migrations, Told().console)
    assert query(database, "SELECT n FROM v ORDER BY n") == [(1,), (2,), (30,), (40,), (50,)]
    assert status(database, *migrations).is_up_to_date


def test_a_failing_statement_is_named_shown_and_recorded(database: DatabaseAddress) -> None:
    told = Told()
    with pytest.raises(MigrationFailed) as failed:
        deploy(database, [USERS, BROKEN, SEED], told.console)
    failure = failed.value
    assert (failure.name, failure.number, failure.code) == (BROKEN.name, 3, 1060)
    assert failure.statement == "ALTER TABLE users\n  ADD name INT"
    assert failure.happened == f"Migration `{BROKEN.name}` failed at statement 3."
    assert failure.details == (
        "MariaDB error 1060: Duplicate column name 'name'",
        "line 5:",
        "  ALTER TABLE users",
        "    ADD name INT",
    )
    assert failure.exit_code == 7
    assert [shape(row) for row in history(database)] == [
        (USERS.name, USERS.checksum, True, None, False, 1),
        (BROKEN.name, BROKEN.checksum, False, failure.logs, False, 0),
    ]
    assert "Database error:\nDuplicate column name 'name'" in failure.logs
    assert query(database, "SELECT COUNT(*) FROM half") == [(0,)]


def test_the_results_of_a_call_do_not_count_as_statements(database: DatabaseAddress) -> None:
    calls = Migration(
        "1",
        b"CREATE PROCEDURE p(n INT) BEGIN SELECT 1; SELECT 2; IF n THEN SIGNAL SQLSTATE '45000'; END IF; END;"
        b"CALL p(0); SELECT 1; CALL p(1); SELECT 1",
    )
    with pytest.raises(MigrationFailed) as failed:
        deploy(database, [calls], Told().console)
    assert (failed.value.number, failed.value.statement) == (4, "CALL p(1)")


def test_after_a_failure_nothing_more_is_applied_and_the_logs_are_shown(database: DatabaseAddress) -> None:
    with pytest.raises(MigrationFailed):
        deploy(database, [USERS, BROKEN], Told().console)
    before = picture(database)
    with pytest.raises(Refused, match="P3009") as refusal:
        deploy(database, [USERS, BROKEN, SEED], Told().console)
    started = history(database)[1].started_at
    assert refusal.value.details[0] == f"The `{BROKEN.name}` migration started at {started} UTC failed"
    assert "  Duplicate column name 'name'" in refusal.value.details
    assert picture(database) == before


@pytest.mark.parametrize(
    ("script", "code"),
    [
        (b"DELIMITER ;;\nSELECT 1;;", 1064),
        (b"\xef\xbb\xbfSELECT 1;", 1064),
        (b"", 1065),
        (b"INSERT INTO nowhere VALUES (1);", 1146),
        (
            b"START TRANSACTION; INSERT INTO users VALUES (9, 'x'); SIGNAL SQLSTATE '45000';",
            1644,
        ),
    ],
)
def test_a_script_that_the_server_refuses_fails_with_its_number(
    database: DatabaseAddress, script: bytes, code: int
) -> None:
    with pytest.raises(MigrationFailed) as failed:
        deploy(database, [USERS, Migration("20260109000000_bad", script)], Told().console)
    assert failed.value.code == code
    assert history(database)[1].logs == failed.value.logs
    assert query(database, "SELECT COUNT(*) FROM users") == [(0,)]


def test_what_a_failed_migration_left_is_gone_after_a_restore(
    database: DatabaseAddress, tmp_path: Path
) -> None:
    deploy(database, [USERS, SEED], Told().console)
    before, backup = picture(database), backup_of(database, tmp_path)
    with pytest.raises(MigrationFailed):
        deploy(database, [USERS, SEED, BROKEN], Told().console)
    restore_exactly(database, backup, Told().console)
    assert picture(database) == before
    assert status(database, USERS, SEED, BROKEN) == MigrationStatus((USERS.name, SEED.name), (BROKEN.name,))


@pytest.mark.parametrize(
    ("release", "words", "names"),
    [
        ([Migration(USERS.name, b"edited"), SEED], "edited", (USERS.name,)),
        ([SEED], "missing in the release", (USERS.name,)),
        ([USERS, SEED, Migration("20260103000000_empty", None)], "P3015", ("20260103000000_empty",)),
        ([USERS, Migration("20260103000000_big", b"-" * (17 << 20))], "max_allowed_packet", None),
    ],
)
def test_each_thing_against_it_is_refused_before_anything_is_applied(
    database: DatabaseAddress, release: list[Migration], words: str, names: tuple[str, ...] | None
) -> None:
    deploy(database, [USERS], Told().console)
    before = picture(database)
    with pytest.raises(Refused, match=words) as refusal:
        deploy(database, release, Told().console)
    assert names is None or refusal.value.details == names
    assert picture(database) == before


def test_a_schema_without_history_is_refused_until_it_has_a_baseline(database: DatabaseAddress) -> None:
    execute(database, "CREATE TABLE users (id INT PRIMARY KEY, name TEXT)")
    assert status(database, USERS, SEED) == MigrationStatus(pending=(USERS.name, SEED.name), unmanaged=True)
    with pytest.raises(Refused, match="P3005") as refusal:
        deploy(database, [USERS, SEED], Told().console)
    assert "airlock migrate baseline" in refusal.value.hint
    MariaDbDatabase(database).baseline([USERS], Told().console)
    assert query(database, "SHOW CREATE TABLE _prisma_migrations")[0][1] == HISTORY_AS_PRISMA_MAKES_IT
    [row] = history(database)
    assert shape(row) == (USERS.name, USERS.checksum, True, "", False, 0)
    assert row.started_at == row.finished_at
    assert deploy(database, [USERS, SEED], Told().console) == Deployed((SEED.name,))
    with pytest.raises(Refused, match="already has a migration history"):
        MariaDbDatabase(database).baseline([USERS], Told().console)


@pytest.mark.parametrize(
    ("planned", "lines"),
    [
        ((), (f"Not in the plan: {SEED.name}",)),
        ((USERS.name, SEED.name), (f"No longer pending: {USERS.name}",)),
        ((BROKEN.name,), (f"Not in the plan: {SEED.name}", f"No longer pending: {BROKEN.name}")),
    ],
)
def test_nothing_is_applied_unless_exactly_what_was_planned_is_pending(
    database: DatabaseAddress, planned: tuple[str, ...], lines: tuple[str, ...]
) -> None:
    deploy(database, [USERS], Told().console, planned=(USERS.name,))
    before = history(database)
    with pytest.raises(Refused) as refused:
        deploy(database, [USERS, SEED], Told().console, planned=planned)
    assert (refused.value.happened, refused.value.details) == (
        "The pending migrations differ from the plan.",
        lines,
    )
    assert history(database) == before


def test_views_and_sequences_do_not_make_a_schema_unmanaged(database: DatabaseAddress) -> None:
    execute(database, "CREATE VIEW v AS SELECT 1; CREATE SEQUENCE s")
    deploy(database, [USERS], Told().console)
    assert status(database, USERS).is_up_to_date


def test_a_failed_migration_resolved_as_rolled_back_is_pending_again(database: DatabaseAddress) -> None:
    with pytest.raises(MigrationFailed) as failed:
        deploy(database, [USERS, BROKEN], Told().console)
    MariaDbDatabase(database).resolve([USERS, BROKEN], BROKEN.name, "rolled-back")
    assert shape(history(database)[1]) == (BROKEN.name, BROKEN.checksum, False, failed.value.logs, True, 0)
    assert status(database, USERS, BROKEN) == MigrationStatus(
        applied=(USERS.name,), pending=(BROKEN.name,), rolled_back_only=(BROKEN.name,)
    )
    execute(database, "DROP TABLE half; DELETE FROM users; ALTER TABLE users CHANGE name name2 TEXT")
    assert deploy(database, [USERS, BROKEN], Told().console) == Deployed((BROKEN.name,))
    assert status(database, USERS, BROKEN).is_up_to_date


def test_a_failed_migration_resolved_as_applied_gets_a_new_row(database: DatabaseAddress) -> None:
    with pytest.raises(MigrationFailed) as failed:
        deploy(database, [USERS, BROKEN], Told().console)
    MariaDbDatabase(database).resolve([USERS, BROKEN], BROKEN.name, "applied")
    assert [shape(row) for row in history(database)[1:]] == [
        (BROKEN.name, BROKEN.checksum, False, failed.value.logs, True, 0),
        (BROKEN.name, BROKEN.checksum, True, "", False, 0),
    ]


def test_resolve_refuses_with_prismas_codes(database: DatabaseAddress) -> None:
    deploy(database, [USERS], Told().console)
    before = history(database)
    for name, settled, code in (
        (USERS.name, "applied", "P3008"),
        (SEED.name, "rolled-back", "P3011"),
        (USERS.name, "rolled-back", "P3012"),
        ("nowhere", "applied", "P3017"),
    ):
        with pytest.raises(Refused, match=code):
            MariaDbDatabase(database).resolve([USERS, SEED], name, settled)  # type: ignore[arg-type]
    assert history(database) == before


def test_a_late_migration_is_applied_with_a_warning(database: DatabaseAddress) -> None:
    deploy(database, [SEED_ALONE], Told().console)
    told = Told()
    deploy(database, [USERS, SEED_ALONE], told.console)
    assert f"Warning: Migration `{USERS.name}` is older than one that is already applied." in told.lines
    assert status(database, USERS, SEED_ALONE).out_of_order == (USERS.name,)


SEED_ALONE = Migration("20260202000000_other", b"CREATE TABLE other (n INT);")


def test_hostile_names_do_no_harm(database: DatabaseAddress) -> None:
    names = [
        "'; DROP TABLE users; --",
        "`x`",
        "a\nb\x1b[31m",
        "$(touch /tmp/harm) %s {name}",
        "same",
        "SAME",
        "한글 😀",
        "\\",
    ]
    migrations = [
        USERS,
        *(Migration(name, b"INSERT INTO users VALUES (%d, 'x')" % i) for i, name in enumerate(names)),
    ]
    told = Told()
    deploy(database, migrations, told.console)
    assert {row.migration_name for row in history(database)} == {USERS.name, *names}
    assert "Applying migration `a\\nb\\x1b[31m`" in told.lines
    assert status(database, *migrations).edited == ()
    assert {row.applied_steps_count for row in history(database)} == {1}, (
        "the table takes a and A for the same name"
    )


def test_whoever_holds_the_lock_is_named(database: DatabaseAddress) -> None:
    with connect(database) as prisma:
        rows_of(prisma, "SELECT GET_LOCK('prisma_migrate', 1)")
        number = prisma.thread_id()  # type: ignore[no-untyped-call]
        with pytest.raises(AnotherRunActive) as refusal:
            deploy(database, [USERS], Told().console, lock_seconds=0)
    assert re.fullmatch(
        rf"connection {number} of root from [\d.:]+, for \d+ s: Sleep", refusal.value.details[0]
    )
    assert query(database, "SHOW TABLES") == []
    deploy(database, [USERS], Told().console, lock_seconds=0)


def test_the_lock_is_held_while_a_script_runs(database: DatabaseAddress) -> None:
    check = Migration(
        "1", b"CREATE TABLE held (free INT); INSERT INTO held SELECT IS_FREE_LOCK('prisma_migrate');"
    )
    deploy(database, [check], Told().console)
    assert query(database, "SELECT free, IS_FREE_LOCK('prisma_migrate') FROM held") == [(0, 1)]


def test_a_statement_that_waits_too_long_names_who_is_in_the_way(database: DatabaseAddress) -> None:
    deploy(database, [USERS], Told().console)
    alter = Migration("20260104000000_alter", b"ALTER TABLE users ADD age INT;")
    with connect(database) as reader:
        run_sql(reader, "START TRANSACTION")
        rows_of(reader, "SELECT * FROM users")
        with pytest.raises(MigrationFailed) as failed:
            deploy(database, [USERS, alter], Told().console, lock_wait_seconds=1)
    assert failed.value.code == 1205
    assert failed.value.details[-1].startswith("connection ")


@pytest.mark.parametrize(
    ("failing", "code"),
    [("DROP TABLE nothing", 1051), ("SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = 1205", 1205)],
)
def test_a_failing_statement_is_told_also_where_nobody_else_can_be_asked(
    database: DatabaseAddress, failing: str, code: int
) -> None:
    others = "information_schema.processlist WHERE db = DATABASE() AND id <> CONNECTION_ID()"
    script = f"SET @other = (SELECT id FROM {others}); KILL @other; SELECT SLEEP(0.2); {failing}"
    ending = Migration("20260104000000_ending", script.encode())
    with pytest.raises(MigrationFailed) as failed:
        deploy(database, [USERS, ending], Told().console)
    assert (failed.value.number, failed.value.statement, failed.value.code) == (4, failing, code)
    assert [row.migration_name for row in status(database, USERS, ending).failed] == [ending.name]


def test_a_server_that_dies_in_a_script_leaves_an_interrupted_row(
    mariadb: MariaDB, database: DatabaseAddress
) -> None:
    slow = Migration("20260104000000_slow", b"SELECT 1; SELECT SLEEP(30);")
    with killing_the_sleeper(mariadb), pytest.raises(MigrationFailed) as failed:
        deploy(database, [USERS, slow], Told().console)
    assert (failed.value.number, failed.value.code) == (2, 2013)
    assert [shape(row) for row in history(database)][1:] == [
        (slow.name, slow.checksum, False, None, False, 0)
    ]
    assert [row.migration_name for row in status(database, USERS, slow).failed] == [slow.name]


def test_ctrl_c_in_a_script_is_told_as_what_it_is_and_leaves_an_interrupted_row(
    mariadb: MariaDB, database: DatabaseAddress
) -> None:
    slow = Migration("20260104000000_slow", b"SELECT 1; SELECT SLEEP(30);")

    def press_ctrl_c(_connection: object) -> None:
        os.kill(os.getpid(), signal.SIGINT)

    with when_it_sleeps(mariadb, press_ctrl_c), pytest.raises(Stuck) as stuck:
        deploy(database, [USERS, slow], Told().console)
    assert str(stuck.value) == (
        "Migration `20260104000000_slow` was interrupted.\n"
        "  Some of its statements may have taken effect; the server may still be running one.\n"
        "Restore the backup: ./airlock restore."
        " Or repair the database by hand, then run: ./airlock migrate resolve"
    )
    assert [row.migration_name for row in status(database, USERS, slow).failed] == [slow.name]


@contextmanager
def killing_the_sleeper(mariadb: MariaDB) -> Iterator[None]:
    with when_it_sleeps(mariadb, lambda connection: mariadb.execute(f"KILL {connection}")):
        yield


@contextmanager
def when_it_sleeps(mariadb: MariaDB, act: Callable[[object], None]) -> Iterator[None]:
    """While the body runs, wait for a connection that sleeps in SQL, and act on it."""

    def wait_and_act() -> None:
        found: list[tuple[object, ...]] = []
        while not found:
            found = query(
                mariadb.address("mysql"),
                "SELECT id FROM information_schema.processlist WHERE info LIKE 'SELECT SLEEP%'",
            )
        act(found[0][0])

    waiting = threading.Thread(target=wait_and_act)
    waiting.start()
    yield
    waiting.join()
