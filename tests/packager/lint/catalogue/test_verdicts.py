"""What each statement of a migration does, and what it weighs, for MIGRATIONS.md."""

import re

import pytest

from packager.contents.render import TEMPLATES
from packager.lint.catalogue.levels import WEIGHTS
from packager.lint.catalogue.verdicts import ROWS, VERDICTS
from packager.lint.history.tables import Column, ForeignKey, Schema, Table
from packager.lint.judge import judge_script
from packager.lint.postgresql import postgresql_verdicts as POSTGRESQL

OF_POSTGRESQL = (*POSTGRESQL.VERDICTS.values(), *POSTGRESQL.DROPPED.values())
KNOWN = {verdict for verdict, _weight in (*VERDICTS.values(), *ROWS.values(), *OF_POSTGRESQL)} | {
    "adds_unique"
}
COLUMNS = {name: Column(name, "int") for name in ("b", "c", "id", "add column")}
KEYS = (ForeignKey("k", ("c",), "z", ("id",)),)
HISTORY = Schema({"a": Table("a", COLUMNS, primary_key=("id",), foreign_keys=KEYS)})


@pytest.mark.parametrize(
    ("sql", "verdicts", "weights"),
    [
        ("CREATE TABLE x (b INT NOT NULL, UNIQUE INDEX c(b))", ("creates_table",), ("adds",)),
        ("create or replace table a (b int)", ("creates_table",), ("adds", "destroys")),
        ("ALTER TABLE `a` ADD COLUMN `d` INT NULL", ("adds_column",), ("adds",)),
        ("ALTER TABLE a ADD COLUMN d INT NOT NULL", ("adds_column",), ("adds", "changes")),
        ("ALTER TABLE a ADD UNIQUE INDEX k(c)", ("adds_unique",), ("adds", "may_fail")),
        ("CREATE INDEX k ON a(c)", ("adds_index",), ("adds",)),
        (
            "ALTER TABLE `a` ADD CONSTRAINT `l` FOREIGN KEY (`b`) REFERENCES `c`(`id`) ON DELETE CASCADE",
            ("adds_foreign_key",),
            ("adds", "may_fail", "blocks_writes"),
        ),
        (
            "ALTER TABLE a DROP COLUMN b, MODIFY c DECIMAL(1, 2) NOT NULL",
            ("drops_column", "changes_column"),
            ("changes", "may_fail", "blocks_writes", "destroys"),
        ),
        ("ALTER TABLE a DROP FOREIGN KEY k", ("drops_constraint",), ("changes",)),
        ("CREATE PROCEDURE p() BEGIN DELETE FROM a; END", ("creates_code",), ("adds",)),
        ("CREATE ALGORITHM=MERGE SQL SECURITY INVOKER VIEW v AS SELECT 1", ("creates_code",), ("adds",)),
        ("DROP TABLE a", ("drops_table",), ("changes", "destroys")),
        ("UPDATE a SET b = 'DROP TABLE c'", ("updates_rows",), ("changes", "may_fail")),
        ("TRUNCATE a", ("truncates",), ("changes", "destroys")),
        ("INSERT INTO a VALUES (1)", ("inserts_rows",), ("adds", "may_fail")),
        ("SET NAMES utf8mb4", ("sets_session",), ()),
        ("ALTER /* don't */ TABLE a DROP `ADD COLUMN`", ("drops_column",), ("changes", "destroys")),
        ("GRANT ALL ON *.* TO x", ("unknown",), ()),
    ],
)
def test_a_statement_is_judged(sql: str, verdicts: tuple[str, ...], weights: tuple[str, ...]) -> None:
    (judged,), _schema = judge_script(sql, HISTORY)
    assert (judged.verdicts, judged.weights) == (verdicts, weights)


def test_statements_keep_their_order_and_lines() -> None:
    judged, _schema = judge_script("-- one; two\nDROP TABLE a;\n\nCREATE TABLE b (c INT);\n", HISTORY)
    assert [(j.statement.line, j.verdicts) for j in judged] == [
        (2, ("drops_table",)),
        (4, ("creates_table",)),
    ]


@pytest.mark.parametrize("language", ["en", "ko"])
def test_every_verdict_and_weight_has_words_and_none_is_unused(language: str) -> None:
    words = (TEMPLATES / language / "verdicts.j2").read_text()
    assert set(re.findall(r'^  "(\w+)":', words, re.MULTILINE)) == KNOWN | set(WEIGHTS)
