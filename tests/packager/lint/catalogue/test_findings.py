"""SQL → findings, as whole values, with the tables that earlier migrations made."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from installer.bundle.sql.migrations import Migration
from packager.lint.catalogue.codes import CODES
from packager.lint.catalogue.findings import Finding
from packager.lint.catalogue.postgresql_codes import CODES_OF_POSTGRESQL
from packager.lint.judge import judge_migrations

MET_ELSEWHERE = {"AL128", "AL133", "AL134", "AL136", "AL137", "AL139"}  # test_refusals_by_rows
HISTORY = """\
CREATE TABLE `teams` (`id` INTEGER NOT NULL AUTO_INCREMENT, `code` VARCHAR(20) NOT NULL, PRIMARY KEY (`id`));
CREATE TABLE `users` (
    `id` INTEGER NOT NULL AUTO_INCREMENT,
    `email` VARCHAR(191) NOT NULL,
    `nick` VARCHAR(60) NULL,
    `tag` VARCHAR(20) NULL,
    `mood` ENUM('good', 'bad') NOT NULL DEFAULT 'good',
    `days` SET('mon', 'tue') NULL,
    `cash` DECIMAL(10, 2) NOT NULL DEFAULT 0,
    `team_id` INTEGER NULL,
    `shout` VARCHAR(191) AS (UPPER(`email`)) VIRTUAL,
    `about` TEXT NULL,
    `seen` TIMESTAMP(3) NULL,
    `flat` VARCHAR(90) CHARACTER SET latin1 NULL,
    UNIQUE INDEX `users_email_key`(`email`),
    INDEX `users_team_id_idx`(`team_id`),
    INDEX `users_nick_tag_idx`(`nick`, `tag`),
    UNIQUE INDEX `users_tag_cash_key`(`tag`, `cash`),
    INDEX `users_tag_idx`(`tag`),
    PRIMARY KEY (`id`),
    CONSTRAINT `solvent` CHECK (`cash` >= 0),
    CONSTRAINT `users_team_id_fkey` FOREIGN KEY (`team_id`) REFERENCES `teams`(`id`)
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
"""
USERS = "ALTER TABLE `users` "
MANY = ", ".join(repr(str(n)) for n in range(254))


def found(*scripts: str) -> tuple[Finding, ...]:
    """What is found in the last of these scripts."""
    migrations = [Migration(f"{at:014}_m", script.encode()) for at, script in enumerate(scripts)]
    judged = judge_migrations(migrations)[-1]
    return (*judged.findings, *(finding for one in judged.statements for finding in one.findings))


def of_users(code: str, name: str = "", was: str = "", now: str = "") -> Finding:
    return Finding(code, "users", name, was, now)


CASES: list[tuple[str, list[Finding]]] = [
    ("DROP DATABASE shop", [Finding("DS101", "shop")]),
    ("DROP TABLE users", [of_users("DS102")]),
    (
        "DROP TABLE `teams`",
        [Finding("DS102", "teams"), Finding("AL120", "teams", "id", now="users_team_id_fkey")],
    ),
    ("DROP TABLE teams, users", [Finding("DS102", "teams"), of_users("DS102")]),
    (
        "SET FOREIGN_KEY_CHECKS = 0; DROP TABLE teams; SET FOREIGN_KEY_CHECKS = 1",
        [Finding("DS102", "teams")],
    ),
    ("CREATE OR REPLACE TABLE users (id INT)", [of_users("DS102")]),
    (USERS + "DROP COLUMN about", [of_users("DS103", "about")]),
    (USERS + "DROP shout", []),
    (USERS + "DROP nick", [of_users("DS103", "nick"), of_users("AL122", "nick", now="users_nick_tag_idx")]),
    (
        USERS + "DROP cash, DROP INDEX users_tag_cash_key",
        [of_users("DS103", "cash")],
    ),
    (USERS + "DROP cash", [of_users("DS103", "cash"), of_users("AL121", "cash", now="users_tag_cash_key")]),
    (
        USERS + "DROP COLUMN team_id",
        [of_users("DS103", "team_id"), of_users("AL120", "team_id", now="users_team_id_fkey")],
    ),
    (
        USERS + "DROP COLUMN team_id, DROP FOREIGN KEY users_team_id_fkey",
        [of_users("DS103", "team_id"), of_users("CD101", "users_team_id_fkey")],
    ),
    ("TRUNCATE users", [of_users("AL101")]),
    (USERS + "DROP PARTITION p0", [of_users("AL101")]),
    ("DELETE u FROM teams t JOIN users AS u ON u.team_id = t.id", [of_users("AL102")]),
    ("UPDATE `users` SET `nick` = ''", [of_users("AL103"), of_users("AL132")]),
    ("REPLACE INTO users VALUES (1)", [of_users("AL103"), of_users("AL132")]),
    ("INSERT INTO users VALUES (1)", [of_users("AL131")]),
    ("CREATE UNIQUE INDEX k ON users(nick)", [of_users("MF101", "nick")]),
    (USERS + "ADD CONSTRAINT k UNIQUE (nick, email)", [of_users("MF101", "nick, email")]),
    (USERS + "ADD UNIQUE INDEX k(tag), DROP INDEX users_tag_idx", [of_users("MF102", "tag")]),
    ("CREATE INDEX k ON users(nick)", []),
    (USERS + "ADD COLUMN a INT NULL", []),
    (USERS + "ADD COLUMN a INT NOT NULL DEFAULT 1", []),
    (USERS + "ADD COLUMN a DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3)", []),
    (USERS + "ADD COLUMN a INT NOT NULL", [of_users("MY101", "a", now="0")]),
    (USERS + "ADD a ENUM('x', 'y') NOT NULL", [of_users("MY101", "a", now="'x'")]),
    (USERS + "ADD (a TEXT NOT NULL, b INT)", [of_users("MY101", "a", now="''")]),
    (USERS + "ADD COLUMN a DATE NOT NULL", [of_users("MF103", "a", now="0000-00-00")]),
    (USERS + "ADD COLUMN a INT NULL FIRST", [of_users("MY142", "a")]),
    (USERS + "ADD COLUMN a INT AS (id + 1) STORED", [of_users("MY140", "a"), of_users("AL135", "a")]),
    (USERS + "ADD COLUMN a INT AS (id + 1) VIRTUAL", []),
    (USERS + "ADD COLUMN a CHAR(36) DEFAULT UUID()", [of_users("AL130", "a", now="UUID()")]),
    (USERS + "ADD COLUMN a INT NULL UNIQUE", []),
    (USERS + "ADD COLUMN a INT NOT NULL DEFAULT 7 UNIQUE", [of_users("MF101", "a")]),
    (
        USERS + "ADD COLUMN a INT REFERENCES teams(id)",
        [of_users("MY102", "a"), of_users("AL110", "a", now="teams"), of_users("MY131", "a")],
    ),
    (
        USERS + "ADD CONSTRAINT k FOREIGN KEY (id) REFERENCES teams(id)",
        [of_users("AL110", "id", now="teams"), of_users("MY131", "id")],
    ),
    (
        "SET SESSION foreign_key_checks=OFF;" + USERS + "ADD FOREIGN KEY (id) REFERENCES teams(id)",
        [Finding("AL160", now="foreign_key_checks = OFF"), of_users("AL148", "id", now="teams")],
    ),
    (USERS + "ADD CHECK (id > 0)", [of_users("AL111")]),
    (USERS + "ADD FULLTEXT INDEX k(about)", [of_users("MY134", "about")]),
    (
        USERS + "ADD place POINT NOT NULL; CREATE SPATIAL INDEX k ON users(place)",
        [of_users("MY101", "place", now="0"), of_users("MY135", "place")],
    ),
    (USERS + "DROP PRIMARY KEY", [of_users("CD103"), of_users("MY133"), of_users("AL126", "id")]),
    (
        USERS + "DROP PRIMARY KEY, ADD PRIMARY KEY (id, email)",
        [of_users("AL113", now="id, email"), of_users("MY137")],
    ),
    (USERS + "DROP FOREIGN KEY users_team_id_fkey", [of_users("CD101", "users_team_id_fkey")]),
    (USERS + "DROP CONSTRAINT users_team_id_fkey", [of_users("CD101", "users_team_id_fkey")]),
    (USERS + "DROP CONSTRAINT solvent", [of_users("CD102", "solvent")]),
    ("DROP INDEX users_tag_idx ON users", []),
    (
        "DROP INDEX users_team_id_idx ON users",
        [of_users("AL120", "users_team_id_idx", now="users_team_id_fkey")],
    ),
    (USERS + "RENAME TO people", [of_users("BC101", now="people")]),
    ("RENAME TABLE users TO people", [of_users("BC101", now="people")]),
    (USERS + "RENAME COLUMN nick TO alias", [of_users("BC102", "nick", now="alias")]),
    (USERS + "CHANGE nick alias VARCHAR(60) NULL", [of_users("BC102", "nick", now="alias")]),
    (USERS + "RENAME INDEX users_tag_idx TO k", []),
    (USERS + "ALTER nick SET DEFAULT 'x'", []),
    (USERS + "MODIFY nick VARCHAR(60) NOT NULL", [of_users("MF104", "nick")]),
    (USERS + "MODIFY nick VARCHAR(60) NULL COMMENT 'x'", []),
    (
        USERS + "MODIFY email VARCHAR(60) NOT NULL",
        [
            of_users("AL112", "email", "VARCHAR(191)", "VARCHAR(60)"),
            of_users("AL154", "email", "VARCHAR(191)", "VARCHAR(60)"),
            of_users("MY130", "email", "VARCHAR(191)", "VARCHAR(60)"),
        ],
    ),
    (USERS + "MODIFY nick VARCHAR(191) NULL", [of_users("MY130", "nick", "VARCHAR(60)", "VARCHAR(191)")]),
    (USERS + "MODIFY tag VARCHAR(191) NULL", []),
    (USERS + "MODIFY email VARCHAR(250) NOT NULL", []),
    (
        USERS + "MODIFY cash DECIMAL(12, 2) NOT NULL DEFAULT 0",
        [of_users("MY130", "cash", "DECIMAL(10, 2)", "DECIMAL(12, 2)")],
    ),
    (
        USERS + "MODIFY cash INT NOT NULL DEFAULT 0",
        [
            of_users("AL150", "cash", "DECIMAL(10, 2)", "INT"),
            of_users("MY130", "cash", "DECIMAL(10, 2)", "INT"),
        ],
    ),
    (
        USERS + "MODIFY id BIGINT NOT NULL AUTO_INCREMENT",
        [of_users("MY130", "id", "INT", "BIGINT")],
    ),
    (
        "ALTER TABLE teams MODIFY id INTEGER UNSIGNED NOT NULL AUTO_INCREMENT",
        [
            Finding("AL120", "teams", "id", now="users_team_id_fkey"),
            Finding("AL112", "teams", "id", "INT", "INT UNSIGNED"),
            Finding("MY130", "teams", "id", "INT", "INT UNSIGNED"),
        ],
    ),
    (
        USERS + "MODIFY flat VARCHAR(90) CHARACTER SET utf8mb4 NULL",
        [of_users("MY130", "flat", "VARCHAR(90)", "VARCHAR(90)")],
    ),
    (USERS + "MODIFY mood ENUM('good', 'bad', 'mad') NOT NULL DEFAULT 'good'", []),
    (USERS + "MODIFY mood ENUM('good') NOT NULL DEFAULT 'good'", [of_users("MY110", "mood", now="'bad'")]),
    (USERS + "MODIFY mood ENUM('bad', 'good') NOT NULL DEFAULT 'good'", [of_users("MY111", "mood")]),
    (
        USERS + "MODIFY mood ENUM('good', 'so', 'bad') NOT NULL DEFAULT 'good'",
        [of_users("MY112", "mood", now="'so'")],
    ),
    (
        USERS + "MODIFY mood ENUM('Good', 'BAD') NOT NULL DEFAULT 'good'",
        [of_users("AL138", "mood", now="'Good', 'BAD'")],
    ),
    (
        USERS + "MODIFY mood ENUM('Good', 'bad') COLLATE utf8mb4_bin NOT NULL DEFAULT 'Good'",
        [of_users("MY110", "mood", now="'good'"), of_users("MY112", "mood", now="'Good'")],
    ),
    (
        "DELETE FROM users WHERE mood IN ('bad');" + USERS + "MODIFY mood ENUM('good') DEFAULT 'good'",
        [of_users("AL102"), of_users("AL147", "mood", was="1", now="DELETE")],
    ),
    (
        f"UPDATE users SET nick = '' WHERE nick IS NULL AND id > 5; {USERS} MODIFY nick VARCHAR(60) NOT NULL",
        [of_users("AL103"), of_users("AL132"), of_users("MF104", "nick")],
    ),
    (
        "UPDATE users SET nick = tag WHERE nick IS NULL;" + USERS + "MODIFY nick VARCHAR(60) NOT NULL",
        [of_users("AL103"), of_users("AL132"), of_users("MF104", "nick")],
    ),
    (
        "UPDATE users SET nick = '' WHERE nick IS NULL; INSERT INTO users (nick) VALUES (NULL);"
        + USERS
        + "MODIFY nick VARCHAR(60) NOT NULL",
        [of_users("AL103"), of_users("AL132"), of_users("AL131"), of_users("MF104", "nick")],
    ),
    (USERS + "MODIFY team_id INT NULL, MODIFY flat TEXT NULL", [
        of_users("MY130", "flat", "VARCHAR(90)", "TEXT")]),
    (USERS + "ADD a JSON DEFAULT (JSON_OBJECT()), ADD b INT DEFAULT (1 + 1)", []),
    (
        USERS + "ADD a VARCHAR(9) DEFAULT (nick)",
        [of_users("AL130", "a", now="(nick)"), of_users("AL135", "a")],
    ),
    (
        f"{USERS} MODIFY mood ENUM('good', 'bad', {MANY}) NOT NULL DEFAULT 'good'",
        [of_users("MY113", "mood")],
    ),
    (USERS + "MODIFY days SET('mon', 'tue', 'wed') NULL", []),
    (USERS + "MODIFY days SET('tue') NULL", [of_users("MY120", "days", now="'mon'")]),
    (USERS + "MODIFY days SET('tue', 'mon') NULL", [of_users("MY121", "days")]),
    (USERS + "MODIFY days SET('sun', 'mon', 'tue') NULL", [of_users("MY122", "days", now="'sun'")]),
    (
        USERS + "MODIFY days SET('mon', 'tue', '3', '4', '5', '6', '7', '8', '9') NULL",
        [of_users("MY123", "days")],
    ),
    (
        USERS + "CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_bin",
        [
            of_users("AL149", "email", now="utf8mb4_bin"),
            of_users("AL149", "tag", now="utf8mb4_bin"),
            of_users("MY136", now="utf8mb4"),
        ],
    ),
    (
        USERS + "CONVERT TO CHARACTER SET latin1",
        [
            of_users("AL149", "email", now="latin1"),
            of_users("AL149", "tag", now="latin1"),
            of_users("MY136", now="latin1"),
            of_users("AL114", now="latin1"),
        ],
    ),
    (
        USERS + "ENGINE = Aria",
        [of_users("MY138", now="Aria"), of_users("AL120", "team_id", now="users_team_id_fkey")],
    ),
    (
        USERS + "PARTITION BY HASH(id) PARTITIONS 4",
        [of_users("MY139"), of_users("AL120", "team_id", now="users_team_id_fkey")],
    ),
    (USERS + "COMMENT = 'x', AUTO_INCREMENT = 5", []),
    (
        USERS + "MODIFY days INT NULL",
        [of_users("AL112", "days", "SET('mon', 'tue')", "INT"),
         of_users("AL152", "days", "SET('mon', 'tue')", "INT"),
         of_users("MY130", "days", "SET('mon', 'tue')", "INT")],
    ),
    (
        USERS + "MODIFY seen TIMESTAMP NOT NULL",
        [of_users("AL153", "seen", "TIMESTAMP(3)", "TIMESTAMP"),
         of_users("AL151", "seen", "TIMESTAMP(3)", "TIMESTAMP"),
         of_users("MY130", "seen", "TIMESTAMP(3)", "TIMESTAMP")],
    ),
    (
        USERS + "MODIFY tag CHAR(20) NULL",
        [of_users(code, "tag", "VARCHAR(20)", "CHAR(20)") for code in ("AL154", "MY130")],
    ),
    (
        USERS + "MODIFY tag BINARY(80) NULL",
        [of_users("AL112", "tag", "VARCHAR(20)", "BINARY(80)"),
         of_users("AL155", "tag", "VARCHAR(20)", "BINARY(80)"),
         of_users("MY130", "tag", "VARCHAR(20)", "BINARY(80)")],
    ),
    (
        USERS + "MODIFY tag INT NULL",
        [of_users("AL112", "tag", "VARCHAR(20)", "INT"), of_users("AL156", "tag", "VARCHAR(20)", "INT"),
         of_users("MY130", "tag", "VARCHAR(20)", "INT")],
    ),
    (
        "SET SESSION sql_mode = ''; " + USERS + "MODIFY team_id INT NOT NULL; UPDATE users SET nick = 1",
        [
            Finding("AL160", now="sql_mode = ''"), of_users("AL157", "team_id"), of_users("AL103"),
            of_users("AL157"), of_users("AL132"),
        ],
    ),
    ("SET @@sql_mode = 'TRADITIONAL'; " + USERS + "MODIFY team_id INT NOT NULL",
     [Finding("AL160", now="sql_mode = 'TRADITIONAL'"), of_users("MF104", "team_id")]),
    ("SET @MODE = @@SQL_MODE, SQL_MODE = @MODE; " + USERS + "MODIFY team_id INT NOT NULL",
     [of_users("MF104", "team_id")]),
    (
        "ALTER IGNORE TABLE users MODIFY team_id INT NOT NULL, ADD UNIQUE k (nick)",
        [of_users("AL158")],
    ),
    ("INSERT IGNORE INTO users (id) VALUES (1)", [of_users("AL159")]),
    ("UPDATE IGNORE users SET id = 1", [of_users("AL159"), of_users("AL103")]),
    ("SELECT 1; START TRANSACTION; COMMIT; SET NAMES utf8mb4", []),
    ("CREATE OR REPLACE VIEW v AS SELECT 1", []),
    ("CREATE DEFINER=`r`@`%` TRIGGER t AFTER INSERT ON users FOR EACH ROW DELETE FROM teams", []),
    ("GRANT ALL ON *.* TO x", [Finding("AL190", now="GRANT ALL ON *.* TO x")]),
    (USERS + "/*! DROP about */", [of_users("DS103", "about")]),
    ("/*!40101 DROP TABLE users */", [of_users("DS102")]),
    ("/*M!100100 DROP TABLE users */", [of_users("DS102")]),
    ("SELECT 1 /*!80000 DROP /* all */ 'users' */", []),
    ("/*!50700 DROP TABLE users */", []),
    ("/*!110800 DROP TABLE users */", [Finding("AL190", now="/*!110800 DROP TABLE users */")]),
    ("BEGIN NOT ATOMIC DROP TABLE a; END", [Finding("AL190", now="BEGIN NOT ATOMIC DROP TABLE a; END")]),
    (USERS + "FROBNICATE, DROP about", [of_users("AL190", now="FROBNICATE"), of_users("DS103", "about")]),
    ("DELIMITER //", [Finding("AL140")]),
    (" \n", [Finding("AL141")]),
    ("-- nothing to do", []),
    ("ALTER TABLE strange ADD COLUMN a INT NULL", [Finding("AL124", "strange", now="1146")]),
    (
        "CALL p(); ALTER TABLE strange ADD COLUMN a INT NULL",
        [Finding("AL190", now="CALL p()"), Finding("AL180", "strange")],
    ),
    (
        "ALTER TABLE other.strange MODIFY a INT NULL",
        [Finding("AL181", "strange", "a", now="INT"), Finding("AL180", "strange")],
    ),
    (USERS + "ADD COLUMN a TIMESTAMP NOT NULL", [of_users("MF103", "a", now="0000-00-00 00:00:00")]),
    ("ALTER TABLE `Users` ADD COLUMN a INT NULL", [Finding("AL170", "Users", was="users", now="1146")]),
    ("INSERT INTO Teams (id) VALUES (1)", [Finding("AL170", "Teams", was="teams", now="1146")]),
    (
        "CREATE TABLE t (a INT, FOREIGN KEY (a) REFERENCES Teams(id))",
        [Finding("AL170", "Teams", was="teams", now="1005")],
    ),
    ("CREATE TABLE Teams (id INT)", [Finding("AL171", "Teams", now="teams")]),
    ("\ufeffSELECT 1", [Finding("AL142")]),
    (
        "INSERT INTO users (id) VALUES (1) AS new ON DUPLICATE KEY UPDATE nick = new.nick",
        [Finding("AL143", now="VALUES … AS"), of_users("AL144"), of_users("AL131")],
    ),
    (
        "INSERT INTO users (id) VALUES (1) ON DUPLICATE KEY UPDATE nick = 'x'",
        [of_users("AL144"), of_users("AL131")],
    ),
    (USERS + "MODIFY cash DECIMAL(10, 2) NOT NULL", [of_users("AL145", "cash", now="DEFAULT 0")]),
    (USERS + "MODIFY id INT NOT NULL", [of_users("AL145", "id", now="AUTO_INCREMENT")]),
    ("CREATE TABLE t (a INT, a INT)", [Finding("AL123", "t", "a", now="1060")]),
    (
        USERS + "ADD CONSTRAINT k FOREIGN KEY (id) REFERENCES teams(code)",
        [
            of_users("AL125", "id", was="VARCHAR(20)", now="type"),
            of_users("AL110", "id", now="teams"),
            of_users("MY131", "id"),
        ],
    ),
    ("CREATE TABLE t (a CHAR(256))", [Finding("AL127", "t", "a", was="255", now="CHAR(256)")]),
    ("CREATE TABLE t (a INT) COLLATE utf8mb4_0900_ai_ci", [Finding("AL129", "t", now="utf8mb4_0900_ai_ci")]),
    ("UPDATE users SET nick = 'x' WHERE nick IS NULL; " + USERS + "MODIFY nick VARCHAR(60) NOT NULL",
     [of_users("AL103"), of_users("AL132"), of_users("AL147", "nick", was="1", now="UPDATE")]),
    ("SET sql_mode = '', time_zone = '+09:00', @a = 1", [
        Finding("AL160", now="sql_mode = ''"), Finding("AL161", now="time_zone = '+09:00'")]),
    ("USE shop", [Finding("AL162", now="shop")]),
    ("LOCK TABLES users WRITE", [Finding("AL163")]),
    ("BEGIN; DELETE FROM users", [Finding("AL164"), of_users("AL102")]),
    ("SET autocommit = 0", [Finding("AL166", now="autocommit = 0")]),
    ("SET GLOBAL max_connections = 9", [Finding("AL165", now="max_connections = 9")]),
]  # fmt: skip


@pytest.mark.parametrize(("sql", "findings"), CASES, ids=[sql[:60] for sql, _findings in CASES])
def test_sql_is_judged_by_the_tables_before_it(sql: str, findings: list[Finding]) -> None:
    assert list(found(HISTORY, sql)) == findings


def test_every_code_is_met_and_has_its_words() -> None:
    met = {finding.code for _sql, findings in CASES for finding in findings}
    assert CODES.keys() - CODES_OF_POSTGRESQL.keys() - met == {
        "MY132",
        "MY141",
        "AL146",
        "AL191",
        *MET_ELSEWHERE,
    }
    for _sql, findings in CASES:
        assert all("{" not in finding.words() for finding in findings)


@pytest.mark.parametrize(
    ("sql", "findings"),
    [
        ("ALTER TABLE a ADD PRIMARY KEY (b)", [Finding("AL113", "a", now="b"), Finding("MY132", "a")]),
        ("ALTER TABLE a ADD c INT AUTO_INCREMENT UNIQUE", [Finding("MY141", "a", "c")]),
        ("ALTER TABLE a ADD KEY (b), MODIFY b INT AUTO_INCREMENT", [Finding("AL146", "a", "b")]),
    ],
)
def test_a_table_without_a_primary_key_gets_one(sql: str, findings: list[Finding]) -> None:
    assert list(found("CREATE TABLE a (b INT)", sql)) == findings


def test_a_table_that_is_new_has_no_rows_to_care_for() -> None:
    script = """CREATE TABLE a (b INT, c VARCHAR(9)); CREATE UNIQUE INDEX k ON a(b);
        ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES users(id), MODIFY c VARCHAR(3) NOT NULL;
        ALTER TABLE a ADD d INT NOT NULL, DROP c; DELETE FROM a; DROP TABLE a;"""
    assert found(HISTORY, script) == ()


@pytest.mark.parametrize("fills", ["INSERT INTO a SELECT 1", "REPLACE a VALUES (1)"])
def test_a_new_table_with_rows_is_no_longer_new(fills: str) -> None:
    script = f"CREATE TABLE a (b INT); {fills}; CREATE UNIQUE INDEX k ON a(b)"
    assert found(HISTORY, script) == (Finding("MF101", "a", "b"),)


def test_a_table_is_new_only_in_its_own_migration() -> None:
    assert found("CREATE TABLE a (b INT)", "DROP TABLE a") == (Finding("DS102", "a"),)


@pytest.mark.parametrize(
    ("changes", "then", "findings"),
    [
        ("MODIFY nick VARCHAR(300)", "MODIFY nick VARCHAR(299)",
         [of_users("AL112", "nick", "VARCHAR(300)", "VARCHAR(299)"),
          of_users("MY130", "nick", "VARCHAR(300)", "VARCHAR(299)")]),
        ("RENAME COLUMN team_id TO t", "DROP t",
         [of_users("DS103", "t"), of_users("AL120", "t", now="users_team_id_fkey")]),
        ("RENAME TO people", "DROP about", [of_users("AL124", now="1146")]),
        ("DROP FOREIGN KEY users_team_id_fkey", "DROP team_id", [of_users("DS103", "team_id")]),
        ("ADD COLUMN extra INT", "MODIFY extra INT NOT NULL", [of_users("MF104", "extra")]),
        ("MODIFY mood ENUM('good', 'bad', 'x')", "MODIFY mood ENUM('good', 'bad')",
         [of_users("MY110", "mood", now="'x'")]),
        ("CONVERT TO CHARACTER SET latin1", "MODIFY nick VARCHAR(191) NULL", []),
        ("FROBNICATE", "MODIFY nick VARCHAR(1)",
         [of_users("AL181", "nick", now="VARCHAR(1)"), of_users("AL180")]),
        ("DROP INDEX users_tag_cash_key", "DROP cash", [of_users("DS103", "cash")]),
        ("ADD INDEX k (team_id)", "DROP INDEX users_team_id_idx", []),
        ("DROP CONSTRAINT solvent", "DROP CONSTRAINT solvent", [of_users("AL124", "solvent", now="1091")]),
    ],
)  # fmt: skip
def test_what_earlier_migrations_changed_is_known(changes: str, then: str, findings: list[Finding]) -> None:
    assert list(found(HISTORY, USERS + changes, USERS + then)) == findings


NAMES = st.sampled_from(
    ["users", "`users`", "teams", "`a``b`", "nick", "`team_id`", "x.y", "", "1", "KEY", "'"]
)
WORDS = """
ADD DROP MODIFY CHANGE RENAME COLUMN INDEX PRIMARY KEY UNIQUE TO ( ) , NOT NULL DEFAULT 1 'a' ENUM('x')
VARCHAR(9) INT FOREIGN REFERENCES CHECK SET AFTER FIRST IF EXISTS ; -- /* */ TABLE LIKE AS SELECT ON =
"""
CLAUSES = st.sampled_from(WORDS.split())
HEADS = (
    "ALTER TABLE|CREATE TABLE|CREATE INDEX|DROP TABLE|DROP INDEX|RENAME TABLE|DELETE|WITH|SET|CREATE|BEGIN"
)
BEGINNINGS = st.sampled_from(HEADS.split("|"))


@settings(deadline=None)  # the first one imports sqlglot
@given(st.lists(st.tuples(BEGINNINGS, NAMES, st.lists(CLAUSES | NAMES, max_size=12)), max_size=4))
def test_whatever_is_written_is_judged_or_named_as_not_judged(
    statements: list[tuple[str, str, list[str]]],
) -> None:
    script = ";\n".join(f"{begin} {name} {' '.join(words)}" for begin, name, words in statements)
    for finding in found(HISTORY, script):
        assert finding.words()


@settings(deadline=None)  # the first one imports sqlglot
@given(st.text())
def test_any_text_is_judged_or_named_as_not_judged(script: str) -> None:
    assert all(finding.words() for finding in found(script))
