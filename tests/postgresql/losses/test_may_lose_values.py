"""What the text of a script alone says: whether values may change, or rows vanish."""

import pytest

from installer.bundle.sql.migrations import Migration
from installer.postgresql.losses.may_lose_values import may_lose_values

ADDS = [
    'CREATE TABLE "t" ("id" SERIAL NOT NULL, "type" TEXT DEFAULT \'DELETE\', CONSTRAINT "p" UNIQUE ("id"));',
    "-- UPDATE t SET a = 1\nCREATE UNIQUE INDEX i ON t (a); CREATE INDEX CONCURRENTLY j ON t (b)",
    "CREATE TYPE r AS ENUM ('DROP'); ALTER TYPE r ADD VALUE 'b'; ALTER TABLE t ADD r r NOT NULL DEFAULT 'b'",
    'ALTER TABLE "t" ADD FOREIGN KEY (a) REFERENCES p (id) ON DELETE CASCADE ON UPDATE CASCADE',
    "ALTER TABLE t ALTER a DROP NOT NULL, ALTER b SET NOT NULL, DROP CONSTRAINT c, ALTER d DROP DEFAULT",
    "ALTER TABLE t RENAME a TO b; ALTER INDEX i RENAME TO j; DROP INDEX j; DROP VIEW v",
    "INSERT INTO t (a, b) VALUES (1, 'x'), (2, now()); INSERT INTO t DEFAULT VALUES",
    "BEGIN; SET LOCAL lock_timeout = '5s'; CREATE OR REPLACE VIEW v AS SELECT 1; COMMIT; GRANT a TO b",
    "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ DELETE FROM t RETURNING 1 $$",
    "-- nothing",
]
MAY_LOSE = [
    "SELECT 1; update t set a = 1",
    "DELETE FROM t",
    "TRUNCATE t",
    "MERGE INTO t USING u ON true WHEN MATCHED THEN DELETE",
    "DROP TABLE t",
    "DROP SCHEMA s",
    "DROP TYPE t CASCADE",
    "DROP VIEW v CASCADE",
    "ALTER TABLE t DROP a",
    "ALTER TABLE t DROP COLUMN a",
    "ALTER TABLE t ADD b int, DROP a",
    "ALTER TABLE t ALTER a TYPE numeric(10, 1)",
    'ALTER TABLE "t" ALTER COLUMN "a" SET DATA TYPE INTEGER USING a::int',
    "ALTER TABLE t DETACH PARTITION p",
    "ALTER TYPE pair DROP ATTRIBUTE a",
    "DO $$ BEGIN UPDATE t SET a = 1; END $$",
    "SELECT clean_up()",
    "CALL p()",
    "WITH gone AS (DELETE FROM t RETURNING 1) SELECT 1",
    "INSERT INTO t VALUES (1) ON CONFLICT (id) DO UPDATE SET a = 1",
    "INSERT INTO t SELECT clean_up()",
    "INSERT INTO t VALUES (clean_up())",
    'INSERT INTO t VALUES ("clean_up"())',
    "CREATE TABLE u AS SELECT clean_up()",
    "CREATE TRIGGER g AFTER INSERT ON t EXECUTE FUNCTION f()",
    "CREATE RULE r AS ON INSERT TO t DO ALSO DELETE FROM u",
    "COPY t FROM PROGRAM 'x'",
    "REFRESH MATERIALIZED VIEW v",
    "EXECUTE s",
]


@pytest.mark.parametrize("script", ADDS)
def test_a_script_that_only_adds_is_let_go(script: str) -> None:
    assert not may_lose_values(Migration("m", script.encode()))


@pytest.mark.parametrize("script", MAY_LOSE)
def test_every_other_script_may_lose_values(script: str) -> None:
    assert may_lose_values(Migration("m", script.encode()))
