"""Changes in the definitions of tables."""

import re

from tests.mariadb.comparer.change import Change


def _table(name: str, columns: str, change: str) -> Change:
    """A change in the definition of the table `name`."""
    table = "t_" + re.sub(r"\W", "_", name)
    create = f"CREATE TABLE {table} ({columns})"
    return Change("table", name, create, change.format(table), (f"different: table {table}",))


TABLES = (
    _table("column added", "a INT", "ALTER TABLE {} ADD b INT"),
    _table("column dropped", "a INT, b INT", "ALTER TABLE {} DROP b"),
    _table("column renamed", "a INT", "ALTER TABLE {} CHANGE a b INT"),
    _table("order of columns", "a INT, b INT", "ALTER TABLE {} MODIFY b INT FIRST"),
    _table("type", "a INT", "ALTER TABLE {} MODIFY a BIGINT"),
    _table("length", "a VARCHAR(9)", "ALTER TABLE {} MODIFY a VARCHAR(10)"),
    _table("sign", "a INT", "ALTER TABLE {} MODIFY a INT UNSIGNED"),
    _table("null", "a INT", "ALTER TABLE {} MODIFY a INT NOT NULL"),
    _table("default", "a INT DEFAULT 1", "ALTER TABLE {} ALTER a SET DEFAULT 2"),
    _table("default now", "a DATETIME", "ALTER TABLE {} MODIFY a DATETIME DEFAULT NOW()"),
    _table(
        "on update",
        "a DATETIME DEFAULT NOW()",
        "ALTER TABLE {} MODIFY a DATETIME DEFAULT NOW() ON UPDATE NOW()",
    ),
    _table("column's collation", "a TEXT", "ALTER TABLE {} MODIFY a TEXT COLLATE utf8mb4_bin"),
    _table("column's comment", "a INT COMMENT 'x'", "ALTER TABLE {} MODIFY a INT COMMENT 'y'"),
    _table("invisible", "a INT, b INT", "ALTER TABLE {} MODIFY b INT INVISIBLE"),
    _table("members of enum", "a ENUM('x','y')", "ALTER TABLE {} MODIFY a ENUM('x','z')"),
    _table("expression", "a INT, b INT AS (a + 1)", "ALTER TABLE {} MODIFY b INT AS (a + 2)"),
    _table("stored", "a INT, b INT AS (a)", "ALTER TABLE {0} DROP b, ADD b INT AS (a) STORED"),
    _table("auto increment", "a INT PRIMARY KEY", "ALTER TABLE {} MODIFY a INT AUTO_INCREMENT"),
    _table("primary key", "a INT PRIMARY KEY", "ALTER TABLE {} DROP PRIMARY KEY"),
    _table("index dropped", "a INT, KEY i (a)", "DROP INDEX i ON {}"),
    _table("index added", "a INT", "CREATE INDEX i ON {} (a)"),
    _table("index renamed", "a INT, KEY i (a)", "ALTER TABLE {} RENAME KEY i TO j"),
    _table("order in index", "a INT, b INT, KEY i (a, b)", "ALTER TABLE {} DROP KEY i, ADD KEY i (b, a)"),
    _table("descending index", "a INT, KEY i (a)", "ALTER TABLE {} DROP KEY i, ADD KEY i (a DESC)"),
    _table("prefix of index", "a TEXT, KEY i (a(5))", "ALTER TABLE {} DROP KEY i, ADD KEY i (a(6))"),
    _table("unique index", "a INT, KEY i (a)", "ALTER TABLE {} DROP KEY i, ADD UNIQUE KEY i (a)"),
    _table("full text index", "a TEXT", "ALTER TABLE {} ADD FULLTEXT KEY i (a)"),
    _table("spatial index", "a POINT NOT NULL", "ALTER TABLE {} ADD SPATIAL KEY i (a)"),
    _table("ignored index", "a INT, KEY i (a)", "ALTER TABLE {} ALTER KEY i IGNORED"),
    _table("check added", "a INT", "ALTER TABLE {} ADD CONSTRAINT c CHECK (a > 0)"),
    _table("check dropped", "a INT, CONSTRAINT c CHECK (a > 0)", "ALTER TABLE {} DROP CONSTRAINT c"),
    _table(
        "check",
        "a INT, CONSTRAINT c CHECK (a > 0)",
        "ALTER TABLE {} DROP CONSTRAINT c, ADD CONSTRAINT c CHECK (a > 1)",
    ),
    _table("check of a column", "a INT CHECK (a > 0)", "ALTER TABLE {} MODIFY a INT CHECK (a > 1)"),
    _table("foreign key dropped", "a INT, CONSTRAINT f1 FOREIGN KEY (a) REFERENCES parent (id)",
           "ALTER TABLE {} DROP FOREIGN KEY f1"),
    _table("foreign key added", "a INT, KEY f2 (a)",
           "ALTER TABLE {} ADD CONSTRAINT f2 FOREIGN KEY (a) REFERENCES parent (id)"),
    _table("foreign key's action", "a INT, CONSTRAINT f3 FOREIGN KEY (a) REFERENCES parent (id)",
           "ALTER TABLE {} DROP FOREIGN KEY f3;"
           "ALTER TABLE {0} ADD CONSTRAINT f3 FOREIGN KEY (a) REFERENCES parent (id) ON DELETE CASCADE"
           .replace("{}", "{0}")),
    _table("foreign key's table", "a INT, CONSTRAINT f4 FOREIGN KEY (a) REFERENCES parent (id)",
           "ALTER TABLE {0} DROP FOREIGN KEY f4;"
           "ALTER TABLE {0} ADD CONSTRAINT f4 FOREIGN KEY (a) REFERENCES other_parent (id)"),
    _table("storage engine", "a INT", "ALTER TABLE {} ENGINE=Aria"),
    _table("table's collation", "a INT", "ALTER TABLE {} DEFAULT CHARSET=latin1"),
    _table("table's comment", "a INT", "ALTER TABLE {} COMMENT 'y'"),
    _table("row format", "a INT", "ALTER TABLE {} ROW_FORMAT=COMPACT"),
    _table("history of rows", "a INT", "ALTER TABLE {} ADD SYSTEM VERSIONING"),
    _table("partition", "a INT", "ALTER TABLE {} PARTITION BY HASH (a) PARTITIONS 2"),
    Change("table", "dropped", "CREATE TABLE t_dropped (a INT)", "DROP TABLE t_dropped",
           ("missing: table t_dropped",)),
    Change("table", "created", "", "CREATE TABLE t_created (a INT)",
           ("not in the backup: table t_created",)),
    Change("table", "renamed", "CREATE TABLE t_renamed (a INT)", "RENAME TABLE t_renamed TO t_new_name",
           ("missing: table t_renamed", "not in the backup: table t_new_name")),
    Change("table", "case of a name", "CREATE TABLE t_case (a INT)", "RENAME TABLE t_case TO T_case",
           ("missing: table t_case", "not in the backup: table T_case")),
)  # fmt: skip
