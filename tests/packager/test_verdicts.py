"""What each statement of a migration does, judged by its text."""

import re

import pytest

from packager.render import TEMPLATES
from packager.verdict_rules import CLAUSES, STATEMENTS, WEIGHTS
from packager.verdicts import judge_script

VERDICTS = {rule.verdict for rule in (*STATEMENTS, *CLAUSES)} | {"unknown"}


@pytest.mark.parametrize(
    ("sql", "verdicts", "weights"),
    [
        ("CREATE TABLE a (b INT NOT NULL, UNIQUE INDEX c(b))", ("creates_table",), ("adds",)),
        ("create or replace table a (b int)", ("replaces_table",), ("destroys",)),
        ("ALTER TABLE `a` ADD COLUMN `b` INT NULL", ("adds_column",), ("adds",)),
        ("ALTER TABLE a ADD b INT", ("adds_column",), ("adds",)),
        ("ALTER TABLE a ADD COLUMN b INT NOT NULL", ("adds_required_column",), ("adds", "changes")),
        ("ALTER TABLE a ADD COLUMN b INT NOT NULL DEFAULT 1", ("adds_column",), ("adds",)),
        ("ALTER TABLE a ADD UNIQUE INDEX b(c)", ("adds_unique",), ("may_fail",)),
        ("CREATE UNIQUE INDEX b ON a(c)", ("adds_unique",), ("may_fail",)),
        ("CREATE INDEX b ON a(c)", ("adds_index",), ("adds",)),
        (
            "ALTER TABLE `a` ADD CONSTRAINT `k` FOREIGN KEY (`b`) REFERENCES `c`(`id`) ON DELETE CASCADE",
            ("adds_foreign_key",),
            ("may_fail", "blocks_writes"),
        ),
        (
            "ALTER TABLE a DROP COLUMN b, MODIFY c DECIMAL(1, 2) NOT NULL",
            ("drops_column", "changes_column"),
            ("may_fail", "blocks_writes", "destroys"),
        ),
        ("ALTER TABLE a DROP FOREIGN KEY b", ("drops_constraint",), ("changes",)),
        ("ALTER TABLE a RENAME COLUMN b TO c", ("renames",), ("changes",)),
        ("CREATE PROCEDURE p() BEGIN DELETE FROM a; END", ("creates_routine",), ("adds",)),
        (
            "CREATE DEFINER=`r`@`%` TRIGGER t AFTER INSERT ON a FOR EACH ROW SET @x=1",
            ("creates_routine",),
            ("adds",),
        ),
        (
            "CREATE ALGORITHM=MERGE SQL SECURITY INVOKER VIEW v AS SELECT 1",
            ("creates_view",),
            ("adds",),
        ),
        ("DROP TABLE a", ("drops_table",), ("destroys",)),
        ("UPDATE a SET b = 'DROP TABLE c'", ("updates_rows",), ("changes", "destroys")),
        ("DELETE FROM a", ("deletes_rows",), ("destroys",)),
        ("TRUNCATE a", ("truncates",), ("destroys",)),
        ("INSERT INTO a VALUES (1)", ("inserts_rows",), ("adds",)),
        ("SET NAMES utf8mb4", ("sets_session",), ()),
        ("ALTER /* don't */ TABLE a DROP `ADD COLUMN`", ("drops_column",), ("destroys",)),
        ("GRANT ALL ON *.* TO x", ("unknown",), ()),
    ],
)
def test_a_statement_is_judged(sql: str, verdicts: tuple[str, ...], weights: tuple[str, ...]) -> None:
    (judged,) = judge_script(sql)
    assert (judged.verdicts, judged.weights) == (verdicts, weights)


def test_statements_keep_their_order_and_lines() -> None:
    script = "-- one; two\nDROP TABLE a;\n\nCREATE TABLE b (c INT);\n"
    assert [(j.statement.line, j.verdicts) for j in judge_script(script)] == [
        (2, ("drops_table",)),
        (4, ("creates_table",)),
    ]


@pytest.mark.parametrize("language", ["en", "ko"])
def test_every_verdict_and_weight_has_words_and_none_is_unused(language: str) -> None:
    words = (TEMPLATES / language / "verdicts.j2").read_text()
    assert set(re.findall(r'^  "(\w+)":', words, re.MULTILINE)) == VERDICTS | set(WEIGHTS)
