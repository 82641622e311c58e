"""What a PostgreSQL server refuses whatever the rows are: tried on the server, and judged alike."""

import pytest

from installer.database.values.address import DatabaseAddress
from installer.postgresql.server.queries import ServerError, run_script
from installer.postgresql.server.server import connect
from tests.packager.lint.postgresql.databases import SCHEMA, found

pytestmark = [pytest.mark.engine, pytest.mark.database]
NEW_VALUE = "ALTER TYPE mood ADD VALUE 'great'; "
T = "ALTER TABLE t "
CASES = (
    ("SELECT 1; CREATE INDEX CONCURRENTLY x ON t (a)", "25001", "PG101"),
    ("CREATE INDEX CONCURRENTLY x ON t (a)", "", ""),
    ("SELECT 1; DROP INDEX CONCURRENTLY t_a_idx", "25001", "PG101"),
    ("SELECT 1; REINDEX (VERBOSE) SCHEMA public", "25001", "PG101"),
    ("SELECT 1; REINDEX TABLE CONCURRENTLY t", "25001", "PG101"),
    ("SELECT 1; REINDEX TABLE t", "", ""),
    ("SELECT 1; VACUUM t", "25001", "PG101"),
    ("VACUUM (FULL) t", "", ""),
    ("SELECT 1; ALTER SYSTEM SET work_mem = '8MB'", "25001", "PG101"),
    ("SELECT 1; CREATE DATABASE another", "25001", "PG101"),
    ("BEGIN; CREATE INDEX CONCURRENTLY x ON t (a); COMMIT", "25001", "PG102"),
    (NEW_VALUE + "INSERT INTO t (id, m) VALUES (1, 'great')", "55P04", "PG113"),
    (NEW_VALUE + "UPDATE t SET m = 'great'", "55P04", "PG113"),
    (NEW_VALUE + T + "ALTER m SET DEFAULT 'great'", "55P04", "PG113"),
    (NEW_VALUE + T + "ADD x mood DEFAULT 'great'", "55P04", "PG113"),
    (NEW_VALUE + "CREATE TABLE x (m mood DEFAULT 'great')", "55P04", "PG113"),
    (NEW_VALUE + "CREATE INDEX x ON t (id) WHERE m = 'great'", "55P04", "PG113"),
    (NEW_VALUE + "SELECT 'great'::mood", "55P04", "PG113"),
    (NEW_VALUE + T + "ADD x mood", "", ""),
    (NEW_VALUE + "INSERT INTO p VALUES (1, 'great')", "", ""),
    (NEW_VALUE + "ALTER TYPE mood ADD VALUE 'greater' AFTER 'great'", "", ""),
    (NEW_VALUE + "COMMIT; UPDATE t SET m = 'great'", "", ""),
    ("CREATE TYPE x AS ENUM ('a'); CREATE TABLE y (x x DEFAULT 'a')", "", ""),
    ("\ufeffSELECT 1", "42601", "PG109"),
    ("\\connect other\nSELECT 1", "42601", "PG110"),
    ("SELECT 1;\n\\i other.sql", "42601", "PG110"),
    ("SELECT E'\\\\i'", "", ""),
    (T + "ALTER w TYPE int", "42804", "PG207"),
    (T + "ALTER w TYPE uuid", "42804", "PG207"),
    (T + "ALTER w TYPE jsonb", "42804", "PG207"),
    (T + "ALTER w TYPE text[]", "42804", "PG207"),
    (T + "ALTER w TYPE mood", "42804", "PG207"),
    (T + "ALTER m DROP DEFAULT, ALTER m TYPE fewer", "42804", "PG207"),
    (T + "ALTER a TYPE boolean", "42804", "PG207"),
    (T + "ALTER a TYPE timestamp", "42804", "PG207"),
    (T + "ALTER s TYPE int", "42804", "PG207"),
    (T + "ALTER day TYPE time", "42804", "PG207"),
    (T + "ALTER m TYPE text", "", ""),
    (T + "ALTER tags TYPE text", "", ""),
    (T + "ALTER j TYPE jsonb", "", ""),
    (T + "ALTER z TYPE date", "", ""),
    ("DROP TABLE p", "2BP01", "AL120"),
    ("DROP TABLE p, t CASCADE", "", ""),
    ("TRUNCATE p", "0A000", "AL120"),
    ("TRUNCATE p, t", "", ""),
    ("TRUNCATE p CASCADE", "", ""),
    ("ALTER TABLE p DROP id", "2BP01", "AL120"),
    ("ALTER TABLE p DROP CONSTRAINT p_pkey", "2BP01", "AL120"),
    (T + "DROP CONSTRAINT t_p_id_fkey; DROP TABLE p", "", ""),
    ("CREATE TABLE t (id int)", "42P07", "AL123"),
    ("CREATE TABLE IF NOT EXISTS t (id int)", "", ""),
    (T + "RENAME TO p", "42P07", "AL123"),
    (T + "ADD a int", "42701", "AL123"),
    (T + "ADD a int, DROP a", "", ""),
    (T + "RENAME a TO b", "42701", "AL123"),
    ("CREATE INDEX t_a_idx ON t (b)", "42P07", "AL123"),
    ("CREATE INDEX ON t (strange)", "42703", "AL124"),
    (T + "ADD strange int, ADD UNIQUE (strange)", "", ""),
    (T + "ADD FOREIGN KEY (strange) REFERENCES p", "42703", "AL124"),
    (T + "DROP strange", "42703", "AL124"),
    (T + "DROP IF EXISTS strange", "", ""),
    (T + "DROP strange, ADD strange int", "42703", "AL124"),
    (T + "ALTER strange SET NOT NULL", "42703", "AL124"),
    (T + "ADD strange int, ALTER strange SET DEFAULT 1", "", ""),
    ("ALTER TABLE strange ADD x int", "42P01", "AL124"),
    ("DROP TABLE strange", "42P01", "AL124"),
    ("DELETE FROM strange", "42P01", "AL124"),
    ('ALTER TABLE "T" ADD x int', "42P01", "AL124"),
    ("ALTER TABLE counted RENAME TO x", "", ""),
    ("SELECT 1 AS a INTO x; ALTER TABLE x ADD b int", "", ""),
    ("CREATE TEMP TABLE x (a int); INSERT INTO x VALUES (1)", "", ""),
)
MAY_BE_REFUSED = {"PG101", "PG102", "PG109", "PG110", "PG113", "PG207", "AL120", "AL123", "AL124"}


@pytest.fixture
def tables(pg: DatabaseAddress) -> DatabaseAddress:
    with connect(pg) as connection:
        run_script(connection, SCHEMA)
    return pg


def ask(address: DatabaseAddress, script: str) -> str:
    """The server's own answer to a script as one message: the SQLSTATE; empty if it took it."""
    with connect(address) as connection:
        try:
            run_script(connection, script)
        except ServerError as error:
            return error.code
    return ""


def judged(script: str) -> str:
    codes = [finding.code for finding in found(SCHEMA, script)]
    return next((code for code in codes if code in MAY_BE_REFUSED), "")


@pytest.mark.parametrize(("script", "sqlstate", "code"), CASES, ids=[case[0][:60] for case in CASES])
def test_what_the_lint_says_is_refused_is_refused(
    tables: DatabaseAddress, script: str, sqlstate: str, code: str
) -> None:
    assert (ask(tables, script), judged(script)) == (sqlstate, code)
