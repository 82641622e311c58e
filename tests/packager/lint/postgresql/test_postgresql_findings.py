"""SQL of PostgreSQL is judged by the tables before it; every code is met, and has words in both languages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from installer.text import speaking
from packager.lint.catalogue.findings import Finding
from packager.lint.catalogue.postgresql_codes import CODES_OF_POSTGRESQL
from tests.packager.lint.postgresql.databases import SCHEMA, found

T = "SET lock_timeout = '5s'; ALTER TABLE t "
LONG = "a_name_of_more_than_sixty_three_bytes_that_postgresql_cuts_silently"


def of_t(code: str, name: str = "", was: str = "", now: str = "") -> Finding:
    return Finding(code, "t", name, was, now)


CASES: list[tuple[str, list[Finding]]] = [
    ("DROP TABLE part", [Finding("DS102", "part"), Finding("PG108", "part")]),
    ("DROP TABLE part CASCADE",
     [Finding("DS102", "part"), Finding("PG153", "part", "part"), Finding("PG108", "part")]),
    (T + "DROP a", [of_t("DS103", "a")]),
    (T + "DROP COLUMN IF EXISTS a CASCADE", [of_t("DS103", "a"), of_t("PG153", "a")]),
    ("DROP DATABASE other", [Finding("DS101", "other")]),
    ("DROP SCHEMA old", []),
    ("DROP SCHEMA IF EXISTS old CASCADE", [Finding("PG152", "", "old")]),
    ("DROP TYPE mood", []),
    ("DROP TYPE mood CASCADE", [Finding("PG153", "", "mood")]),
    ("DROP FUNCTION f(int) CASCADE", [Finding("PG153", "", "f")]),
    ("DELETE FROM t WHERE a = 1", [of_t("AL102")]),
    ("UPDATE t SET a = 1", [of_t("AL103"), of_t("AL132")]),
    ("UPDATE p SET code = 'x'", [Finding("AL103", "p")]),
    ("TRUNCATE t", [of_t("AL101")]),
    ("TRUNCATE p", [Finding("AL101", "p"), Finding("AL120", "p", "id", now="t_p_id_fkey")]),
    ("TRUNCATE TABLE ONLY p RESTART IDENTITY CASCADE",
     [Finding("AL101", "p"), Finding("PG154", "t", now="p")]),
    (T + "RENAME TO x", [of_t("BC101", now="x")]),
    (T + "RENAME COLUMN a TO x", [of_t("BC102", "a", now="x")]),
    ("ALTER TYPE mood RENAME VALUE 'bad' TO 'worse'", [Finding("PG151", "", "mood", "'bad'", "'worse'")]),
    (T + "DROP CONSTRAINT t_p_id_fkey", [of_t("CD101", "t_p_id_fkey")]),
    (T + "RENAME CONSTRAINT t_p_id_fkey TO x; ALTER TABLE t DROP CONSTRAINT x", [of_t("CD101", "x")]),
    (T + "DROP CONSTRAINT proof", [of_t("CD102", "proof")]),
    (T + "DROP CONSTRAINT t_pkey", [of_t("CD103")]),
    (T + 'DROP CONSTRAINT t_pkey, ADD CONSTRAINT "t_pkey" PRIMARY KEY ("id", "a")',
     [of_t("PG203", now="id, a"), of_t("PG307", "id, a")]),
    (T + "ADD x int NOT NULL", [of_t("PG201", "x")]),
    (T + "ADD x uuid NOT NULL DEFAULT gen_random_uuid()", [of_t("PG302", "x", now="gen_random_uuid()")]),
    (T + "ADD x int GENERATED ALWAYS AS (a * 2) STORED", [of_t("AL135", "x"), of_t("PG303", "x")]),
    (T + "ADD x bigserial", [of_t("PG304", "x")]),
    (T + "ADD x int CHECK (x > 0)", [of_t("PG311")]),
    (T + "ADD x int UNIQUE", [of_t("PG307", "x")]),
    (T + "ADD CHECK (a > 0)", [of_t("PG202")]),
    (T + "ADD CONSTRAINT x CHECK (a > 0) NOT VALID", []),
    (T + "ADD CONSTRAINT x CHECK (a IS NOT NULL) NOT VALID; ALTER TABLE t ALTER a SET NOT NULL",
     [of_t("MF104", "a"), of_t("PG306", "a")]),
    (T + "ADD CONSTRAINT x CHECK (a IS NOT NULL) NOT VALID; ALTER TABLE t VALIDATE CONSTRAINT x; "
     "ALTER TABLE t ALTER a SET NOT NULL, DROP CONSTRAINT x", [of_t("PG206", "x"), of_t("CD102", "x")]),
    (T + "ALTER a SET NOT NULL", [of_t("MF104", "a"), of_t("PG306", "a")]),
    (T + "ADD UNIQUE (a)", [of_t("MF101", "a"), of_t("PG307", "a")]),
    (T + "ADD EXCLUDE USING gist (a WITH =)", [of_t("PG205"), of_t("PG307", "?")]),
    (T + "ADD FOREIGN KEY (a) REFERENCES p (id)", [of_t("AL110", "a", now="p"), of_t("PG309", "a", now="p")]),
    (T + "ADD CONSTRAINT x FOREIGN KEY (a) REFERENCES public.p NOT VALID", []),
    ('CREATE INDEX ON "public"."t"(a)', [of_t("PG308", "a")]),
    ("CREATE UNIQUE INDEX x ON t (a)", [of_t("MF101", "a"), of_t("PG308", "a")]),
    ("CREATE INDEX CONCURRENTLY x ON t (a)", [of_t("PG103", now="CREATE INDEX CONCURRENTLY")]),
    ("DROP INDEX t_a_idx", [of_t("PG108")]),
    ("DROP INDEX CONCURRENTLY t_a_idx", []),
    ("REINDEX TABLE t", [of_t("PG310", now="REINDEX TABLE t")]),
    ("REINDEX TABLE CONCURRENTLY t", []),
    ("VACUUM FULL t", [Finding("PG305", now="VACUUM FULL")]),
    ("CLUSTER t", [of_t("PG305", now="CLUSTER t"), of_t("PG108")]),
    (T + "SET UNLOGGED", [of_t("PG305", now="SET UNLOGGED t")]),
    (T + "ALTER v TYPE varchar(30)",
     [of_t("AL112", "v", "VARCHAR(60)", "VARCHAR(30)"), of_t("PG301", "v", "VARCHAR(60)", "VARCHAR(30)")]),
    (T + "ALTER v TYPE varchar(191)", []),
    (T + "ALTER a TYPE bigint", [of_t("PG301", "a", "INTEGER", "BIGINT")]),
    (T + "ALTER a TYPE boolean", [of_t("PG207", "a", "INTEGER", "BOOLEAN")]),
    (T + "ALTER a TYPE boolean USING (a > 0)",
     [of_t("PG209", "a", now="(a > 0)"), of_t("PG301", "a", "INTEGER", "BOOLEAN")]),
    (T + "ALTER w TYPE varchar(9) USING w::varchar(9)",
     [of_t("PG210", "w", "TEXT", "VARCHAR(9)"), of_t("PG301", "w", "TEXT", "VARCHAR(9)")]),
    (T + "ALTER s TYPE timestamptz(3)",
     [of_t("PG208", "s", "TIMESTAMP(3)", "TIMESTAMPTZ(3)"),
      of_t("PG301", "s", "TIMESTAMP(3)", "TIMESTAMPTZ(3)")]),
    (T + "ALTER m TYPE fewer USING m::text::fewer",
     [of_t("PG204", "m", now="'bad'"), of_t("PG301", "m", "mood", "fewer")]),
    (T + "ALTER strange TYPE int", [of_t("AL124", "strange", now="42703")]),
    ("CALL p(); " + T + "ALTER strange TYPE int",
     [Finding("AL190", now="CALL p()"), of_t("AL181", "strange", now="INTEGER")]),
    ("ALTER TABLE strange ADD x int",
     [Finding("AL124", "strange", now="42P01"), Finding("PG108", "strange")]),
    ("ALTER TABLE IF EXISTS strange ADD x int", [Finding("AL180", "strange"), Finding("PG108", "strange")]),
    ("DROP TABLE IF EXISTS strange", [Finding("DS102", "strange"), Finding("PG108", "strange")]),
    ("CREATE TABLE t (id int)", [of_t("AL123", now="42P07")]),
    ("CREATE TABLE IF NOT EXISTS t (id int)", []),
    ("DROP SCHEMA public CASCADE; CREATE TABLE t (id int)", [Finding("PG152", "", "public")]),
    (T + "ADD a int", [of_t("AL123", "a", now="42701")]),
    (T + "ADD COLUMN IF NOT EXISTS a int", []),
    (T + "DROP strange, ADD strange int", [of_t("AL124", "strange", now="42703")]),
    (T + "ADD UNIQUE (strange), ADD strange int", [of_t("MF101", "strange"), of_t("PG307", "strange")]),
    (T + "RENAME a TO b", [of_t("AL123", "b", now="42701"), of_t("BC102", "a", now="b")]),
    ("CREATE INDEX t_a_idx ON t (strange)",
     [of_t("AL123", "t_a_idx", now="42P07 index"), of_t("AL124", "strange", now="42703")]),
    ("CREATE EXTENSION postgis; UPDATE spatial_ref_sys SET srid = 1",
     [Finding("PG114", now="postgis"), *(Finding(code, "spatial_ref_sys") for code in ("AL103", "AL132"))]),
    ("CREATE TABLE x PARTITION OF parted DEFAULT; CREATE INDEX ON x (id)", []),
    ("CREATE TABLE x AS SELECT 1 AS a; ALTER TABLE x RENAME TO y; ALTER TABLE y ALTER a TYPE bigint",
     [Finding("AL181", "y", "a", now="BIGINT")]),
    ("CREATE TABLE x (a int REFERENCES p); CREATE INDEX x_a_fkey ON x (a); CREATE INDEX a ON x (a)", []),
    ("CREATE TABLE x (a int); CREATE INDEX ON x (a); CREATE INDEX ON x (a); CREATE INDEX a ON x (a)", []),
    (T + "SET SCHEMA other; ALTER TABLE other.t DROP a",
     [of_t("BC101", now="other.t"), Finding("DS103", "other.t", "a")]),
    (T + "FROBNICATE", [of_t("AL190", now="FROBNICATE")]),
    ("DO $$ BEGIN DELETE FROM t; END $$", [Finding("AL190", now="DO $$ BEGIN DELETE FROM t; END $$")]),
    ("SELECT 1; VACUUM", [Finding("PG101", now="VACUUM")]),
    ("BEGIN; ALTER SYSTEM SET work_mem = '8MB'; COMMIT",
     [Finding("PG102", now="ALTER SYSTEM"), Finding("PG115", now="ALTER SYSTEM")]),
    ("CREATE ROLE reader", [Finding("PG115", now="CREATE ROLE")]),
    ("SELECT 1; COMMIT; SELECT 1", [Finding("PG104", now="COMMIT")]),
    ("BEGIN; SELECT 1", [Finding("PG105")]),
    ("BEGIN; SELECT 1; ROLLBACK", [Finding("PG106")]),
    ("SET LOCAL work_mem = '8MB'", [Finding("PG107", now="SET LOCAL")]),
    ("SAVEPOINT a", [Finding("PG117", now="SAVEPOINT")]),
    ("ALTER TABLE t ADD x int; ALTER TABLE p ADD x int", [of_t("PG108")]),
    ("SET LOCAL lock_timeout = '5s'; ALTER TABLE t ADD x int", [Finding("PG107", now="SET LOCAL")]),
    ("\ufeffSELECT 1", [Finding("PG109")]),
    ("\\restrict abc\nSELECT 1", [Finding("PG110", now="\\restrict abc")]),
    ("COPY t (id) FROM stdin", [of_t("PG111")]),
    ("SELECT 'a\n\\i b', E'\\\\i', $$\n\\i$$, \"\\i\"", []),
    (f"CREATE TABLE {LONG} (id int)", [Finding("PG112", was=LONG[:63], now=LONG)]),
    ("ALTER TYPE mood ADD VALUE 'great'; UPDATE t SET m = 'great'",
     [of_t("AL103"), of_t("AL132"), Finding("PG113", was="mood", now="'great'")]),
    ("CREATE EXTENSION IF NOT EXISTS citext", [Finding("PG114", now="citext")]),
    ("CREATE TYPE x AS ENUM ('a'); ALTER TYPE x ADD VALUE 'b'; SELECT 'b'::x",
     [Finding("PG116", was="x", now="'b'")]),
    ("SET search_path = other", [Finding("AL160", now="search_path = other")]),
    ("SELECT pg_catalog.set_config('search_path', '', false)", [Finding("AL160", now="search_path = ''")]),
    ("SET work_mem = '8MB'; RESET work_mem", []),
    ("SET client_encoding = 'UTF8'", [Finding("AL161", now="client_encoding = 'UTF8'")]),
    ("INSERT INTO t (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET a = 1", [of_t("AL144"), of_t("AL131")]),
    ("WITH x AS (SELECT 1) DELETE FROM t", [of_t("AL102")]),
    ("WITH x AS (DELETE FROM t RETURNING *), y (a) AS MATERIALIZED (SELECT 1) SELECT 1", [of_t("AL102")]),
    ("WITH x AS (VALUES (1)) UPDATE p SET code = 'x'", [Finding("AL103", "p")]),
    ("WITH x SELECT 1", [Finding("AL190", now="WITH x SELECT 1")]),
    ("CREATE TEMP TABLE x (a int); ALTER TABLE x ADD b int NOT NULL; DROP TABLE x", []),
    (" \n", []),
    ("-- nothing to do", []),
    ("ANALYZE; COMMENT ON TABLE t IS 'x'; GRANT SELECT ON t TO PUBLIC; SELECT setval('t_seq', 1)", []),
]  # fmt: skip


@pytest.mark.parametrize(("sql", "findings"), CASES, ids=[sql[:60] for sql, _findings in CASES])
def test_sql_is_judged_by_the_tables_before_it(sql: str, findings: list[Finding]) -> None:
    assert list(found(SCHEMA, sql)) == findings


TWO = "CREATE TABLE x (a int); CREATE TABLE y (a int)"
ADD_AND_USE = "ALTER TYPE mood ADD VALUE 'great'; SELECT 'great'::mood"
OF_VERSIONS: list[tuple[str, str, list[Finding]]] = [
    (TWO, "7.3.0", [Finding("PG119", now="7.3.0")]),
    (TWO, "7.4.0", [Finding("PG118", now="7.4.0")]),
    (f"BEGIN; {TWO}; COMMIT", "7.4.0", []),
    (f"{TWO}; DO ''", "7.4.0", [Finding("AL190", now="DO ''")]),
    ("CREATE TABLE x (a int)", "7.4.0", []),
    (ADD_AND_USE, "7.3.0", [Finding("PG113", was="mood", now="'great'")]),
    (ADD_AND_USE, "7.4.0", []),
]


@pytest.mark.parametrize(("sql", "prisma", "findings"), OF_VERSIONS)
def test_a_script_is_judged_in_the_transactions_of_the_project_s_prisma(
    sql: str, prisma: str, findings: list[Finding]
) -> None:
    assert list(found(SCHEMA, sql, prisma=prisma)) == findings


@pytest.mark.parametrize("language", ["en", "ko"])
def test_every_code_is_met_and_has_its_words(language: str) -> None:
    every = [one for _sql, findings in CASES for one in findings]
    every += [one for _sql, _prisma, findings in OF_VERSIONS for one in findings]
    assert CODES_OF_POSTGRESQL.keys() - {finding.code for finding in every} == set()
    with speaking(language):
        assert [one for one in every if "{" in one.words()] == []


def test_a_table_that_is_new_has_no_rows_to_care_for_and_no_one_waits() -> None:
    script = """CREATE TABLE a (b int, c varchar(9)); CREATE UNIQUE INDEX k ON a(b); CREATE INDEX ON a(c);
        ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES p(id), ALTER c TYPE varchar(3), ALTER c SET NOT NULL;
        ALTER TABLE a ADD d int NOT NULL, DROP c, ADD CHECK (d > 0), ADD e serial; DELETE FROM a;
        ALTER TABLE a RENAME TO x; TRUNCATE x; DROP TABLE x;"""
    assert found(SCHEMA, script) == ()


def test_a_new_table_with_rows_is_no_longer_new_but_nobody_waits_for_it() -> None:
    script = "CREATE TABLE a (b int); INSERT INTO a VALUES (1); CREATE UNIQUE INDEX k ON a(b)"
    assert found(script) == (Finding("MF101", "a", "b"),)


def test_names_are_folded_unless_they_are_quoted() -> None:
    history = 'CREATE TABLE "Users" ("userId" int); CREATE TABLE USERS (a int)'
    script = 'SET lock_timeout = 1; ALTER TABLE "Users" DROP "userId"; ALTER TABLE Users DROP A'
    assert found(history, script) == (Finding("DS103", "Users", "userId"), Finding("DS103", "users", "a"))


def test_a_table_of_another_schema_is_another_table() -> None:
    history = "CREATE TABLE a.t (x int); CREATE TABLE t (x int NOT NULL)"
    first, second = (f"ALTER TABLE {table} ALTER x SET NOT NULL" for table in ("public.t", "a.t"))
    script = f"SET lock_timeout = 1; {first}; {second}"
    assert found(history, script) == (Finding("MF104", "a.t", "x"), Finding("PG306", "a.t", "x"))


WORDS = """
ADD DROP ALTER RENAME COLUMN CONSTRAINT PRIMARY KEY UNIQUE TO ( ) , NOT NULL DEFAULT 1 'a' ENUM AS TYPE ::
varchar(9) int FOREIGN REFERENCES CHECK SET USING IF EXISTS ; -- /* */ TABLE ON = [ ] $$ E'\\' "a" \\ . "
GENERATED ALWAYS IDENTITY STORED VALID CASCADE VALUE INDEX CONCURRENTLY COMMIT BEGIN t users ATTACH PARTITION
"""
HEADS = (
    "ALTER TABLE t|CREATE TABLE|CREATE INDEX|DROP TABLE|DROP INDEX|ALTER TYPE mood|CREATE TYPE|DELETE|WITH"
    "|SET|CREATE|BEGIN|COPY|VACUUM|REINDEX|TRUNCATE|SELECT set_config|ALTER|DROP"
)
BEGINNINGS = st.sampled_from(HEADS.split("|"))


@given(st.lists(st.tuples(BEGINNINGS, st.lists(st.sampled_from(WORDS.split()), max_size=12)), max_size=4))
def test_whatever_is_written_is_judged_or_named_as_not_judged(
    statements: list[tuple[str, list[str]]],
) -> None:
    script = ";\n".join(f"{begin} {' '.join(words)}" for begin, words in statements)
    for finding in found(SCHEMA, script):
        assert finding.words()


@given(st.text())
def test_any_text_is_judged_or_named_as_not_judged(script: str) -> None:
    assert all(finding.words() for finding in found(script))
