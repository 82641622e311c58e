"""What blocks writes, and what the server refuses: measured on the server, and judged alike."""

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pymysql
import pytest

from installer.bundle.sql.migrations import Migration
from installer.database.values.address import DatabaseAddress
from installer.mariadb.server.server import connect
from packager.lint.catalogue.findings import Finding
from packager.lint.judge import judge_migrations

pytestmark = [pytest.mark.engine, pytest.mark.database]
REFUSED = ("AL120", "AL121", "AL124", "AL125", "AL126")
ONE_WAY, NEEDS_ANOTHER_ALGORITHM = 1845, 1846
SCHEMA = """\
CREATE TABLE u (id INT NOT NULL PRIMARY KEY);
CREATE TABLE t (
    id INT NOT NULL, a INT NULL, b INT NOT NULL DEFAULT 0, d DECIMAL(10, 2), c CHAR(5), v1 VARCHAR(30),
    v2 VARCHAR(60), v3 VARCHAR(191), l VARCHAR(40) CHARACTER SET latin1, vb VARBINARY(20), tx TEXT,
    g POINT NOT NULL, e ENUM('a', 'b') NOT NULL DEFAULT 'a', s SET('x', 'y'), fk INT, m INT, n INT,
    w INT UNSIGNED, ts DATETIME,
    PRIMARY KEY (id), KEY ka (a), KEY kmn (m, n), UNIQUE KEY kbn (b, n), KEY kfk (fk),
    CONSTRAINT ck CHECK (b >= 0), CONSTRAINT fku FOREIGN KEY (fk) REFERENCES u (id)
) DEFAULT CHARACTER SET utf8mb4;
CREATE TABLE computed (a INT, s INT AS (a + 1) STORED, v INT AS (a + 1) VIRTUAL);
CREATE TABLE bare (a INT);
CREATE TABLE lone (id INT NOT NULL PRIMARY KEY, a INT);
"""
T = "ALTER TABLE t "
ALTERS = (
    "ADD x INT NULL", "ADD x INT NOT NULL", "ADD x INT NULL FIRST", "ADD x INT NULL AFTER a",
    "ADD x INT UNIQUE", "ADD x DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3)",
    "ADD x INT DEFAULT (1 + 1)", "ADD x VARCHAR(9) DEFAULT (CONCAT('a', 'b'))",
    "ADD x JSON DEFAULT (JSON_OBJECT())", "ADD x VARCHAR(9) DEFAULT ('a')", "ADD x DOUBLE DEFAULT RAND()",
    "ADD x VARCHAR(99) DEFAULT (CURRENT_USER)",
    "ADD x INT DEFAULT (a)", "ADD x INT DEFAULT (b + 1)", "ADD x DATETIME DEFAULT UTC_TIMESTAMP()",
    "ADD x DATETIME DEFAULT (NOW())", "ADD x DATE DEFAULT CURDATE()", "MODIFY e ENUM('A', 'b') NOT NULL",
    "MODIFY id INT NOT NULL AUTO_INCREMENT", "MODIFY m INT AUTO_INCREMENT", "MODIFY b INT NOT NULL",
    "ADD x UUID DEFAULT UUID()", "ADD x INT AS (a + 1) STORED", "ADD x INT AS (a + 1) VIRTUAL",
    "ADD x INT REFERENCES u (id)", "ADD INDEX x (a)", "ADD UNIQUE INDEX x (a)", "ADD FULLTEXT INDEX x (tx)",
    "ADD SPATIAL INDEX x (g)", "ADD FOREIGN KEY (a) REFERENCES u (id)", "ADD CHECK (a > 0)",
    "ADD CONSTRAINT x CHECK (a > 0)", "DROP v1", "DROP a", "DROP m", "DROP b", "DROP fk",
    "DROP fk, DROP FOREIGN KEY fku", "DROP INDEX ka", "DROP INDEX kfk", "DROP FOREIGN KEY fku",
    "DROP CONSTRAINT ck", "DROP INDEX kbn, DROP b", "DROP PRIMARY KEY",
    "DROP PRIMARY KEY, ADD PRIMARY KEY (id, b)", "MODIFY a INT NOT NULL", "MODIFY b INT NULL",
    "MODIFY b INT NOT NULL DEFAULT 5", "MODIFY b INT(5) NOT NULL", "MODIFY m BIGINT", "MODIFY m SMALLINT",
    "MODIFY m INT UNSIGNED", "MODIFY w BIGINT", "MODIFY m VARCHAR(20)", "MODIFY fk BIGINT",
    "MODIFY d DECIMAL(12, 2)", "MODIFY d DECIMAL(10, 3)", "MODIFY c CHAR(6)", "MODIFY v1 VARCHAR(31)",
    "MODIFY v1 VARCHAR(64)", "MODIFY v1 VARCHAR(191)", "MODIFY v1 VARCHAR(29)", "MODIFY v2 VARCHAR(63)",
    "MODIFY v2 VARCHAR(64)", "MODIFY v2 VARCHAR(191)", "MODIFY v3 VARCHAR(255)", "MODIFY v3 VARCHAR(60)",
    "MODIFY v3 TEXT", "MODIFY tx LONGTEXT", "MODIFY v2 VARCHAR(60) COMMENT 'x'",
    "MODIFY v2 VARCHAR(60) CHARACTER SET latin1", "MODIFY v2 VARCHAR(60) COLLATE utf8mb4_bin",
    "MODIFY l VARCHAR(40) CHARACTER SET utf8mb4", "MODIFY l VARCHAR(300) CHARACTER SET latin1",
    "MODIFY vb VARBINARY(300)", "MODIFY ts DATETIME(3)", "MODIFY e ENUM('a', 'b', 'c') NOT NULL",
    "MODIFY e ENUM('a', 'c', 'b') NOT NULL", "MODIFY e ENUM('b', 'a') NOT NULL",
    "MODIFY e ENUM('a') NOT NULL", "MODIFY s SET('x', 'y', 'z')", "MODIFY s SET('y', 'x')",
    "MODIFY s SET('x')", "MODIFY s SET('z', 'x', 'y')",
    "MODIFY s SET('x', 'y', '3', '4', '5', '6', '7', '8', '9')", "MODIFY a INT FIRST",
    "CHANGE a x INT NULL", "CHANGE m x BIGINT", "RENAME COLUMN a TO x", "RENAME INDEX ka TO x",
    "ALTER m SET DEFAULT 5", "ALTER b DROP DEFAULT",
    "CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci", "DEFAULT CHARACTER SET latin1",
    "ENGINE = InnoDB", "COMMENT = 'x'", "AUTO_INCREMENT = 100",
)  # fmt: skip
OTHERS = (
    "ALTER TABLE computed DROP v", "ALTER TABLE computed MODIFY s INT", "ALTER TABLE computed DROP s",
    "ALTER TABLE bare ADD PRIMARY KEY (a)", "ALTER TABLE bare ADD x INT NOT NULL AUTO_INCREMENT UNIQUE",
    "ALTER TABLE lone DROP PRIMARY KEY", "ALTER TABLE lone ENGINE = Aria",
    "ALTER TABLE u MODIFY id BIGINT NOT NULL",
)  # fmt: skip


def findings(sql: str) -> tuple[Finding, ...]:
    history = (Migration("1", SCHEMA.encode()), Migration("2", sql.encode()))
    return tuple(finding for one in judge_migrations(history)[-1].statements for finding in one.findings)


@contextmanager
def fresh_tables(address: DatabaseAddress) -> Iterator[pymysql.cursors.Cursor]:
    with connect(address) as connection, connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS t, computed, bare, lone, x; DROP TABLE IF EXISTS u; " + SCHEMA)
        while cursor.nextset():
            pass
        yield cursor


def ask(address: DatabaseAddress, sql: str) -> str:
    """The server's own answer: 'open' when others may write meanwhile, 'blocked', or 'refused'."""
    for words, answer in ((", LOCK = NONE", "open"), ("", "blocked")):
        with fresh_tables(address) as cursor:
            try:
                cursor.execute(sql + words)
                return answer
            except pymysql.MySQLError as problem:
                if problem.args[0] not in (ONE_WAY, NEEDS_ANOTHER_ALGORITHM):
                    return "refused"
    return "refused"


def test_what_the_lint_says_about_locks_is_what_the_server_does(database: DatabaseAddress) -> None:
    statements = [*(T + alter for alter in ALTERS), *OTHERS]
    judged = {}
    for sql in statements:
        found = findings(sql)
        blocks = any("blocks_writes" in finding.weights for finding in found)
        refused = any(finding.code in REFUSED for finding in found)
        judged[sql] = "refused" if refused else "blocked" if blocks else "open"
    assert judged == {sql: ask(database, sql) for sql in statements}


TYPES = ("INT", "BIGINT UNSIGNED", "DECIMAL(10, 2)", "DOUBLE", "VARCHAR(9)", "TEXT", "CHAR(3)", "BOOLEAN",
         "YEAR", "ENUM('x', 'y')", "SET('x')", "DATE", "TIMESTAMP", "DATETIME", "DATETIME(3)", "JSON", "BLOB",
         "TIME")  # fmt: skip
FRACTION = re.compile(r"\.0+$")


def test_the_value_that_existing_rows_get_is_the_servers(database: DatabaseAddress) -> None:
    judged, got = {}, {}
    with fresh_tables(database) as cursor:
        cursor.execute("INSERT INTO lone VALUES (1, 1)")
        for at, type_ in enumerate(TYPES):
            sql = f"ALTER TABLE lone ADD x{at} {type_} NOT NULL"
            judged[type_] = findings(sql)[0].now.strip("'")
            cursor.execute(sql)
            cursor.execute(f"SELECT CONCAT(x{at}) FROM lone")
            [(value,)] = cursor.fetchall()
            got[type_] = FRACTION.sub("", value.decode() if isinstance(value, bytes) else value)
    assert judged == got


LONGEST = {
    "TINYINT": "-128", "TINYINT UNSIGNED": "255", "SMALLINT": "-32768", "MEDIUMINT": "-8388608",
    "MEDIUMINT UNSIGNED": "16777215", "INT": "-2147483648", "INT UNSIGNED": "4294967295",
    "BIGINT": "-9223372036854775808", "BIGINT UNSIGNED": "18446744073709551615", "DECIMAL(5, 2)": "-999.99",
    "DECIMAL(5)": "-99999", "DATE": "2020-12-31", "TIME": "-838:59:59",
    "DATETIME(3)": "2020-12-31 23:59:59.999",
    "TIMESTAMP": "2020-12-31 23:59:59", "YEAR": "2020", "ENUM('a', 'bcd')": "bcd", "SET('a', 'bcd')": "a,bcd",
    "UUID": "123e4567-e89b-12d3-a456-426614174000",
}  # fmt: skip


@pytest.mark.parametrize("type_", LONGEST)
def test_a_text_for_the_longest_value_is_no_risk_and_a_shorter_one_is(
    database: DatabaseAddress, type_: str
) -> None:
    """Whether the longest value comes back as it was, and whether the lint warned."""
    longest = len(LONGEST[type_])
    seen = {}
    for length in (longest, longest - 1):
        alter = f"ALTER TABLE wide MODIFY x VARCHAR({length})"
        create = f"CREATE OR REPLACE TABLE wide (x {type_})"
        with connect(database) as connection, connection.cursor() as cursor:
            cursor.execute(create)
            cursor.execute("INSERT INTO wide VALUES (%s)", (LONGEST[type_],))
            with suppress(pymysql.MySQLError):
                cursor.execute(alter)
            cursor.execute("SELECT CHAR_LENGTH(x) FROM wide")
            [(kept,)] = cursor.fetchall()
            cursor.execute("SHOW COLUMNS FROM wide")
            is_altered = cursor.fetchall()[0][1] == f"varchar({length})"
        history = (Migration("1", create.encode()), Migration("2", alter.encode()))
        codes = [one.code for judged in judge_migrations(history)[-1].statements for one in judged.findings]
        seen[length] = ("AL112" not in codes, is_altered and kept == longest)
    assert seen == {longest: (True, True), longest - 1: (False, False)}
