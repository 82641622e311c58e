"""What keeps others from a table while all its rows are read or written: measured, and judged alike."""

from dataclasses import dataclass

import pytest

from installer.database.values.address import DatabaseAddress
from installer.postgresql.server.queries import rows_of, run_script
from installer.postgresql.server.server import connect
from packager.lint.catalogue.levels import sorted_weights
from tests.packager.lint.postgresql.databases import ROWS, SCHEMA, found

pytestmark = [pytest.mark.engine, pytest.mark.database]
T = "ALTER TABLE t "
ALTERS = (
    "ADD x int", "ADD x int NOT NULL DEFAULT 5", "ADD x timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP",
    "ADD x timestamptz DEFAULT now()", "ADD x text[] DEFAULT ARRAY['a', 'b']::text[]",
    "ADD x jsonb DEFAULT '{}'", "ADD x varchar(9) DEFAULT lower('A')::varchar(9)",
    "ADD x numeric(10, 2) DEFAULT '1'::numeric(10, 2)", "ADD x uuid DEFAULT gen_random_uuid()",
    "ADD x timestamptz DEFAULT clock_timestamp()", "ADD x float8 DEFAULT random()", "ADD x serial",
    "ADD x int GENERATED ALWAYS AS IDENTITY", "ADD x int GENERATED ALWAYS AS (b + 1) STORED",
    "ADD x int REFERENCES p", "ADD x int DEFAULT 1 REFERENCES p (id)", "ADD x int UNIQUE",
    "ADD x int CHECK (x > 0)", "ADD x mood DEFAULT 'bad'",
    "DROP a", "DROP a CASCADE", "RENAME a TO x", "RENAME CONSTRAINT proof TO x", "RENAME TO x",
    "ALTER a SET NOT NULL", "ALTER b SET NOT NULL", "ALTER proved SET NOT NULL", "ALTER b DROP NOT NULL",
    "ALTER a SET DEFAULT 5", "ALTER b DROP DEFAULT", "ALTER a SET STATISTICS 5",
    "ALTER a TYPE int", "ALTER a TYPE bigint", "ALTER a TYPE smallint", "ALTER a TYPE text",
    "ALTER a TYPE numeric(12, 2)", "ALTER a TYPE boolean USING a > 0", "ALTER big TYPE int",
    "ALTER v TYPE varchar(191)", "ALTER v TYPE varchar(60)", "ALTER v TYPE varchar(30)",
    "ALTER v TYPE varchar",
    "ALTER v TYPE text", "ALTER v TYPE text USING v", "ALTER v TYPE text USING (v::text)",
    "ALTER v SET DATA TYPE character varying(200)", "ALTER v TYPE text USING upper(v)",
    "ALTER w TYPE varchar", "ALTER w TYPE varchar(60)", "ALTER w TYPE int USING w::int", "ALTER c TYPE text",
    "ALTER d TYPE numeric(12, 2)", "ALTER d TYPE numeric", "ALTER d TYPE numeric(12, 3)",
    "ALTER d TYPE numeric(8, 2)", "ALTER d TYPE int", "ALTER f TYPE float8",
    "ALTER s TYPE timestamp(6)", "ALTER s TYPE timestamp", "ALTER s TYPE timestamp(0)", "ALTER s TYPE date",
    "ALTER s TYPE timestamptz(3) USING s AT TIME ZONE 'UTC'", "ALTER day TYPE timestamp",
    "ALTER m TYPE text", "ALTER m DROP DEFAULT, ALTER m TYPE fewer USING (m::text::fewer)",
    "ALTER j TYPE jsonb", "ALTER tags TYPE varchar[]",
    "ADD CHECK (a > 0)", "ADD CONSTRAINT x CHECK (a > 0) NOT VALID", "VALIDATE CONSTRAINT proof",
    "DROP CONSTRAINT proof", "DROP CONSTRAINT t_p_id_fkey", "ADD UNIQUE (a)",
    "ADD CONSTRAINT x UNIQUE USING INDEX t_u_ready", "ADD FOREIGN KEY (a) REFERENCES p (id)",
    "ADD CONSTRAINT x FOREIGN KEY (a) REFERENCES p (id) ON DELETE SET NULL NOT VALID",
    "ADD EXCLUDE USING btree (a WITH =)", "SET UNLOGGED", "SET (fillfactor = 70)",
    "ENABLE ROW LEVEL SECURITY",
    "REPLICA IDENTITY FULL", "OWNER TO CURRENT_USER", "CLUSTER ON t_a_idx",
    "FORCE ROW LEVEL SECURITY", "DISABLE TRIGGER USER", "ALTER CONSTRAINT t_p_id_fkey DEFERRABLE",
    "ALTER v SET STORAGE EXTERNAL", "ALTER a SET (n_distinct = 5)",
    "ALTER id ADD GENERATED ALWAYS AS IDENTITY",
)  # fmt: skip
OTHERS = (
    "CREATE INDEX x ON t (a)", "CREATE UNIQUE INDEX x ON t (a)", "CREATE INDEX x ON t USING hash (w)",
    "CREATE INDEX x ON t (lower(w)) WHERE a > 3", "DROP INDEX t_a_idx", "ALTER INDEX t_a_idx RENAME TO x",
    "REINDEX TABLE t", "CLUSTER t USING t_a_idx", "REFRESH MATERIALIZED VIEW counted",
    "ALTER TABLE parted ATTACH PARTITION part FOR VALUES FROM (1) TO (99)",
    "ALTER TABLE t DROP CONSTRAINT t_pkey", "COMMENT ON TABLE t IS 'x'", "CREATE VIEW x AS SELECT a FROM t",
    "CREATE TABLE x (id int PRIMARY KEY, t_id int REFERENCES t (id)); CREATE INDEX y ON x (t_id)",
    "CREATE TABLE x (id int); ALTER TABLE x ADD y int NOT NULL, ADD CHECK (id > 0)",
    "ALTER TYPE mood ADD VALUE 'great'", "ALTER TYPE mood RENAME VALUE 'bad' TO 'worse'",
    "CREATE SEQUENCE x OWNED BY t.a", "GRANT SELECT ON t TO PUBLIC",
)  # fmt: skip
STATEMENTS = (*(T + alter for alter in ALTERS), *OTHERS)
HELD = """\
SELECT c.oid, array_agg(l.mode), pg_relation_filenode(c.oid), pg_stat_get_xact_numscans(c.oid)
FROM pg_locks l JOIN pg_class c ON c.oid = l.relation JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE l.pid = pg_backend_pid() AND n.nspname = 'public' AND c.relkind IN ('r', 'm') GROUP BY c.oid
"""
FILES = "SELECT oid, pg_relation_filenode(oid) FROM pg_class WHERE relkind IN ('r', 'm')"
ALL = "AccessExclusiveLock"
WRITES = {"ShareLock", "ShareRowExclusiveLock", "ExclusiveLock"}


@dataclass(frozen=True)
class Lock:
    """The locks that a statement holds on a table that existed before, and whether its rows were read."""

    modes: set[str]
    is_rewritten: bool
    is_read: bool

    @property
    def lasts(self) -> str:
        """What others must wait for while all rows are read or written."""
        if ALL in self.modes and (self.is_rewritten or self.is_read):
            return "blocks_reads"
        return "blocks_writes" if WRITES & self.modes and self.is_read else "open"


@pytest.fixture
def tables(pg: DatabaseAddress) -> DatabaseAddress:
    with connect(pg) as connection:
        run_script(connection, SCHEMA)
        run_script(connection, ROWS)
    return pg


def held(address: DatabaseAddress, sql: str) -> list[Lock]:
    """The locks that the server takes for a script, in a transaction that ends with its session."""
    with connect(address) as connection:
        run_script(connection, "SET timezone = 'UTC'; BEGIN")
        files = dict(rows_of(connection, FILES))
        run_script(connection, sql)
        rows = [row for row in rows_of(connection, HELD) if row[0] in files]
        return [Lock({*modes}, files[oid] != file, scans > 0) for oid, modes, file, scans in rows]


def lasting(locks: list[Lock]) -> str:
    answers = {lock.lasts for lock in locks}
    return next((answer for answer in ("blocks_reads", "blocks_writes") if answer in answers), "open")


def judged(sql: str) -> str:
    weights = sorted_weights({weight for finding in found(SCHEMA, sql) for weight in finding.weights})
    return next((weight for weight in weights if weight.startswith("blocks")), "open")


def test_what_the_lint_says_about_locks_is_what_the_server_does(tables: DatabaseAddress) -> None:
    assert {sql: judged(sql) for sql in STATEMENTS} == {sql: lasting(held(tables, sql)) for sql in STATEMENTS}


def test_what_waits_for_all_others_without_a_limit_is_named(tables: DatabaseAddress) -> None:
    named = {sql: any(one.code == "PG108" for one in found(SCHEMA, sql)) for sql in STATEMENTS}
    assert named == {sql: any(ALL in lock.modes for lock in held(tables, sql)) for sql in STATEMENTS}
