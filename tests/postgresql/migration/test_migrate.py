"""Migrations are applied to a real PostgreSQL server as Prisma applies them."""

import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from installer.bundle.sql.migrations import Migration
from installer.database.records.migration_status import MigrationStatus
from installer.database.records.settle_migrations import Settled
from installer.database.values.address import DatabaseAddress
from installer.database.values.history_row import HistoryRow
from installer.database.values.invalid_index import InvalidIndex
from installer.errors import AnotherRunActive, Refused
from installer.postgresql.database import PostgreSqlDatabase
from installer.postgresql.migration.failure import MigrationFailed
from installer.postgresql.migration.history import read_history
from installer.postgresql.migration.migrate import deploy
from installer.postgresql.migration.status import migration_status
from installer.postgresql.server.queries import rows_of, run_script, run_sql, value_of
from installer.postgresql.server.server import connect
from installer.postgresql.server.sessions import migration_lock
from tests.mariadb.backups import Told

pytestmark = [pytest.mark.engine, pytest.mark.database]
USERS = Migration("20260101000000_users", b"CREATE TABLE users (id int PRIMARY KEY, name text);")
SEED = Migration("20260102000000_seed", b"INSERT INTO users VALUES (1, 'a'), (2, 'a');")


def migration(script: str, name: str = "20260103000000_next", prisma: str | None = None) -> Migration:
    return Migration(name, script.encode(), prisma)


def history(address: DatabaseAddress) -> tuple[HistoryRow, ...]:
    with connect(address) as connection:
        return read_history(connection)


def status(address: DatabaseAddress, *migrations: Migration) -> MigrationStatus:
    with connect(address) as connection:
        return migration_status(connection, migrations)


def one(address: DatabaseAddress, sql: str) -> object:
    with connect(address) as connection:
        return value_of(connection, sql)


def execute(address: DatabaseAddress, script: str) -> None:
    with connect(address) as connection:
        run_script(connection, script)


def applied(address: DatabaseAddress, *migrations: Migration) -> str:
    """What is told meanwhile, on one line."""
    told = Told()
    deploy(address, migrations, told.console)
    return " ".join(" ".join(told.lines).split())


def failed(address: DatabaseAddress, *migrations: Migration, seconds: float = 60) -> MigrationFailed:
    with pytest.raises(MigrationFailed) as stopped:
        deploy(address, migrations, Told().console, lock_wait_seconds=seconds)
    return stopped.value


def test_the_table_is_the_one_that_prisma_creates(pg: DatabaseAddress) -> None:
    applied(pg, USERS)
    columns = """SELECT attname, format_type(atttypid, atttypmod), attnotnull, pg_get_expr(adbin, adrelid)
        FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
        WHERE attrelid = '_prisma_migrations'::regclass AND attnum > 0 ORDER BY attnum"""
    with connect(pg) as connection:
        assert rows_of(connection, columns) == [
            ("id", "character varying(36)", True, None),
            ("checksum", "character varying(64)", True, None),
            ("finished_at", "timestamp with time zone", False, None),
            ("migration_name", "character varying(255)", True, None),
            ("logs", "text", False, None),
            ("rolled_back_at", "timestamp with time zone", False, None),
            ("started_at", "timestamp with time zone", True, "now()"),
            ("applied_steps_count", "integer", True, "0"),
        ]
        keys = "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'p'"
        assert ("_prisma_migrations_pkey", "PRIMARY KEY (id)") in rows_of(connection, keys)


def test_what_was_applied_is_recorded_as_prisma_does(pg: DatabaseAddress) -> None:
    told = applied(pg, USERS, SEED)
    first, second = history(pg)
    assert first == HistoryRow(
        first.id, USERS.checksum, first.finished_at, USERS.name, None, None, first.started_at, 1
    )
    assert first.finished_at is not None
    assert first.started_at <= first.finished_at <= second.started_at
    assert [len(time) for time in (first.started_at, first.finished_at)] == [23, 23]
    assert status(pg, USERS, SEED) == MigrationStatus(applied=(USERS.name, SEED.name))
    assert "All migrations have been successfully applied." in told
    assert "No pending migrations to apply." in applied(pg, USERS, SEED)


def test_a_script_that_fails_leaves_nothing_behind_but_its_row(pg: DatabaseAddress) -> None:
    broken = migration("CREATE TABLE half (i int);\n-- 한글\nALTER TABLE users\n  ADD 名 int, ADD name int;")
    failure = failed(pg, USERS, broken)
    assert str(failure).splitlines() == [
        "Migration `20260103000000_next` failed at statement 2.",
        '  PostgreSQL error 42701: column "name" of relation "users" already exists',
        "  line 3:",
        "    ALTER TABLE users",
        "      ADD 名 int, ADD name int",
        "  None of its statements took effect.",
        "Nothing has to be undone. Correct the cause, then run:"
        " ./airlock migrate resolve --rolled-back 20260103000000_next",
    ]
    assert (failure.took_effect, one(pg, "SELECT to_regclass('half')")) == (False, None)
    row = history(pg)[-1]
    assert (row.is_failed, row.applied_steps_count) == (True, 0)
    assert row.logs == (
        "A migration failed to apply. New migrations cannot be applied before the error is recovered from."
        " Read more about how to resolve migration issues in a production database:"
        " https://pris.ly/d/migrate-resolve\n\nMigration name: 20260103000000_next\n\n"
        'Database error code: 42701\n\nDatabase error:\nERROR: column "name" of relation "users" already'
        " exists\n"
    )
    with pytest.raises(Refused) as refused:
        deploy(pg, (USERS, broken), Told().console)
    assert (
        refused.value.happened == "New migrations are blocked because an earlier one failed (Prisma P3009)."
    )


def test_an_error_with_a_position_is_shown_in_its_lines(pg: DatabaseAddress) -> None:
    lines = "-- 한글 😀\nCREATE TABLE a (i int);\n\n/* ; */ SELECT '😀', missing FROM a;\nSELECT 1;"
    failure = failed(pg, migration(lines))
    assert (failure.number, failure.statement) == (2, "SELECT '😀', missing FROM a")
    assert failure.details[1:] == (
        "line 4, column 21:",
        "  1  -- 한글 😀",
        "  2  CREATE TABLE a (i int);",
        "  3",
        "  4  /* ; */ SELECT '😀', missing FROM a;",
        "None of its statements took effect.",
    )
    assert failure.logs.endswith("\nPosition:\n" + "\n".join(failure.details[2:6]) + "\n")


def test_detail_and_hint_of_the_server_are_told(pg: DatabaseAddress) -> None:
    failure = failed(pg, USERS, SEED, migration("CREATE UNIQUE INDEX one ON users (name)"))
    assert failure.details[:2] == (
        'PostgreSQL error 23505: could not create unique index "one"',
        "DETAIL: Key (name)=(a) is duplicated.",
    )


def test_what_stands_before_a_script_s_own_commit_stays(pg: DatabaseAddress) -> None:
    script = "CREATE TABLE before (i int); BEGIN; CREATE TABLE inside (i int); COMMIT; SELECT * FROM gone;"
    failure = failed(pg, migration(script))
    assert (failure.took_effect, failure.number) == (True, 5)
    assert failure.details[-1] == "Statements 1, 3 were already committed, and remain in the database."
    assert failure.hint == (
        "Restore the backup: ./airlock restore. Or undo the committed statements by hand, then run:"
        " ./airlock migrate resolve --rolled-back 20260103000000_next"
    )
    assert [one(pg, f"SELECT to_regclass('{name}')") for name in ("before", "inside")] == ["before", "inside"]


def test_a_script_of_prisma_7_4_is_sent_statement_by_statement_and_what_remains_is_said(
    pg: DatabaseAddress,
) -> None:
    enums = "CREATE TYPE e AS ENUM ('a'); ALTER TYPE e ADD VALUE 'b'; CREATE TABLE v AS SELECT 'b'::e;"
    applied(pg, USERS, migration(enums, prisma="7.4.0"))
    broken = migration("CREATE TABLE one (i int); SELECT * FROM gone;", "20260104_broken", "7.4.0")
    failure = failed(pg, USERS, migration(enums, prisma="7.4.0"), broken)
    assert (failure.number, failure.took_effect, failure.details[-1]) == (
        2, True, "Statement 1 was already committed, and remains in the database.",
    )  # fmt: skip
    assert [one(pg, f"SELECT to_regclass('{name}')") for name in ("v", "one")] == ["v", "one"]


def test_a_script_that_prisma_7_4_cannot_parse_is_one_transaction(pg: DatabaseAddress) -> None:
    broken = migration("CREATE TABLE one (i int); DO $$ BEGIN END $$; SELECT * FROM gone;", prisma="7.4.0")
    assert failed(pg, USERS, broken).took_effect is False
    assert one(pg, "SELECT to_regclass('one')") is None


@pytest.mark.parametrize(
    ("script", "took_effect"),
    [
        ("CALL halves()", True),
        ("CREATE DOMAIN d AS gone", False),
        ("/* ; */ DROP INDEX CONCURRENTLY gone", True),
    ],
)
def test_what_commits_inside_is_not_said_to_be_without_effect(
    pg: DatabaseAddress, script: str, took_effect: bool
) -> None:
    halves = "BEGIN CREATE TABLE half (i int); COMMIT; PERFORM gone(); END"
    execute(pg, f"CREATE PROCEDURE halves() LANGUAGE plpgsql AS $$ {halves} $$")
    assert failed(pg, USERS, migration(script)).took_effect is took_effect
    assert (one(pg, "SELECT to_regclass('half')") == "half") is ("CALL" in script)


@pytest.mark.parametrize(
    "script",
    [
        "",
        "-- nothing to do\n/* /* at */ all */",
        "BEGIN; CREATE TABLE x (i int); COMMIT;",
        "CREATE INDEX CONCURRENTLY i ON users (name);",
        "SELECT ':name'::text; DO $$ BEGIN PERFORM 1; END $$;",
        "SET search_path = pg_catalog; SET default_transaction_read_only = on;",
    ],
)
def test_scripts_that_prisma_applies_are_applied(pg: DatabaseAddress, script: str) -> None:
    later = migration("CREATE TABLE later (i int)", "20260104000000_later")
    applied(pg, USERS, migration(script), later)
    assert status(pg, USERS, migration(script), later).is_up_to_date
    assert one(pg, "SELECT to_regclass('public.later')") == "later"


@pytest.mark.parametrize(
    ("script", "code"),
    [
        ("\ufeffSELECT 1", "42601"),
        ("\\i other.sql", "42601"),
        ("ALTER TYPE kind ADD VALUE 'b'; SELECT 'b'::kind", "55P04"),
        ("COPY users FROM stdin;\n", "57014"),
        ("BEGIN; VACUUM users; COMMIT;", "25001"),
    ],
)
def test_scripts_that_prisma_fails_with_fail(pg: DatabaseAddress, script: str, code: str) -> None:
    execute(pg, "CREATE TYPE kind AS ENUM ('a')")
    assert failed(pg, USERS, migration(script)).code == code


def test_what_a_script_leaves_open_is_committed(pg: DatabaseAddress) -> None:
    applied(pg, USERS, migration("BEGIN; CREATE TABLE open (i int);"))
    assert one(pg, "SELECT to_regclass('open')") == "open"


def test_a_script_with_a_concurrently_among_others_is_sent_statement_by_statement(
    pg: DatabaseAddress,
) -> None:
    script = "SET lock_timeout = '5s'; CREATE INDEX CONCURRENTLY i ON users (name); CREATE TABLE t (i int);"
    told = applied(pg, USERS, migration(script))
    valid = "SELECT indisvalid FROM pg_index WHERE indexrelid = 'i'::regclass"
    assert (one(pg, valid), "invalid" in told) == (True, False)


def test_an_index_that_a_failed_concurrently_left_invalid_is_told_and_again_when_it_is_taken_for_valid(
    pg: DatabaseAddress,
) -> None:
    script = "CREATE TABLE t (i int);\nCREATE UNIQUE INDEX CONCURRENTLY one ON users (name);\nSELECT 1;"
    failure = failed(pg, USERS, SEED, migration(script))
    line = "Index one of table users is invalid; delete it with: DROP INDEX CONCURRENTLY one;"
    assert status(pg, USERS, SEED).invalid_indexes == (InvalidIndex("one", "users"),)
    assert (failure.number, failure.took_effect, failure.details[-1]) == (2, True, line)
    assert one(pg, "SELECT to_regclass('t')") == "t"
    PostgreSqlDatabase(pg).resolve((USERS, SEED, migration(script)), "20260103000000_next", "rolled-back")
    again = migration("CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS one ON users (name)", "20260104_again")
    assert line in applied(pg, USERS, SEED, again)


def test_only_one_run_at_a_time_migrates_a_database_and_nobody_waits_on_the_server(
    pg: DatabaseAddress,
) -> None:
    with connect(pg) as holder:
        with migration_lock(holder), pytest.raises(AnotherRunActive) as refused:
            deploy(pg, (USERS,), Told().console, lock_seconds=0.2)
        waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'advisory'"
        assert value_of(holder, waiting) == 0
        assert refused.value.happened == "Another migration run has locked the database (Prisma P1002)."
        (line,) = refused.value.details
        since = r"connected since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC: idle: SELECT"
        assert re.match(rf"connection {holder.pid} \(airlock\) of postgres from [0-9.]+, {since}", line)
    assert deploy(pg, (USERS,), Told().console, lock_seconds=0.2) == (USERS.name,)


def test_prisma_s_own_lock_is_respected(pg: DatabaseAddress) -> None:
    with connect(pg, as_prisma=True) as prisma:
        run_sql(prisma, "SELECT pg_advisory_lock(72707369)")
        with pytest.raises(AnotherRunActive):
            deploy(pg, (USERS,), Told().console, lock_seconds=0.2)


def test_a_script_that_waits_for_a_lock_ends_in_time_and_names_who_holds_it(pg: DatabaseAddress) -> None:
    applied(pg, USERS)
    with connect(pg) as holder:
        run_sql(holder, "BEGIN")
        run_sql(holder, "LOCK TABLE users")
        failure = failed(pg, USERS, migration("ALTER TABLE users ADD x int"), seconds=0.3)
        assert failure.code == "55P03"
        held = f"connection {holder.pid} of postgres from "
        assert [line for line in failure.details if line.startswith(held) and "LOCK TABLE users" in line]


@pytest.mark.parametrize(
    ("script", "unmanaged"),
    [
        ("CREATE TABLE t (i int)", True),
        ("CREATE UNLOGGED TABLE t (i int)", True),
        ("CREATE VIEW v AS SELECT 1; CREATE SEQUENCE s; CREATE TYPE e AS ENUM ('a')", False),
        ("CREATE TABLE p (i int) PARTITION BY RANGE (i)", False),
        ("CREATE SCHEMA other; CREATE TABLE other.t (i int)", False),
        ("CREATE MATERIALIZED VIEW m AS SELECT 1", False),
    ],
)
def test_only_ordinary_tables_of_the_schema_need_a_baseline(
    pg: DatabaseAddress, script: str, unmanaged: bool
) -> None:
    execute(pg, script)
    assert status(pg, USERS).unmanaged is unmanaged
    if unmanaged:
        with pytest.raises(Refused):
            deploy(pg, (USERS,), Told().console)
        PostgreSqlDatabase(pg).baseline((USERS,), Told().console)
    assert deploy(pg, (USERS,), Told().console) == (() if unmanaged else (USERS.name,))


def test_tables_in_the_schemas_that_the_project_lists_need_a_baseline_too(pg: DatabaseAddress) -> None:
    execute(pg, 'CREATE SCHEMA "Sales"; CREATE TABLE "Sales".t (i int)')
    listing = [replace(USERS, schemas=("base", name)) for name in ("Sales", "other")]
    assert [status(pg, one).unmanaged for one in listing] == [True, False]


def test_another_schema_is_created_and_has_tables_and_history_of_its_own(pg: DatabaseAddress) -> None:
    applied(pg, USERS)
    other = replace(pg, schema='Other "one"')
    assert status(other, USERS) == MigrationStatus(pending=(USERS.name,))
    applied(other, USERS, SEED)
    assert [len(history(address)) for address in (pg, other)] == [1, 2]
    assert [one(address, "SELECT count(*) FROM users") for address in (pg, other)] == [0, 2]


def test_a_failed_migration_is_settled_in_prisma_s_rows(pg: DatabaseAddress) -> None:
    broken = migration("SELECT * FROM gone")
    failed(pg, USERS, broken)
    PostgreSqlDatabase(pg).resolve((USERS, broken), broken.name, "rolled-back")
    assert status(pg, USERS, broken).pending == (broken.name,)
    failed(pg, USERS, broken)
    PostgreSqlDatabase(pg).resolve((USERS, broken), broken.name, "applied")
    _users, first, second, settled = history(pg)
    assert (first.rolled_back_at is None, second.rolled_back_at is None) == (False, False)
    assert settled == HistoryRow(
        settled.id, broken.checksum, settled.started_at, broken.name, "", None, settled.started_at, 0
    )
    refusals: tuple[tuple[str, Settled, str], ...] = (
        (broken.name, "applied", "P3008"),
        ("gone", "applied", "P3017"),
        ("gone", "rolled-back", "P3011"),
        (USERS.name, "rolled-back", "P3012"),
    )
    for name, settle, code in refusals:
        with pytest.raises(Refused, match=code):
            PostgreSqlDatabase(pg).resolve((USERS, broken), name, settle)


def test_a_script_that_empties_the_history_is_not_taken_for_applied(pg: DatabaseAddress) -> None:
    failure = failed(pg, USERS, migration("DELETE FROM _prisma_migrations"))
    assert "All statements were applied, but the history could not be written." in failure.details


def test_a_migration_whose_program_died_is_seen_as_long_as_the_server_runs_it(pg: DatabaseAddress) -> None:
    long = migration("SELECT pg_sleep(30); SELECT 'the end'")
    applied(pg, USERS)
    with running(pg, long) as pid:
        execute(pg, "INSERT INTO _prisma_migrations (id, checksum, migration_name) VALUES"
                    f" ('1', '{long.checksum}', '{long.name}')")  # fmt: skip
        assert status(pg, USERS, long).running == (long.name,)
        with pytest.raises(Refused, match="still executes"):
            deploy(pg, (USERS, long), Told().console)
        one(pg, f"SELECT pg_terminate_backend({pid})")
    assert status(pg, USERS, long).running == ()


@contextmanager
def running(address: DatabaseAddress, script: Migration) -> Iterator[int]:
    """A session that runs the script, and yields its number once the server has begun."""
    with connect(address, as_prisma=True) as session:

        def run() -> None:
            with pytest.raises(Refused):
                run_script(session, script.text)

        thread = threading.Thread(target=run)
        thread.start()
        began = f"SELECT count(*) FROM pg_stat_activity WHERE pid = {session.pid} AND query LIKE '%sleep%'"
        while not one(address, began):
            time.sleep(0.05)
        yield session.pid
        thread.join()


def test_a_connection_that_is_lost_leaves_the_row_open(pg: DatabaseAddress) -> None:
    failure = failed(pg, migration("SELECT pg_terminate_backend(pg_backend_pid())"))
    assert (failure.is_lost_connection, failure.took_effect) == (True, True)
    assert [(row.is_failed, row.logs) for row in history(pg)] == [(True, None)]
