"""Which statements run only outside of a transaction."""

import pytest

from installer.bundle.sql.postgresql_transactions import must_be_split, runs_only_alone

ALONE = (
    "CREATE INDEX CONCURRENTLY i ON t (a)",
    "create unique index /* */ concurrently if not exists i on t (a)",
    "DROP INDEX CONCURRENTLY i",
    "REINDEX INDEX CONCURRENTLY i",
    "REINDEX (VERBOSE, CONCURRENTLY) TABLE t",
    "REINDEX (VERBOSE) DATABASE app",
    "ALTER TABLE p DETACH PARTITION c CONCURRENTLY",
    "VACUUM (FULL) t",
    "CLUSTER",
    "CLUSTER VERBOSE",
    "ALTER SYSTEM SET work_mem = '1MB'",
    "CREATE DATABASE x",
    "DROP DATABASE x",
    "CREATE TABLESPACE x LOCATION '/x'",
    "DISCARD ALL",
)
TOGETHER = (
    "CREATE INDEX i ON t (a)",
    "CREATE TABLE concurrently (i int)",
    "REFRESH MATERIALIZED VIEW CONCURRENTLY m",
    "CLUSTER t USING i",
    "REINDEX TABLE t",
    "DISCARD TEMP",
    "ALTER TABLE t ADD COLUMN a text DEFAULT 'CONCURRENTLY'",
    "ALTER DATABASE app SET work_mem = '1MB'",
    "INSERT INTO t VALUES ('VACUUM')",
)


@pytest.mark.parametrize("sql", ALONE)
def test_what_a_server_refuses_in_a_transaction_splits_a_script(sql: str) -> None:
    assert (runs_only_alone(sql), must_be_split(f"SELECT 1; {sql}"), must_be_split(f"{sql};")) == (
        True, True, False,
    )  # fmt: skip


@pytest.mark.parametrize("sql", TOGETHER)
def test_what_a_server_runs_in_a_transaction_stays_in_one_message(sql: str) -> None:
    assert (runs_only_alone(sql), must_be_split(f"SELECT 1; {sql}")) == (False, False)
