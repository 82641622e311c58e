"""Rows that tables may refuse, and values computed from them, where the schema says so."""

import pytest

from packager.lint.catalogue.findings import Finding
from packager.lint.history.replay import forget_newness
from packager.lint.history.tables import Schema
from packager.lint.judge import judge_script

TABLES = """\
CREATE TABLE shops (id INT NOT NULL PRIMARY KEY, town VARCHAR(20) NULL);
CREATE TABLE goods (
    id INT NOT NULL AUTO_INCREMENT PRIMARY KEY, code VARCHAR(8) NULL UNIQUE, label VARCHAR(5) NULL,
    amount INT NOT NULL DEFAULT 0, colour ENUM('red', 'Grün', '2') NULL, seen TIMESTAMP NULL,
    notes TINYTEXT NULL, price INT NULL, sum_ INT AS (amount * 2) STORED, half INT AS (amount / 2) VIRTUAL,
    shop_id INT NULL, KEY goods_label (label), place INT NULL,
    KEY both_ (place, price), FULLTEXT KEY goods_notes (notes),
    CONSTRAINT goods_shop FOREIGN KEY (shop_id) REFERENCES shops (id)
) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
CREATE TABLE logs (line VARCHAR(99) NULL, at DATETIME NULL);
CREATE TABLE checked (n INT NULL, year INT NULL, CONSTRAINT n_is_small CHECK (n < 9));
"""
NEW = {f"AL{number}" for number in (128, *range(131, 140))}


def found(sql: str) -> list[Finding]:
    """What is found of the new kinds where one migration made the tables, and this is the next."""
    _judged, schema = judge_script(TABLES, Schema())
    judged, _schema = judge_script(sql, forget_newness(schema))
    return [finding for one in judged for finding in one.findings if finding.code in NEW]


@pytest.mark.parametrize(
    ("sql", "findings"),
    [
        ("INSERT INTO goods (code) VALUES ('a')", [Finding("AL131", "goods")]),
        ("INSERT INTO logs VALUES ('a', NULL)", []),
        ("INSERT INTO logs (line) SELECT town FROM shops", [Finding("AL131", "logs")]),
        ("INSERT INTO logs SELECT town, NULL FROM shops", [Finding("AL131", "logs")]),
        ("INSERT IGNORE INTO goods (code) VALUES ('a')", []),
        ("CREATE TABLE x (id INT PRIMARY KEY); INSERT INTO x VALUES (1); INSERT INTO x VALUES (2)", []),
        ("UPDATE goods SET label = 'abc' WHERE label IS NULL", []),
        ("UPDATE goods SET label = 'abcdef'", [Finding("AL132", "goods", "label")]),
        ("UPDATE goods SET label = NULL, amount = 7, colour = 'red'", []),
        ("UPDATE goods SET label = NULL, colour = 'blue'", [Finding("AL132", "goods", "colour")]),
        ("UPDATE goods SET amount = NULL", [Finding("AL132", "goods", "amount")]),
        ("UPDATE goods SET amount = amount + 1", [Finding("AL132", "goods", "amount")]),
        ("UPDATE goods SET code = 'x'", [Finding("AL132", "goods", "code")]),
        ("UPDATE goods SET shop_id = 1", [Finding("AL132", "goods", "shop_id")]),
        ("UPDATE shops SET id = 1", [Finding("AL132", "shops", "id")]),
        ("UPDATE checked SET n = 1", [Finding("AL132", "checked")]),
        ("REPLACE INTO shops VALUES (1, 'a')", [Finding("AL132", "shops")]),
        ("UPDATE IGNORE goods SET code = 'x'", []),
        ("DELETE FROM shops", [Finding("AL133", "shops", now="goods")]),
        ("DELETE FROM goods", []),
        ("ALTER IGNORE TABLE shops ADD UNIQUE (town)", [Finding("AL133", "shops", now="goods")]),
        ("CREATE TABLE x (id TINYINT) AS SELECT amount AS id FROM goods", [Finding("AL134", "x")]),
        ("CREATE TABLE x AS SELECT amount FROM goods", []),
        ("ALTER TABLE goods ADD x TINYINT AS (amount) STORED", [Finding("AL135", "goods", "x")]),
        ("ALTER TABLE goods ADD x TINYINT DEFAULT (amount)", [Finding("AL135", "goods", "x")]),
        ("ALTER TABLE goods ADD x TINYINT DEFAULT (LENGTH(`code`))", [Finding("AL135", "goods", "x")]),
        ("ALTER TABLE checked ADD x INT DEFAULT (YEAR('2026-01-01'))", []),
        ("ALTER TABLE goods ADD x TINYINT AS (amount) VIRTUAL", []),
        ("ALTER TABLE goods MODIFY half INT AS (amount / 3) VIRTUAL", [Finding("AL136", "goods", "half")]),
        ("ALTER TABLE goods MODIFY half INT AS (amount / 2) VIRTUAL", []),
        ("ALTER TABLE goods MODIFY half INT", [Finding("AL139", "goods", "half")]),
        ("ALTER TABLE goods MODIFY sum_ INT", []),
        ("ALTER TABLE goods MODIFY seen TIMESTAMP", [Finding("AL137", "goods", "seen")]),
        ("ALTER TABLE goods MODIFY seen TIMESTAMP NULL", []),
        (
            "ALTER TABLE goods MODIFY colour ENUM('Red', 'Grun', '2')",
            [Finding("AL138", "goods", "colour", now="'Red', 'Grun'")],
        ),
    ],
)
def test_what_rows_can_be_refused_or_computed_anew(sql: str, findings: list[Finding]) -> None:
    assert found(sql) == findings


@pytest.mark.parametrize(
    ("change", "name", "words", "code"),
    [
        ("ADD x INT NOT NULL DEFAULT 'many'", "x", "DEFAULT 'many'", "1067"),
        ("ADD x TINYINT DEFAULT 128", "x", "DEFAULT 128", "1067"),
        ("ADD x TINYINT UNSIGNED DEFAULT -1", "x", "DEFAULT -1", "1067"),
        ("ADD x DATE DEFAULT '2026-02-30'", "x", "DEFAULT '2026-02-30'", "1067"),
        ("ADD x ENUM('a', 'b') DEFAULT 'c'", "x", "DEFAULT 'c'", "1067"),
        ("ADD x VARCHAR(2) DEFAULT 'abc'", "x", "DEFAULT 'abc'", "1067"),
        ("ALTER amount SET DEFAULT 'x'", "amount", "DEFAULT 'x'", "1067"),
        ("ADD x INT DEFAULT x", "x", "DEFAULT x", "4029"),
        ("ADD x DECIMAL(66, 2)", "x", "DECIMAL(66, 2)", "1426"),
        ("MODIFY price TEXT", "price", "TEXT", "1071"),
        ("ADD FULLTEXT (amount)", "amount", "FULLTEXT", "1283"),
        ("DROP amount", "amount", "DROP COLUMN", "1054"),
    ],
)
def test_what_no_server_takes_is_an_error(change: str, name: str, words: str, code: str) -> None:
    assert found(f"ALTER TABLE goods {change}") == [Finding("AL128", "goods", name, was=words, now=code)]


@pytest.mark.parametrize(
    "definition",
    ["INT DEFAULT '5'", "TINYINT DEFAULT 127", "BIGINT UNSIGNED DEFAULT 18446744073709551615",
     "DATE DEFAULT '0000-00-00'", "DATETIME DEFAULT CURRENT_TIMESTAMP", "ENUM('a', 'b') DEFAULT 'B'",
     "VARCHAR(2) DEFAULT 'a '", "VARCHAR(2) DEFAULT ''''", "BOOLEAN DEFAULT TRUE", "INT DEFAULT (1 + 1)",
     "DECIMAL(65, 30) DEFAULT 1.5", "VARCHAR(99) DEFAULT (UUID())", "INT DEFAULT NULL", "DOUBLE DEFAULT 1e5",
     "BIT DEFAULT b'1'"],
)  # fmt: skip
def test_what_a_server_takes_is_none(definition: str) -> None:
    assert found(f"ALTER TABLE goods ADD x {definition}") == []
