"""One change for everything that a picture of a database covers.

Every change has objects of its own, so that all are backed up, restored and compared once.
"""

from tests.mariadb.comparer.change import Change
from tests.mariadb.comparer.changes_of_objects import DROPPED, OBJECTS, PACKAGES, SESSIONS
from tests.mariadb.comparer.changes_of_rows import ROWS, VALUES
from tests.mariadb.comparer.changes_of_tables import TABLES

PARENTS = """CREATE TABLE parent (id INT PRIMARY KEY); CREATE TABLE other_parent (id INT PRIMARY KEY);
    CREATE TABLE fired (id INT)"""
HISTORY = """CREATE TABLE _prisma_migrations (id VARCHAR(36) PRIMARY KEY NOT NULL,
    checksum VARCHAR(64) NOT NULL, finished_at DATETIME(3),
    migration_name VARCHAR(255) NOT NULL, logs TEXT, rolled_back_at DATETIME(3),
    started_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
    applied_steps_count INTEGER UNSIGNED NOT NULL DEFAULT 0);
    INSERT INTO _prisma_migrations VALUES ('1', 'c', '2026-01-01', '1_users', NULL, NULL, '2026-01-01', 1)"""
ORDER = "TRIGGER {} AFTER UPDATE ON fired FOR EACH ROW"
OTHERS = (
    Change("trigger", "order",
           f"CREATE {ORDER.format('tr_first')} SET @a = 1; CREATE {ORDER.format('tr_second')} SET @a = 2",
           f"CREATE OR REPLACE {ORDER.format('tr_first')} FOLLOWS tr_second SET @a = 1",
           ("different: trigger tr_first", "different: trigger tr_second")),
    Change("database", "collation", "", "ALTER DATABASE COLLATE utf8mb4_bin",
           ("different: database character set",)),
    Change("database", "comment", "", "ALTER DATABASE COMMENT 'it''s mine'",
           ("different: database comment",)),
    Change("positions", "of a sequence", "CREATE SEQUENCE s_next NOCACHE; SELECT NEXTVAL(s_next)",
           "SELECT NEXTVAL(s_next)", ("s_next: the next number is 3 instead of 2",)),
    Change("positions", "of a sequence set back", "CREATE SEQUENCE s_back START 9 MINVALUE 1 NOCACHE",
           "ALTER SEQUENCE s_back RESTART 8", ("s_back: the next number is 8 instead of 9",)),
    Change("positions", "of a table",
           "CREATE TABLE n_lower (a INT AUTO_INCREMENT PRIMARY KEY) AUTO_INCREMENT=9",
           "ALTER TABLE n_lower AUTO_INCREMENT=8", ("n_lower: the next number is 8 instead of 9",)),
    Change("migrations", "name", HISTORY, "UPDATE _prisma_migrations SET migration_name = '2_users'",
           ("_prisma_migrations: values in its rows differ", "_prisma_migrations: the rows differ")),
    Change("grants", "taken", "CREATE USER taken; GRANT SELECT, INSERT ON *THIS*.* TO taken",
           "REVOKE INSERT ON *THIS*.* FROM taken", ("different: the rights of 'taken'@'%'",)),
    Change("grants", "given on a column",
           "CREATE TABLE g (a INT, b INT); CREATE USER part; GRANT SELECT (a) ON g TO part",
           "GRANT SELECT (b) ON g TO part", ("different: the rights of 'part'@'%'",)),
    Change("grants", "given on a routine",
           "CREATE PROCEDURE pr_granted() SELECT 1; CREATE USER runs; GRANT SELECT ON *THIS*.* TO runs",
           "GRANT EXECUTE ON PROCEDURE pr_granted TO runs", ("different: the rights of 'runs'@'%'",)),
    Change("grants", "account dropped", "CREATE USER leaves; GRANT SELECT ON *THIS*.* TO leaves",
           "DROP USER leaves", ("missing: the rights of 'leaves'@'%'",)),
    Change("grants", "account created", "CREATE USER comes", "GRANT SELECT ON *THIS*.* TO comes",
           ("not in the backup: rights of 'comes'@'%'",)),
    Change("grants", "role", "CREATE ROLE clerk; GRANT SELECT ON *THIS*.* TO clerk",
           "GRANT DELETE ON *THIS*.* TO clerk", ("different: the rights of `clerk`",)),
)  # fmt: skip
ACCOUNTS = "DROP USER IF EXISTS taken, part, runs, leaves, comes; DROP ROLE IF EXISTS clerk"
UNSEEN = (
    # a dump rounds FLOAT, so the record lists the column as inexact, and no value of its table is compared
    Change("tables", "FLOAT", "CREATE TABLE u_float (f FLOAT, v INT); INSERT INTO u_float VALUES (0.5, 1)",
           "UPDATE u_float SET v = 2", ()),
    # a server continues from the highest number in a row, which may be higher than it was
    Change("positions", "higher", "CREATE TABLE u_higher (a INT AUTO_INCREMENT PRIMARY KEY) AUTO_INCREMENT=8",
           "ALTER TABLE u_higher AUTO_INCREMENT=9", ()),
    # CHECKSUM TABLE reads neighbouring texts as one
    Change("tables", "border",
           "CREATE TABLE u_border (a TEXT, b TEXT); INSERT INTO u_border VALUES ('ab', 'c')",
           "UPDATE u_border SET a = 'a', b = 'bc'", ()),
)  # fmt: skip
CHANGES = (*TABLES, *OBJECTS, *SESSIONS, *PACKAGES, *DROPPED, *OTHERS, *VALUES, *ROWS)
