"""Locks, rewrites and rows are told of each statement as the server has them."""

import time
from collections.abc import Sequence

import pytest

from installer.bundle.sql.migrations import Migration
from installer.database.values.address import DatabaseAddress
from installer.database.values.rehearsal_result import RehearsedMigration, RehearsedStatement
from installer.postgresql.migration.migrate import deploy
from installer.postgresql.rehearsal.witness import Witness
from installer.postgresql.server.server import connect
from tests.mariadb.backups import Told

pytestmark = [pytest.mark.engine, pytest.mark.database]

TABLES = """
CREATE TYPE mood AS ENUM ('sad', 'happy');
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE t (id int PRIMARY KEY, parent int REFERENCES p, other int, name varchar(60), word text,
    price numeric(10, 2), at timestamp(6), m mood, gone int DEFAULT 1 NOT NULL,
    CONSTRAINT small CHECK (id < 99999));
INSERT INTO p SELECT generate_series(1, 10);
INSERT INTO t SELECT n, n, n, 'n' || n, 'w' || n, n, now(), 'sad' FROM generate_series(1, 10) AS n;
CREATE INDEX by_name ON t (name);
CREATE UNIQUE INDEX by_other ON t (other);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE MATERIALIZED VIEW mv AS SELECT id FROM p;
CREATE UNIQUE INDEX of_mv ON mv (id);
"""
EVERYBODY, WRITES, NOBODY, NO_LOCK = (
    "AccessExclusiveLock",
    "ShareRowExclusiveLock",
    "ShareUpdateExclusiveLock",
    "",
)
FAST = (
    "ALTER TABLE t ADD a int",
    "ALTER TABLE t ADD a int NOT NULL DEFAULT 7",
    "ALTER TABLE t ADD a timestamptz DEFAULT now()",
    "ALTER TABLE t DROP gone",
    "ALTER TABLE t ALTER gone DROP NOT NULL",
    "ALTER TABLE t ALTER other SET DEFAULT 1",
    "ALTER TABLE t ALTER gone DROP DEFAULT",
    "ALTER TABLE t RENAME name TO title",
    "ALTER TABLE t RENAME TO u",
    "ALTER TABLE t ALTER name TYPE varchar(191)",
    "ALTER TABLE t ALTER name TYPE text",
    "ALTER TABLE t ALTER price TYPE numeric(12, 2)",
    "DROP INDEX by_name",
    "ALTER TABLE t ADD CONSTRAINT u UNIQUE USING INDEX by_other",
    "ALTER TABLE t DROP CONSTRAINT small",
    "ALTER TABLE t ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE t ADD CHECK (id > 0) NOT VALID",
    "ALTER TABLE t ALTER other SET NOT NULL",
    "ALTER TABLE t ADD CHECK (id > 0)",
    "ALTER TABLE t ADD UNIQUE (name)",
    "ALTER TABLE t DROP CONSTRAINT t_parent_fkey",
    "DROP TABLE t",
)
REWRITING = (
    "ALTER TABLE t ADD a timestamptz DEFAULT clock_timestamp()",
    "ALTER TABLE t ADD a uuid DEFAULT gen_random_uuid()",
    "ALTER TABLE t ADD a serial",
    "ALTER TABLE t ADD a int GENERATED ALWAYS AS IDENTITY",
    "ALTER TABLE t ADD a int GENERATED ALWAYS AS (id * 2) STORED",
    "ALTER TABLE t ALTER id TYPE bigint",
    "ALTER TABLE t ALTER word TYPE varchar(9)",
    "ALTER TABLE t ALTER name TYPE varchar(9)",
    "ALTER TABLE t ALTER price TYPE numeric(10, 1)",
    "ALTER TABLE t ALTER at TYPE timestamp(0)",
    "ALTER TABLE t ALTER m TYPE text",
    "ALTER TABLE t SET UNLOGGED",
    "CLUSTER t USING t_pkey",
    "TRUNCATE t",
)
WRITES_BLOCKED = (
    "ALTER TABLE t ADD FOREIGN KEY (other) REFERENCES p",
    "ALTER TABLE t ADD FOREIGN KEY (other) REFERENCES p NOT VALID",
    "CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()",
)
HARMLESS = (
    "ALTER TABLE t SET (fillfactor = 90)",
    "ALTER TABLE t ALTER word SET STATISTICS 50",
    "CREATE STATISTICS s ON id, other FROM t",
    "COMMENT ON TABLE t IS 'c'",
)
ON_ROWS = (
    "INSERT INTO p VALUES (11)",
    "UPDATE t SET word = 'x' WHERE id < 4",
    "DELETE FROM t WHERE id > 8",
    "SELECT * FROM t",
)
KINDS = [
    *((sql, EVERYBODY, "blocks reads and writes") for sql in FAST),
    *((sql, EVERYBODY, "rewrites the table, blocks reads and writes") for sql in REWRITING),
    *((sql, WRITES, "blocks writes") for sql in WRITES_BLOCKED),
    *((sql, NOBODY, "allows reads and writes") for sql in HARMLESS),
    ("CREATE INDEX i ON t (word)", "ShareLock", "blocks writes"),
    ("CREATE UNIQUE INDEX i ON t (word)", "ShareLock", "blocks writes"),
    ("REINDEX INDEX by_name", "ShareLock", "blocks writes"),
    ("REFRESH MATERIALIZED VIEW CONCURRENTLY mv", "ExclusiveLock", "blocks writes"),
    ("CREATE TABLE new (id int)", NO_LOCK, ""),
    ("CREATE INDEX CONCURRENTLY i ON t (word)", NO_LOCK, ""),
    ("VACUUM FULL t", NO_LOCK, "rewrites the table"),
    *zip(ON_ROWS, ("RowExclusiveLock",) * 3 + ("AccessShareLock",), ("",) * 4, strict=True),
]


def seen(
    address: DatabaseAddress, *scripts: str, prisma: str | None = None
) -> tuple[RehearsedMigration, ...]:
    """What a witness saw of the scripts, as migrations 1, 2, … of a database whose history is empty."""
    migrations = [Migration(str(number), sql.encode(), prisma) for number, sql in enumerate(scripts, 1)]
    with connect(address) as beside:
        witness = Witness(beside, time.monotonic)
        deploy(address, migrations, Told().console, send=witness.send)
    return witness.seen


def costs(statements: Sequence[RehearsedStatement]) -> list[tuple[str, str]]:
    return [(one.lock_mode, one.cost) for one in statements]


@pytest.mark.parametrize(("sql", "mode", "words"), KINDS, ids=[sql for sql, _mode, _words in KINDS])
def test_lock_and_rewrite_of_a_statement_are_told(
    pg: DatabaseAddress, sql: str, mode: str, words: str
) -> None:
    _tables, migration = seen(pg, TABLES, sql)
    [statement] = migration.statements
    assert (statement.lock_mode, statement.cost) == (mode, words)
    assert 0 <= statement.seconds <= migration.seconds < 30


def test_a_script_that_is_sent_in_parts_is_seen_statement_by_statement_and_each_lock_ends_with_its_own(
    pg: DatabaseAddress,
) -> None:
    rows = "INSERT INTO many VALUES (1);" * 1001
    script = f"ALTER TABLE t ADD a int; SELECT * FROM p; CREATE TABLE many (i int); {rows}"
    _tables, migration = seen(pg, TABLES, script, prisma="7.4.0")
    alter, select, *_others, last = migration.statements
    assert costs((alter, select)) == [(EVERYBODY, "blocks reads and writes"), ("AccessShareLock", "")]
    assert (len(migration.statements), last.rows, last.lock_mode) == (1004, 1, NO_LOCK)


def test_a_lock_lasts_until_the_end_of_its_script_and_rewrites_are_of_their_statement(
    pg: DatabaseAddress,
) -> None:
    script = (
        "ALTER TABLE t ALTER id TYPE bigint; UPDATE p SET id = id;"
        "CREATE TABLE n (a int); CREATE INDEX ON n (a)"
    )
    _tables, first, second = seen(pg, TABLES, script, "UPDATE p SET id = id")
    blocks = (EVERYBODY, "blocks reads and writes")
    assert costs(first.statements) == [
        (EVERYBODY, "rewrites the table, blocks reads and writes"), blocks, blocks, blocks,
    ]  # fmt: skip
    assert costs(second.statements) == [("RowExclusiveLock", "")]


def test_rows_and_lines_are_those_of_each_statement(pg: DatabaseAddress) -> None:
    script = (
        "UPDATE t SET word = ''\nWHERE id < 3;\n\nSELECT * FROM t;\n"
        "-- c\nDELETE FROM t; INSERT INTO p VALUES (12)"
    )
    _tables, migration = seen(pg, TABLES, script)
    assert [(one.number, one.line, one.rows) for one in migration.statements] == [
        (1, 1, 2), (2, 4, None), (3, 6, 10), (4, 6, 1),
    ]  # fmt: skip
