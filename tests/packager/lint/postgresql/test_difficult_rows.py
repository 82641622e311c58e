"""What fails, or changes values without an error, on rows that a database may have: judged alike."""

import pytest

from installer.database.values.address import DatabaseAddress
from installer.postgresql.server.driver import Driver
from installer.postgresql.server.queries import ServerError, rows_of, run_script
from installer.postgresql.server.server import connect
from tests.packager.lint.postgresql.databases import SCHEMA, found

pytestmark = [pytest.mark.engine, pytest.mark.database]
ROWS = """\
INSERT INTO p VALUES (1, 'x');
INSERT INTO t VALUES
    (1, NULL, 7, 'long enough', 'long enough', 9999999.99, 0.5, '2026-01-01 12:34:56.789', now(), now(),
     'bad', 'u', '{"a": "\\u0000"}', 1, 1, 'x', 9999999999, '{long enough}'),
    (2, 70000, 7, 'long enough', 'long enough', 0.55, 0.5, now(), now(), now(), 'good', 'v', '{}', NULL, 1,
     'x', 1, '{}');
"""
T = "ALTER TABLE t "
STATEMENTS = (
    T + "ADD x int", T + "ADD x int NOT NULL", T + "ADD x int NOT NULL DEFAULT 1", T + "ADD x serial",
    T + "ADD x int UNIQUE", T + "ADD x int DEFAULT 1 UNIQUE", T + "ADD x int DEFAULT 9 REFERENCES p",
    T + "ADD x int REFERENCES p", T + "ALTER a SET NOT NULL", T + "ALTER b SET NOT NULL",
    T + "ALTER proved SET NOT NULL", T + "ADD CHECK (b > 9)", T + "ADD CONSTRAINT k CHECK (b > 9) NOT VALID",
    T + "ADD CONSTRAINT k CHECK (b > 9) NOT VALID; ALTER TABLE t VALIDATE CONSTRAINT k",
    T + "ADD UNIQUE (v)", "CREATE UNIQUE INDEX k ON t (v)", "CREATE INDEX k ON t (v)",
    T + "ADD CONSTRAINT k UNIQUE USING INDEX t_u_ready", T + "ADD FOREIGN KEY (a) REFERENCES p",
    T + "ADD FOREIGN KEY (a) REFERENCES p NOT VALID", T + "ADD EXCLUDE USING btree (v WITH =)",
    T + "DROP CONSTRAINT t_pkey, ADD PRIMARY KEY (a)", T + "ALTER v TYPE varchar(5)", T + "ALTER v TYPE text",
    T + "ALTER v TYPE varchar(99)", T + "ALTER w TYPE varchar(5)", T + "ALTER w TYPE varchar",
    T + "ALTER w TYPE int USING w::int", T + "ALTER a TYPE smallint", T + "ALTER a TYPE bigint",
    T + "ALTER big TYPE int", T + "ALTER a TYPE numeric(4, 2)", T + "ALTER a TYPE numeric",
    T + "ALTER d TYPE numeric(8, 2)", T + "ALTER d TYPE numeric(12, 2)", T + "ALTER d TYPE numeric(12, 0)",
    T + "ALTER d TYPE smallint", T + "ALTER f TYPE float8", T + "ALTER a TYPE text", T + "ALTER s TYPE date",
    T + "ALTER s TYPE timestamp(0)", T + "ALTER m TYPE text", T + "ALTER j TYPE jsonb",
    T + "ALTER m DROP DEFAULT, ALTER m TYPE fewer USING (m::text::fewer)", T + "ALTER tags TYPE varchar[]",
    T + "DROP a", T + "ALTER a DROP NOT NULL", T + "SET UNLOGGED",
    "INSERT INTO p VALUES (1, 'again')", "DELETE FROM p", "UPDATE t SET p_id = 9",
)  # fmt: skip


@pytest.fixture
def tables(pg: DatabaseAddress) -> DatabaseAddress:
    with connect(pg) as connection:
        run_script(connection, SCHEMA + ROWS)
    return pg


def fails(address: DatabaseAddress, sql: str) -> bool:
    with connect(address) as connection:
        run_script(connection, "BEGIN")
        try:
            run_script(connection, sql)
        except ServerError:
            return True
    return False


def test_what_may_fail_fails_on_difficult_rows_and_nothing_else(tables: DatabaseAddress) -> None:
    judged = {sql: any("may_fail" in one.weights for one in found(SCHEMA, sql)) for sql in STATEMENTS}
    assert judged == {sql: fails(tables, sql) for sql in STATEMENTS}


QUIET = (
    ("ALTER d TYPE numeric(12, 1)", "AL150"), ("ALTER d TYPE int USING d::int", "AL150"),
    ("ALTER s TYPE timestamp(0)", "AL150"), ("ALTER s TYPE date", "AL151"),
    ("ALTER s TYPE timestamptz(3)", "PG208"), ("ALTER big TYPE float8", "AL150"),
    ("ALTER w TYPE text USING upper(w)", "PG209"), ("ALTER d TYPE numeric(12, 3)", ""),
    ("ALTER v TYPE text", ""), ("ALTER a TYPE bigint", ""), ("ALTER f TYPE float8", ""),
    ("ALTER a TYPE float8", ""), ("ALTER day TYPE timestamp", ""),
)  # fmt: skip
TYPES = {
    "d": "numeric(10, 2)", "s": "timestamp(3)", "big": "bigint", "w": "text", "v": "varchar(60)", "a": "int",
    "f": "real", "day": "date",
}  # fmt: skip


def texts(connection: Driver, name: str) -> list[tuple[object, ...]]:
    return rows_of(connection, f"SELECT {name}::text FROM t ORDER BY id")


@pytest.mark.parametrize(("alter", "code"), QUIET)
def test_values_that_the_old_type_would_not_get_back_are_announced(
    tables: DatabaseAddress, alter: str, code: str
) -> None:
    name = alter.split()[1]
    with connect(tables) as connection:
        run_script(connection, "UPDATE t SET big = 9007199254740993 WHERE id = 1")
        before = texts(connection, name)
        run_script(connection, f"SET timezone = 'Asia/Seoul'; ALTER TABLE t {alter}; SET timezone = 'UTC'")
        run_script(connection, f"ALTER TABLE t ALTER {name} TYPE {TYPES[name]} USING {name}::{TYPES[name]}")
        is_changed = texts(connection, name) != before
    assert (is_changed, announced(alter)) == (bool(code), [code] if code else [])


def test_blanks_at_the_end_of_char_are_announced(tables: DatabaseAddress) -> None:
    length = "SELECT max(octet_length(c)) FROM t"
    with connect(tables) as connection:
        assert rows_of(connection, length) == [(9,)]
        run_script(connection, "ALTER TABLE t ALTER c TYPE text")
        assert rows_of(connection, length) == [(1,)]
    assert announced("ALTER c TYPE text") == ["AL154"]


def announced(alter: str) -> list[str]:
    return [one.code for one in found(SCHEMA, T + alter) if "changes" in one.weights]
