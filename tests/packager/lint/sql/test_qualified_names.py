"""Tables of other databases are not taken for those of the history."""

import pytest

from tests.packager.lint.test_refused import refused


@pytest.mark.parametrize(
    "sql",
    [
        "ALTER TABLE other.shop DROP gone",
        "ALTER TABLE `other`.`shop` DROP gone",
        "CREATE TABLE other . shop (id INT)",
        "DROP TABLE pair, other.gone",
        "RENAME TABLE pair TO x, other.gone TO y",
        "CREATE INDEX x ON other.shop (gone)",
        "DROP INDEX x ON other.shop",
        "CREATE TABLE x LIKE other.gone",
        "INSERT INTO other.shop (gone) VALUES (1)",
        "INSERT IGNORE other.shop (gone) VALUES (1)",
        "UPDATE other.gone SET a = 1",
        "DELETE FROM other.gone",
        "DELETE g FROM shop JOIN other.gone g",
        "TRUNCATE other.gone",
        "ALTER TABLE pair RENAME TO other.shop; ALTER TABLE pair ADD a INT",
        "CREATE TABLE other.x (id INT); CREATE TABLE x (id INT)",
        "DROP TABLE other.shop; ALTER TABLE shop ADD x INT",
    ],
)
def test_a_table_of_another_database_is_not_judged(sql: str) -> None:
    assert refused(sql) == 0
