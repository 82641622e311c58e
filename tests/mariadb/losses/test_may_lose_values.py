"""What the text of a script alone says: whether values may change without an error."""

import pytest

from installer.bundle.sql.migrations import Migration
from installer.mariadb.losses.may_lose_values import may_lose_values


@pytest.mark.parametrize(
    ("script", "may"),
    [
        ("ALTER TABLE t ADD a INT COMMENT 'MODIFY'; CREATE TABLE `modify` (a INT)", False),
        ("INSERT INTO t VALUES ('IGNORE'); UPDATE t SET a = 1; SET NAMES utf8mb4; BEGIN; COMMIT", False),
        ("INSERT INTO t SELECT a FROM u IGNORE INDEX (k); UPDATE t IGNORE INDEX (k) SET a = 1", False),
        ("SELECT 1;\nALTER TABLE t MODIFY a INT", True),
        ("alter table t change column a b INT", True),
        ("ALTER TABLE t CONVERT TO CHARACTER SET latin1", True),
        ("ALTER IGNORE TABLE t ADD UNIQUE (a)", True),
        ("INSERT LOW_PRIORITY IGNORE INTO t VALUES (1)", True),
        ("CREATE TABLE t (a INT, UNIQUE (a)) IGNORE SELECT a FROM u", True),
        ("CREATE OR REPLACE TABLE t (a INT UNIQUE) ENGINE=InnoDB REPLACE AS (SELECT a FROM u)", True),
        ("CREATE TEMPORARY TABLE t (a INT UNIQUE) IGNORE VALUES (1), (1)", True),
        ("CREATE TABLE t (a INT UNIQUE) IGNORE WITH q AS (SELECT a FROM u) SELECT a FROM q", True),
        ("CREATE OR REPLACE TABLE t SELECT REPLACE((SELECT 'a'), 'a', 'b') FROM u IGNORE INDEX (k)", False),
        (
            "CREATE TABLE t (`ignore` INT, a TEXT AS (REPLACE(b, 'x', 'y')), b TEXT) SELECT 1 AS `ignore`",
            False,
        ),
        ("SET @@sql_mode = ''", True),
        ("CALL p()", True),
        ("SET @s = 'x'; PREPARE s FROM @s; EXECUTE s", True),
        ("/*!50000 ALTER TABLE t MODIFY a INT */", True),
    ],
)
def test_only_what_surely_changes_nothing_is_let_go(script: str, may: bool) -> None:
    assert may_lose_values(Migration("m", script.encode())) is may
