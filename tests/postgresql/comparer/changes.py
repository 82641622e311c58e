"""One change for everything that a picture of a PostgreSQL database covers, and how the comparer names it.

Every change has objects of its own, so that all are backed up and compared once.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Change:
    """`before` is run before the backup, `change` afterwards; then the comparer says `lines`."""

    before: str
    change: str
    lines: tuple[str, ...]


def different(kind: str, name: str) -> tuple[str, ...]:
    return (f"different: {kind} {name}",)


TABLES = (
    Change("CREATE TABLE t1 (a int)", "ALTER TABLE t1 ADD b int", different("table", "t1")),
    Change("CREATE TABLE t2 (a varchar(5))",
           "ALTER TABLE t2 ALTER a TYPE varchar(6)", different("table", "t2")),
    Change("CREATE TABLE t3 (a int NOT NULL)",
           "ALTER TABLE t3 ALTER a DROP NOT NULL", different("table", "t3")),
    Change("CREATE TABLE t4 (a int DEFAULT 1)",
           "ALTER TABLE t4 ALTER a SET DEFAULT 2", different("table", "t4")),
    Change('CREATE TABLE t5 (a text COLLATE "C")', 'ALTER TABLE t5 ALTER a TYPE text COLLATE "POSIX"',
           different("table", "t5")),
    Change("CREATE TABLE t6 (a text)",
           "ALTER TABLE t6 ALTER a SET STORAGE EXTERNAL", different("table", "t6")),
    Change("CREATE TABLE t7 (a int)", "ALTER TABLE t7 ALTER a SET STATISTICS 7", different("table", "t7")),
    Change("CREATE TABLE t8 (a int)", "ALTER TABLE t8 SET (fillfactor = 70)", different("table", "t8")),
    Change("CREATE TABLE t9 (a int)", "ALTER TABLE t9 SET UNLOGGED", different("table", "t9")),
    Change("CREATE TABLE t10 (a int)", "CREATE ROLE *owner*; ALTER TABLE t10 OWNER TO *owner*",
           (*different("table", "t10"), "not in the backup: rights of *owner*")),
    Change("CREATE TABLE t11 (a int)", "ALTER TABLE t11 ENABLE ROW LEVEL SECURITY",
           ("not in the backup: row security t11",)),
    Change("CREATE TABLE t12 (a int); CREATE POLICY p12 ON t12 USING (a > 0)",
           "ALTER POLICY p12 ON t12 USING (a > 1)", different("policy", "t12 p12")),
    Change("CREATE TABLE t13 (a int)", "DROP TABLE t13", ("missing: table t13",)),
    Change("", "CREATE TABLE t14 (a int)", ("not in the backup: table t14",)),
    Change("CREATE TABLE t15 (a int CHECK (a > 0))", "ALTER TABLE t15 DROP CONSTRAINT t15_a_check",
           different("table", "t15")),
    Change("CREATE TABLE t16 (a int PRIMARY KEY)", "ALTER TABLE t16 DROP CONSTRAINT t16_pkey",
           ("missing: constraint t16 t16_pkey",)),
    Change("CREATE TABLE t17 (a int); CREATE INDEX i17 ON t17 (a)",
           "DROP INDEX i17; CREATE INDEX i17 ON t17 (a DESC)", different("index", "i17")),
    Change("CREATE TABLE t18 (a int PRIMARY KEY, b int REFERENCES t18)",
           "ALTER TABLE t18 DROP CONSTRAINT t18_b_fkey, ADD CONSTRAINT t18_b_fkey FOREIGN KEY (b)"
           " REFERENCES t18 ON DELETE CASCADE", different("foreign key", "t18 t18_b_fkey")),
    Change("CREATE TABLE t19 (a int) PARTITION BY RANGE (a); CREATE TABLE t19a (a int)",
           "ALTER TABLE t19 ATTACH PARTITION t19a FOR VALUES FROM (1) TO (2)",
           ("not in the backup: partition t19a",)),
    Change("CREATE TABLE t20 (a int, b int GENERATED ALWAYS AS (a + 1) STORED)",
           "ALTER TABLE t20 ALTER b DROP EXPRESSION", different("table", "t20")),
    Change("CREATE TABLE t21 (a int)", "COMMENT ON COLUMN t21.a IS 'x'",
           ("not in the backup: comment COLUMN t21.a",)),
    Change("CREATE TABLE t22 (a int PRIMARY KEY)", "ALTER TABLE t22 REPLICA IDENTITY FULL",
           different("table", "t22")),
    Change("CREATE TABLE t23 (a int, b int)", "CREATE STATISTICS s23 ON a, b FROM t23",
           ("not in the backup: statistics s23",)),
)  # fmt: skip
OBJECTS = (
    Change("CREATE VIEW v1 AS SELECT 1 AS a", "CREATE OR REPLACE VIEW v1 AS SELECT 2 AS a",
           different("view", "v1")),
    Change("CREATE MATERIALIZED VIEW m1 AS SELECT 1 AS a", "REFRESH MATERIALIZED VIEW m1 WITH NO DATA",
           ("m1: 0 rows instead of 1",)),
    Change("CREATE FUNCTION f1() RETURNS int LANGUAGE sql AS 'SELECT 1'",
           "CREATE OR REPLACE FUNCTION f1() RETURNS int LANGUAGE sql AS 'SELECT 2'",
           different("function", "f1()")),
    Change("CREATE FUNCTION f2() RETURNS int LANGUAGE sql AS 'SELECT 1'",
           "ALTER FUNCTION f2() SECURITY DEFINER", different("function", "f2()")),
    Change("CREATE PROCEDURE p1() LANGUAGE sql AS ''", "ALTER PROCEDURE p1() SET work_mem = '9MB'",
           different("procedure", "p1()")),
    Change("CREATE TABLE g1 (a int);"
           "CREATE FUNCTION fg() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';"
           "CREATE TRIGGER g1t AFTER INSERT ON g1 EXECUTE FUNCTION fg()",
           "ALTER TABLE g1 DISABLE TRIGGER g1t", different("trigger", "g1 g1t")),
    Change("CREATE TABLE r1 (a int)", "CREATE RULE r1r AS ON UPDATE TO r1 DO INSTEAD NOTHING",
           ("not in the backup: rule r1 r1r",)),
    Change("CREATE TYPE e1 AS ENUM ('a')", "ALTER TYPE e1 ADD VALUE 'b'", different("type", "e1")),
    Change("CREATE DOMAIN d1 AS int", "ALTER DOMAIN d1 SET NOT NULL", different("domain", "d1")),
    Change("CREATE TYPE c1 AS (a int)", "ALTER TYPE c1 ADD ATTRIBUTE b int", different("type", "c1")),
    Change("CREATE AGGREGATE a1(int) (SFUNC = int4pl, STYPE = int)", "DROP AGGREGATE a1(int)",
           ("missing: aggregate a1(integer)",)),
    Change("", "CREATE SCHEMA n1", ("not in the backup: schema n1",)),
    Change("CREATE SCHEMA n2; CREATE TABLE n2.a (b int)", "ALTER TABLE n2.a ADD c int",
           different("table", "n2.a")),
    Change("", "CREATE PUBLICATION pub1", ("not in the backup: publication pub1",)),
    Change("CREATE FUNCTION fe() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'",
           "CREATE EVENT TRIGGER e1 ON ddl_command_end WHEN TAG IN ('DROP OPERATOR') EXECUTE FUNCTION fe()",
           ("not in the backup: event trigger e1",)),
    Change("CREATE COLLATION co1 (provider = icu, locale = 'de')", "DROP COLLATION co1",
           ("missing: collation co1",)),
    Change("CREATE CAST (text AS oid) WITH INOUT", "DROP CAST (text AS oid)",
           ("missing: cast CAST (text AS oid)",)),
    Change("CREATE EXTENSION pg_trgm", "DROP EXTENSION pg_trgm",
           ("missing: extension pg_trgm", "missing: comment EXTENSION pg_trgm")),
)  # fmt: skip
ROWS = (
    Change("CREATE TABLE x1 (a text); INSERT INTO x1 VALUES ('a')", "UPDATE x1 SET a = 'b'",
           ("x1: values in its rows differ",)),
    Change("CREATE TABLE x2 (a int); INSERT INTO x2 VALUES (1), (1)",
           "DELETE FROM x2 WHERE ctid = (SELECT min(ctid) FROM x2)", ("x2: 1 rows instead of 2",)),
    Change("CREATE TABLE x3 (a text); INSERT INTO x3 VALUES ('')", "UPDATE x3 SET a = NULL",
           ("x3: values in its rows differ",)),
    Change("CREATE TABLE x4 (a bytea); INSERT INTO x4 VALUES ('\\x00ff')", "UPDATE x4 SET a = '\\x00fe'",
           ("x4: values in its rows differ",)),
    Change("CREATE TABLE x5 (a float8); INSERT INTO x5 VALUES (0.1)",
           "UPDATE x5 SET a = 0.1 + 0.00000000000000002",
           ("x5: values in its rows differ",)),
    Change("CREATE TABLE x6 (a json); INSERT INTO x6 VALUES ('{}')", "UPDATE x6 SET a = '{ }'",
           ("x6: values in its rows differ",)),
    Change("CREATE TABLE x7 (a int, b int); INSERT INTO x7 VALUES (1, 2), (3, 4)",
           "UPDATE x7 SET b = CASE a WHEN 1 THEN 4 ELSE 2 END", ("x7: values in its rows differ",)),
    Change("CREATE TABLE x8 (row0 int, row1 text); INSERT INTO x8 VALUES (1, 'a')",
           "UPDATE x8 SET row1 = 'b'",
           ("x8: values in its rows differ",)),
    Change('CREATE TABLE "X ""9" (a int); INSERT INTO "X ""9" VALUES (1)', 'UPDATE "X ""9" SET a = 2',
           ('"X ""9": values in its rows differ',)),
    Change("SELECT lo_from_bytea(77, '\\x01')", "SELECT lo_put(77, 0, '\\x02')",
           ("large objects: values in its rows differ",)),
)  # fmt: skip
OTHERS = (
    Change("CREATE SEQUENCE q1; SELECT nextval('q1')", "SELECT nextval('q1')",
           ("q1: the next number is 3 instead of 2",)),
    Change("CREATE SEQUENCE q2", "ALTER SEQUENCE q2 CYCLE", different("sequence", "q2")),
    Change("", "COMMENT ON DATABASE *this* IS 'x'", different("database", "comment")),
    Change("", "ALTER DATABASE *this* SET work_mem = '6MB'", different("database", "settings")),
    Change("", "GRANT CREATE ON DATABASE *this* TO public", different("database", "rights")),
    Change("CREATE ROLE *role*; CREATE TABLE gr1 (a int)", "GRANT SELECT ON gr1 TO *role*",
           ("not in the backup: rights on TABLE gr1",)),
    Change("CREATE ROLE *plain*", "ALTER ROLE *plain* LOGIN", ("different: the rights of *plain*",)),
    Change("", "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO public",
           ("not in the backup: default rights DEFAULT PRIVILEGES FOR TABLES",)),
)  # fmt: skip
CHANGES = (*TABLES, *OBJECTS, *ROWS, *OTHERS)
