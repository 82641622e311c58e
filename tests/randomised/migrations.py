"""Random migrations that fail in the middle: some statements take effect, then one does not."""

from collections.abc import Callable

from installer.bundle.sql.migrations import Migration
from installer.mariadb.server.queries import quoted
from tests.randomised.databases import FIRST, SECOND, RandomDatabase
from tests.randomised.dice import Dice

Change = Callable[[Dice, RandomDatabase], str]
NEW = (
    "CREATE TABLE `new table` (id INT PRIMARY KEY, note TEXT DEFAULT 'x;') COMMENT='new';"
    "INSERT INTO `new table` VALUES (1, 'a'), (2, 'b')",
    "CREATE VIEW `new view` AS SELECT 1 AS one",
    "CREATE SEQUENCE `new sequence`; SELECT NEXTVAL(`new sequence`)",
    "CREATE PROCEDURE `new procedure`() BEGIN SELECT 1; SELECT ';'; END",
    "CREATE FUNCTION new_function() RETURNS INT RETURN 1",
    "CREATE EVENT `new event` ON SCHEDULE EVERY 1 DAY STARTS '2036-01-01' DO SELECT 1",
    "CREATE TABLE `new past` (id INT) WITH SYSTEM VERSIONING; INSERT INTO `new past` VALUES (1);"
    "UPDATE `new past` SET id = 2",
    "CREATE TABLE `new parted` (id INT PRIMARY KEY) PARTITION BY HASH (id) PARTITIONS 2",
    "ALTER DATABASE CHARACTER SET utf8mb4 COLLATE utf8mb4_swedish_ci",
    "SET foreign_key_checks = 0",
    "SET check_constraint_checks = 0",
    "START TRANSACTION",
    "DELETE FROM _prisma_migrations WHERE migration_name LIKE '%init'",
)
ON_A_TABLE = (
    "ALTER TABLE {t} ADD COLUMN added INT NOT NULL DEFAULT 5 FIRST",
    "ALTER TABLE {t} ADD COLUMN added_fast VARCHAR(9) DEFAULT 'x', ALGORITHM=INSTANT",
    "ALTER TABLE {t} COMMENT='changed'",
    "ALTER TABLE {t} ADD INDEX added_index (site, id)",
    "ALTER TABLE {t} MODIFY site BIGINT NULL",
    "ALTER TABLE {t} CONVERT TO CHARACTER SET utf8mb4",
    "ALTER TABLE {t} AUTO_INCREMENT = 12345678",
    "ALTER TABLE {t} ADD CONSTRAINT added_check CHECK (id < 1000000000)",
    "ALTER TABLE {t} DROP SYSTEM VERSIONING",
    "ALTER TABLE {t} ENGINE=InnoDB",
    "ALTER TABLE {t} DROP INDEX k1",
    "RENAME TABLE {t} TO `renamed; table`",
    "DROP TABLE {t}",
    "TRUNCATE TABLE {t}",
    "UPDATE {t} SET site = site + 100",
    "DELETE FROM {t} WHERE id > 11",
    "INSERT INTO {t} (id, site) VALUES (99999, 3)",
    "CREATE TRIGGER `new trigger` BEFORE DELETE ON {t} FOR EACH ROW SET @x = 1",
    "CREATE OR REPLACE VIEW `replaced view` AS SELECT id FROM {t}",
    "LOCK TABLES {t} WRITE",
)
FAILURES = (
    "CREATE TABLE _prisma_migrations (id INT)",
    "ALTER TABLE {t} ADD COLUMN id INT",
    "ALTER TABLE {t} ADD COLUMN wrong VARCHARR(5)",
    "ALTER TABLE {t} DROP COLUMN `not there`",
    "UPDATE {t} SET `not there` = 1",
    "INSERT INTO nowhere VALUES (1)",
    "SELECT FROM WHERE",
    "SET check_constraint_checks = 1; CREATE TABLE c1 (n INT CHECK (n > 5)); INSERT INTO c1 VALUES (6), (5)",
    "CREATE TABLE u1 (n INT UNIQUE); INSERT INTO u1 VALUES (6), (7), (6)",
    "CREATE TABLE f1 (id INT PRIMARY KEY); CREATE TABLE f2 (f INT, FOREIGN KEY (f) REFERENCES f1 (id));"
    "SET foreign_key_checks = 1; INSERT INTO f2 VALUES (1)",
    "CREATE TABLE n1 (n INT); INSERT INTO n1 VALUES (1), (NULL);"
    "SET sql_mode = 'STRICT_ALL_TABLES'; ALTER TABLE n1 MODIFY n INT NOT NULL",
    "SET sql_mode = 'STRICT_ALL_TABLES'; CREATE TABLE w1 (n TINYINT); INSERT INTO w1 VALUES (1), (300)",
    "CALL no_such_procedure()",
    "SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = '한; failed'",
    "KILL CONNECTION_ID()",
)


def failing_migrations(dice: Dice, database: RandomDatabase) -> tuple[Migration, ...]:
    """The release's migrations: two applied, now and then one that succeeds, and one that fails."""
    changes = [_change(dice, database) for _ in range(dice.randint(1, 6))]
    last = dice.choice(FAILURES).format(t=dice.choice(database.tables).sql)
    script = ";\n".join([*changes, last, "CREATE TABLE `never made` (id INT)"]) + ";\n"
    fine = Migration("20260103000000_fine", b"CREATE TABLE fine (id INT); INSERT INTO fine VALUES (1);")
    broken = Migration("20260104000000_broken", script.encode())
    return (FIRST, SECOND, *([fine] if dice.happens(0.4) else []), broken)


def _change(dice: Dice, database: RandomDatabase) -> str:
    return dice.choice((_new, _on_a_table, _on_a_table, _drop, _at_a_sequence, _at_an_event))(dice, database)


def _new(dice: Dice, _database: RandomDatabase) -> str:
    return dice.choice(NEW)


def _on_a_table(dice: Dice, database: RandomDatabase) -> str:
    return dice.choice(ON_A_TABLE).format(t=dice.choice(database.tables).sql)


def _drop(dice: Dice, database: RandomDatabase) -> str:
    return dice.choice(database.others).drop if database.others else _new(dice, database)


def _at_a_sequence(dice: Dice, database: RandomDatabase) -> str:
    found = database.of("SEQUENCE")
    if not found:
        return _new(dice, database)
    name = quoted(dice.choice(found).name)
    return dice.choice(("SELECT NEXTVAL({s})", "ALTER SEQUENCE {s} INCREMENT BY 7")).format(s=name)


def _at_an_event(dice: Dice, database: RandomDatabase) -> str:
    found = database.of("EVENT")
    return f"ALTER EVENT {quoted(dice.choice(found).name)} COMMENT 'other'" if found else _new(dice, database)
