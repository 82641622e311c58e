"""Values that change without an error: the number told is the number of rows that really differ."""

import pytest

from installer.bundle.sql.migrations import Migration
from installer.database.values.address import DatabaseAddress
from installer.database.values.rehearsal_result import SilentChange
from installer.mariadb.migration.migrate import deploy
from installer.mariadb.rehearsal.rehearse_migrations import rehearse_migrations
from installer.mariadb.server.queries import rows_of
from installer.mariadb.server.server import connect
from tests.mariadb.backups import Told
from tests.mariadb.schemas import execute, query

pytestmark = [pytest.mark.engine, pytest.mark.database]
U = """
CREATE TABLE u (id INT AUTO_INCREMENT PRIMARY KEY, email VARCHAR(191), name VARCHAR(191) NOT NULL, n INT NULL,
  score DECIMAL(10,2), dt DATETIME(3), role ENUM('USER','ADMIN') NOT NULL DEFAULT 'USER', ts TIMESTAMP NULL,
  code VARBINARY(8), zip VARCHAR(10), big DOUBLE) CHARSET utf8mb4;
CREATE TABLE was LIKE u;
INSERT INTO u VALUES
 (1, 'a', 'Bob  ', 1, 1.25, '2026-01-01 10:00:00.5', 'USER', NULL, 'ab', '007', 0.1),
 (2, 'a', 'kim', NULL, 99.99, '2026-01-01', 'ADMIN', '2026-01-01', 'abcdefgh', '7', 0.5),
 (3, 'b', 'x    ', 300, 5, NULL, 'USER', NULL, NULL, '12', 16777217),
 (4, NULL, 'lee', 7, NULL, '2026-01-01 00:00:00.25', 'ADMIN', '2026-01-02', '', NULL, NULL);
INSERT INTO was SELECT * FROM u;
"""
SETUP = Migration("0", U.encode())


def changes(copy: DatabaseAddress, *scripts: str) -> tuple[SilentChange, ...]:
    migrations = [
        SETUP,
        *(Migration(str(number), script.encode()) for number, script in enumerate(scripts, 1)),
    ]
    result = rehearse_migrations(copy, migrations, Told().console)
    assert result.failure is None
    return result.silent_changes


@pytest.mark.parametrize(
    ("column", "kind", "differs", "rows"),
    [
        ("score", "DECIMAL(10,0) NULL", "u.score <> was.score", 2),
        ("score", "INT NULL", "u.score <> was.score", 2),
        ("dt", "DATE NULL", "u.dt <> was.dt", 2),
        ("dt", "DATETIME NULL", "u.dt <> was.dt", 2),
        ("role", "INT NOT NULL", "TRUE", 4),
        ("ts", "TIMESTAMP NOT NULL", "NOT (u.ts <=> was.ts)", 2),
        ("name", "CHAR(191) NOT NULL", "BINARY u.name <> BINARY was.name", 2),
        ("name", "VARCHAR(4) NOT NULL", "BINARY u.name <> BINARY was.name", 2),
        ("code", "BINARY(8) NULL", "NOT (u.code <=> was.code)", 2),
        ("zip", "INT NULL", "CONCAT(u.zip) <> was.zip", 1),
        ("big", "FLOAT NULL", "u.big <> was.big", 2),
        ("n", "BIGINT NULL", "NOT (u.n <=> was.n)", 0),
    ],
)
def test_the_number_told_is_the_number_of_rows_that_differ(
    database: DatabaseAddress, column: str, kind: str, differs: str, rows: int
) -> None:
    deploy(database, [SETUP], Told().console)
    found = changes(database, f"ALTER TABLE u MODIFY {column} {kind}")
    joined = f"SELECT u.id FROM u JOIN was USING (id) WHERE {differs}"
    assert len(query(database, joined)) == rows == sum(one.rows or 0 for one in found)
    execute(database, "DROP TABLE u; RENAME TABLE was TO u")
    for one in found:
        assert {row[0] for row in query(database, one.select)} and len(query(database, one.select)) == rows
        assert (one.table, one.column, one.fits_today) == ("u", column, True)


def test_a_silent_rounding_is_told_in_words(database: DatabaseAddress) -> None:
    deploy(database, [SETUP], Told().console)
    modify = "ALTER TABLE u MODIFY score DECIMAL(10,0) NULL COMMENT 'a;b'"
    script = f"ALTER TABLE u ADD x INT;\n-- now\n{modify};\n-- end"
    assert changes(database, script) == (
        SilentChange(
            "1", 2, 3, "u", "score", 2,
            "SELECT * FROM `u` WHERE CAST(CAST(`score` AS DECIMAL(10,0)) AS DECIMAL(65,2)) <> `score`",
            "2 rows of `u` change their value in `score` without an error: DECIMAL(10,2) → DECIMAL(10,0).",
            fits_today=True,
        ),
    )  # fmt: skip


def test_rows_are_counted_as_the_script_finds_them(database: DatabaseAddress) -> None:
    deploy(database, [SETUP], Told().console)
    script = (
        "SET autocommit = 0; SET @n = 8.25; INSERT INTO u (name, score) VALUES ('new', 8.25), ('new', @n);"
        "ALTER TABLE u MODIFY score DECIMAL(10,0) NULL;"
        "INSERT INTO u (id, name, score) VALUES (LAST_INSERT_ID() + 50, 'last', @n);"
        "UPDATE u SET name = 'z' WHERE id = 1; ALTER TABLE u CHANGE name title CHAR(191) NOT NULL"
    )
    found = changes(database, script)
    assert [(one.number, one.column, one.rows) for one in found] == [(4, "score", 4), (7, "name", 1)]
    assert query(database, "SELECT id FROM u WHERE title = 'last'") == [(55,)]


def test_what_would_fail_is_changed_where_the_session_is_not_strict(database: DatabaseAddress) -> None:
    deploy(database, [SETUP], Told().console)
    script = "SET sql_mode = ''; ALTER TABLE u MODIFY n TINYINT NOT NULL; UPDATE u SET n = 'many'"
    found = changes(database, script)
    assert [(one.number, one.column, one.rows) for one in found] == [(2, "n", 2), (3, "", None)]
    assert found[1].words == (
        "The number of values that change without an error is not known: sql_mode is not strict, 4 warnings."
    )


def test_rows_that_ignore_lets_go_are_counted(database: DatabaseAddress) -> None:
    deploy(database, [SETUP], Told().console)
    script = (
        "ALTER IGNORE TABLE u ADD UNIQUE (email), MODIFY score INT NULL;\n"
        "INSERT IGNORE INTO u (id, email, name) VALUES (1, 'x', 'x'), (9, 'a', 'x'), (10, 'y', 'x');\n"
        "INSERT IGNORE INTO u (id, name) VALUES (1, 'x');\n"
        "INSERT IGNORE INTO u (id, name) VALUES (11, 'x');\n"
        "UPDATE IGNORE u SET id = 1;\nDELETE IGNORE FROM u WHERE id = 99;"
    )
    told = [(one.number, one.column, one.rows) for one in changes(database, script)]
    assert told == [(1, "score", 2), (1, "", 1), (2, "", 2), (3, "", 1), (5, "", None)]


@pytest.mark.parametrize(
    ("script", "word"),
    [
        ("CREATE TABLE t (UNIQUE (email)) IGNORE SELECT * FROM u", "IGNORE"),
        ("CREATE OR REPLACE TABLE t (UNIQUE (email)) REPLACE AS SELECT * FROM {schema}.u", "REPLACE"),
        ("CREATE TEMPORARY TABLE t (UNIQUE (email)) IGNORE SELECT * FROM u", "IGNORE"),
        ("CREATE TABLE t (name VARCHAR(2)) IGNORE SELECT name FROM u", "IGNORE"),
        ("SET sql_mode = ''; CREATE TABLE t (name VARCHAR(2)) SELECT name FROM u", "sql_mode"),
    ],
)
def test_rows_that_a_new_table_does_not_take_as_they_are_are_told(
    database: DatabaseAddress, script: str, word: str
) -> None:
    deploy(database, [SETUP], Told().console)
    [found] = changes(database, script.format(schema=database.database))
    assert (found.table, found.rows) == ("", None) and word in found.words


def test_a_new_table_that_takes_every_row_is_not_told(database: DatabaseAddress) -> None:
    deploy(database, [SETUP], Told().console)
    one_id = "CREATE TABLE {} (UNIQUE (id)) {} SELECT * FROM u"
    script = f"{one_id.format('t', 'IGNORE')}; {one_id.format('t2', 'REPLACE')}"
    relaxed = "SET sql_mode = ''; CREATE TABLE t3 SELECT * FROM u; CREATE TABLE IF NOT EXISTS t (a INT)"
    assert changes(database, script, relaxed) == ()


@pytest.mark.parametrize(
    "script",
    [
        "CREATE PROCEDURE p() BEGIN ALTER TABLE u MODIFY score INT NULL; END; CALL p()",
        "SET @s = 'ALTER TABLE u MODIFY score INT NULL'; PREPARE s FROM @s; EXECUTE s",
        "/*!50000 ALTER TABLE u MODIFY score INT NULL */",
        "CREATE PROCEDURE p() BEGIN SELECT 1; END; ALTER TABLE u MODIFY score INT NULL",
        "LOCK TABLES was READ, u WRITE; UNLOCK TABLES; ALTER TABLE {schema}.u MODIFY score INT NULL",
    ],
)
def test_what_cannot_be_counted_is_not_known_and_never_nothing(
    database: DatabaseAddress, script: str
) -> None:
    deploy(database, [SETUP], Told().console)
    [found] = changes(database, script.format(schema=database.database))
    assert (found.table, found.column, found.rows) == ("u", "score", None)
    assert found.words.startswith(
        "The number of rows of `u` that change their value in `score` without an error is not known"
    )


def test_a_script_that_changes_nothing_silently_is_sent_whole(database: DatabaseAddress) -> None:
    deploy(database, [SETUP], Told().console)
    assert changes(database, "ALTER TABLE u MODIFY n BIGINT NULL; DROP TABLE was", "SELECT 1; -- end") == ()


def test_locked_tables_are_counted_through_the_lock(database: DatabaseAddress) -> None:
    deploy(database, [SETUP], Told().console)
    script = "LOCK TABLES u WRITE; ALTER TABLE u MODIFY score INT NULL; UNLOCK TABLES"
    assert [one.rows for one in changes(database, script)] == [2]
    with connect(database) as connection:
        assert rows_of(connection, "SELECT COUNT(*) FROM u") == [(4,)]


def test_a_statement_that_fails_in_a_later_part_keeps_its_number(database: DatabaseAddress) -> None:
    deploy(database, [SETUP], Told().console)
    script = b"SELECT 1;\nALTER TABLE u MODIFY score INT NULL;\n-- here\nDROP TABLE nothing; SELECT 2"
    result = rehearse_migrations(database, [SETUP, Migration("1", script)], Told().console)
    assert result.failure is not None
    assert (result.failure.number, result.failure.line, result.failure.code) == (3, 4, 1051)
    assert result.silent_changes == ()
