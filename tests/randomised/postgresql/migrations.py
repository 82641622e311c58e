"""Random migrations that fail: as a whole, after a COMMIT of their own, or one statement at a time."""

from installer.bundle.sql.migrations import Migration
from tests.randomised.dice import Dice
from tests.randomised.postgresql.databases import FIRST, SECOND, RandomDatabase

NEW = (
    "CREATE TABLE \"new table\" (id int PRIMARY KEY, note text DEFAULT 'x;'); INSERT INTO \"new table\""
    " VALUES (1, 'a')",
    "CREATE VIEW \"new view\" AS SELECT 1 AS one",
    "CREATE SEQUENCE \"new sequence\"; SELECT nextval('\"new sequence\"')",
    "SELECT nextval('ids.\"shared seq\"')",
    "SELECT setval('ids.\"shared seq\"', 4242)",
    "CREATE SCHEMA later; CREATE TABLE later.t (a int); INSERT INTO later.t VALUES (1)",
    "ALTER TYPE mood ADD VALUE IF NOT EXISTS 'new; mood' BEFORE 'sad'",
    "ALTER TYPE mood RENAME VALUE 'sad' TO 'sadder'",
    "ALTER DOMAIN positive DROP CONSTRAINT \"more than 0\"",
    "ALTER TYPE spot ADD ATTRIBUTE more text",
    "CREATE OR REPLACE FUNCTION ids.doubled(a bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT a"
    " * 3'",
    "SELECT lo_create(7999); SELECT lo_put(7999, 0, '\\x0102')",
    "SELECT lo_unlink(oid) FROM pg_largeobject_metadata",
    "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC",
    "DROP SCHEMA ids CASCADE",
    "DROP SCHEMA public CASCADE",
    "ALTER SCHEMA ids RENAME TO \"renamed; ids\"",
    "ALTER DATABASE {d} SET work_mem = '3MB'",
    "ALTER ROLE {r} IN DATABASE {d} SET work_mem = '4MB'",
    "COMMENT ON DATABASE {d} IS 'changed'",
    "ALTER DATABASE {d} CONNECTION LIMIT 55",
    "GRANT CREATE ON DATABASE {d} TO PUBLIC",
    "SET search_path = ids",
    "SET session_replication_role = replica",
    "SET ROLE {r}; RESET ROLE",
    "SET TimeZone = 'Asia/Seoul'; SET DateStyle = 'German'",
    "DELETE FROM _prisma_migrations WHERE migration_name LIKE '%init'",
)  # fmt: skip
ON_A_TABLE = (
    "ALTER TABLE {t} ADD COLUMN added int NOT NULL DEFAULT 5",
    "ALTER TABLE {t} ALTER site TYPE bigint",
    "ALTER TABLE {t} ALTER note TYPE varchar(90) USING left(note, 3)",
    "ALTER TABLE {t} DROP COLUMN note CASCADE",
    "ALTER TABLE {t} DROP CONSTRAINT {k} CASCADE",
    "ALTER TABLE {t} RENAME TO \"renamed; table\"",
    "ALTER TABLE {t} RENAME COLUMN note TO \"renamed; note\"",
    "ALTER TABLE {t} SET UNLOGGED",
    "ALTER TABLE {t} ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE {t} OWNER TO {r}",
    "ALTER TABLE {t} SET SCHEMA public",
    "ALTER TABLE {t} DISABLE TRIGGER ALL",
    "ALTER TABLE {t} ALTER id DROP IDENTITY IF EXISTS",
    "CREATE INDEX \"new index\" ON {t} (site, note)",
    "CREATE POLICY \"new policy\" ON {t} USING (true)",
    "CREATE RULE \"new rule\" AS ON UPDATE TO {t} DO INSTEAD NOTHING",
    "COMMENT ON TABLE {t} IS 'changed'",
    "GRANT DELETE ON {t} TO {r}; REVOKE ALL ON {t} FROM PUBLIC",
    "TRUNCATE {t} RESTART IDENTITY CASCADE",
    "UPDATE {t} SET note = note || 'x'",
    "DELETE FROM {t}",
    "INSERT INTO {t} (site, note) VALUES (7, 'new')",
    "DROP TABLE {t} CASCADE",
)  # fmt: skip
ALONE = (
    "CREATE INDEX CONCURRENTLY \"slow index\" ON {t} (site)",
    "CREATE UNIQUE INDEX CONCURRENTLY \"bad index\" ON {t} ((1))",
    "VACUUM {t}",
)  # fmt: skip
FAILURES = (
    "CREATE TABLE _prisma_migrations (id int); CREATE TABLE _prisma_migrations (id int)",
    "ALTER TABLE {t} ADD COLUMN id int",
    "ALTER TABLE {t} ADD COLUMN wrong varcharr(5)",
    "UPDATE {t} SET \"not there\" = 1",
    "SELECT FROM WHERE",
    "CREATE TABLE c1 (n int CHECK (n > 5)); INSERT INTO c1 VALUES (6), (5)",
    "CREATE TABLE u1 (n int); INSERT INTO u1 VALUES (6), (6); ALTER TABLE u1 ADD UNIQUE (n)",
    "CREATE TABLE n1 (n int); INSERT INTO n1 VALUES (NULL); ALTER TABLE n1 ALTER n SET NOT NULL",
    "CREATE TABLE w1 (n text); INSERT INTO w1 VALUES ('x'); ALTER TABLE w1 ALTER n TYPE int USING n::int",
    "CREATE TABLE d1 (n int PRIMARY KEY, up int REFERENCES d1 DEFERRABLE INITIALLY DEFERRED);"
    " INSERT INTO d1 VALUES (1, 2); SET CONSTRAINTS ALL IMMEDIATE",
    "SET lock_timeout = 1; SELECT pg_sleep(0); SELECT 1 / 0",
    "SET statement_timeout = 50; SELECT pg_sleep(5)",
    "DO $$ BEGIN RAISE EXCEPTION '한; failed' USING ERRCODE = 'ZZ001'; END $$",
    "SELECT pg_terminate_backend(pg_backend_pid()), pg_sleep(5)",
)  # fmt: skip
SHAPES = (
    "{changes};\n{last};\nCREATE TABLE \"never made\" (id int);",
    "{changes};\nCOMMIT;\n{last};",
    "BEGIN;\n{changes};\nCOMMIT;\nBEGIN; CREATE TABLE \"taken back\" (id int); {last};\nCOMMIT;",
    "{changes};\n{alone};\n{last};",
)  # fmt: skip


def failing_migrations(dice: Dice, database: RandomDatabase) -> tuple[Migration, ...]:
    """The release's migrations: two applied, now and then one that succeeds, and one that fails."""
    drops = tuple(made.drop for made in database.objects)
    patterns = [
        dice.choice(dice.choice((NEW, ON_A_TABLE, ON_A_TABLE, drops))) for _ in range(dice.randint(1, 4))
    ]
    changes = [_filled(dice, pattern, database) for pattern in patterns]
    last, alone = (_filled(dice, dice.choice(some), database) for some in (FAILURES, ALONE))
    shape = dice.choice(SHAPES)
    script = shape.replace("{changes}", ";\n".join(changes)).replace("{alone}", alone).replace("{last}", last)
    fine = Migration("20260103000000_fine", b"CREATE TABLE fine (id int); INSERT INTO fine VALUES (1);")
    broken = Migration("20260104000000_broken", database.fitting(script).encode())
    return (FIRST, SECOND, *([fine] if dice.happens(0.3) else []), broken)


def _filled(dice: Dice, pattern: str, database: RandomDatabase) -> str:
    table = dice.choice(database.tables)
    words = {"{t}": table.name, "{k}": table.key, "{r}": database.role, "{d}": database.name}
    for word, text in words.items():
        pattern = pattern.replace(word, text)
    return pattern
