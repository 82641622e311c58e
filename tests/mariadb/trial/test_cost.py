"""Algorithm and lock, as the server itself answers on empty tables; and nothing else is touched."""

import pytest

from installer.bundle.sql.statements import split_statements
from installer.database.values.address import DatabaseAddress
from installer.mariadb.trial.attempts import Cost, attempts
from installer.mariadb.trial.cost import costs_of
from installer.mariadb.trial.empty_tables import lay_out, names_of, side_schema
from tests.mariadb.schemas import execute, picture

TABLES = """
CREATE TABLE teams (id INT PRIMARY KEY, code VARCHAR(20), KEY kind (code)) CHARSET=utf8mb4;
CREATE TABLE users (
  id INT PRIMARY KEY, team_id INT, name VARCHAR(60) NULL, kind ENUM('a','b'), KEY users_team (team_id),
  CONSTRAINT users_team_fkey FOREIGN KEY (team_id) REFERENCES teams (id)
) CHARSET=utf8mb4;
CREATE TABLE parted (id INT PRIMARY KEY, y INT) PARTITION BY HASH (id) PARTITIONS 2;
INSERT INTO teams VALUES (1, 'x');
INSERT INTO users VALUES (1, 1, 'one', 'a');
"""
INSTANT, NOCOPY, REBUILD = Cost("INSTANT", "NONE"), Cost("NOCOPY", "NONE"), Cost("INPLACE", "NONE")
COPY = Cost("COPY", "SHARED")


def costs(address: DatabaseAddress, script: str) -> list[Cost | None]:
    statements = split_statements(script)
    with side_schema(address, "probe") as side:
        lay_out(side, address.database, names_of(statement.text for statement in statements))
        return list(costs_of(side, statements))


@pytest.mark.engine
@pytest.mark.database
@pytest.mark.parametrize(
    ("statement", "cost"),
    [
        ("ALTER TABLE users ADD COLUMN age INT", INSTANT),
        ("ALTER TABLE `users` RENAME COLUMN name TO full_name -- ; a word at the end", INSTANT),
        ("ALTER TABLE users NOWAIT ADD COLUMN age INT", INSTANT),
        ("ALTER TABLE users DROP FOREIGN KEY users_team_fkey", INSTANT),
        ("CREATE INDEX users_name ON users (name) -- why", NOCOPY),
        ("CREATE INDEX IF NOT EXISTS users_name ON users (name)", NOCOPY),
        ("DROP INDEX kind ON teams", NOCOPY),
        ("CREATE UNIQUE INDEX users_name ON users (name) COMMENT 'x' /* why */", NOCOPY),
        ("DROP INDEX users_team ON users", None),
        ("DROP INDEX IF EXISTS users_kind ON users", INSTANT),
        ("ALTER TABLE users MODIFY name VARCHAR(60) NOT NULL", REBUILD),
        ("ALTER TABLE users ADD FULLTEXT INDEX (name)", Cost("INPLACE", "SHARED")),
        ("ALTER TABLE users MODIFY name VARCHAR(191)", COPY),
        ("ALTER TABLE users MODIFY name VARCHAR(20)", COPY),
        ("ALTER TABLE users MODIFY kind ENUM('a','x','b')", COPY),
        ("ALTER TABLE users ADD FOREIGN KEY (id) REFERENCES teams (id)", COPY),
        ("ALTER TABLE users ADD CHECK (id > 0)", COPY),
        ("ALTER TABLE users ADD COLUMN age INT, ALGORITHM=INPLACE", INSTANT),
        ("ALTER TABLE users ADD COLUMN age INT, ALGORITHM = COPY", COPY),
        ("ALTER TABLE users ADD INDEX (name), LOCK=SHARED", Cost("NOCOPY", "SHARED")),
        ("ALTER TABLE users ADD INDEX (name), ALGORITHM DEFAULT, LOCK DEFAULT", NOCOPY),
        ("ALTER TABLE users PARTITION BY KEY (id) PARTITIONS 2", None),
        ("ALTER TABLE parted ADD COLUMN z INT PARTITION BY HASH (id) PARTITIONS 3", None),
        ("ALTER TABLE parted REMOVE PARTITIONING", None),
        ("ALTER TABLE parted ADD COLUMN z INT", INSTANT),
        ("ALTER TABLE parted ADD PARTITION PARTITIONS 2", None),
        ("ALTER TABLE nobody ADD COLUMN a INT", None),
        ("RENAME TABLE users TO people, teams TO groups_", None),
        ("UPDATE users SET name = 'x'", None),
        ("DELETE FROM users", None),
    ],
)
def test_the_server_says_what_a_statement_costs(
    database: DatabaseAddress, statement: str, cost: Cost | None
) -> None:
    execute(database, TABLES)
    before = picture(database)
    assert costs(database, statement) == [cost]
    assert picture(database) == before


@pytest.mark.engine
@pytest.mark.database
def test_each_statement_is_asked_of_the_tables_as_the_ones_before_have_left_them(
    database: DatabaseAddress,
) -> None:
    execute(database, TABLES)
    script = (
        "SET foreign_key_checks = 0; ALTER TABLE users ADD FOREIGN KEY (id) REFERENCES teams (id);"
        "CREATE TABLE pets (id INT PRIMARY KEY); RENAME TABLE pets TO animals;"
        "ALTER TABLE animals ADD COLUMN name VARCHAR(9); CREATE INDEX animals_name ON animals (name);"
        "UPDATE users SET id = 7; ALTER TABLE animals DROP COLUMN nothing; USE mysql; DROP TABLE animals"
    )
    assert costs(database, script) == [None, INSTANT, None, None, INSTANT, NOCOPY, None, None, None, None]


@pytest.mark.engine
@pytest.mark.database
@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE {schema}.users ADD COLUMN age INT",
        "ALTER TABLE `{schema}` . `users` ADD COLUMN age INT",
        "CREATE INDEX x ON {schema}.users (name)",
        "ALTER TABLE users RENAME TO {schema}.people",
        "DROP TABLE IF EXISTS {schema}.users",
        "/*! ALTER TABLE {schema}.users ADD COLUMN age INT */",
        "SET sql_mode = 'NO_BACKSLASH_ESCAPES'; ALTER TABLE users COMMENT '\\'; DROP TABLE {schema}.users;'",
        "SET STATEMENT lock_wait_timeout = 1 FOR DELETE FROM {schema}.users",
        "USE {schema}; DROP TABLE users",
        "SET GLOBAL max_connections = 17",
        "CREATE TABLE nobody.users (id INT)",
    ],
)
def test_what_names_another_schema_is_not_tried(database: DatabaseAddress, statement: str) -> None:
    execute(database, TABLES)
    before = picture(database)
    assert set(costs(database, statement.format(schema=database.database))) == {None}
    assert picture(database) == before


def test_the_clauses_go_behind_the_name_of_the_table_or_the_end_of_an_index() -> None:
    def first(sql: str) -> str:
        return next(attempts(sql))[1]

    assert first("ALTER TABLE `a b` ADD c INT") == "ALTER TABLE `a b` ALGORITHM=INSTANT, LOCK=NONE, ADD c INT"
    assert first("DROP INDEX i ON t -- x") == "ALTER TABLE t ALGORITHM=INSTANT, LOCK=NONE, DROP INDEX i "
    assert first("ALTER TABLE t FORCE, LOCK=SHARED") == (
        "ALTER TABLE t ALGORITHM=INSTANT, FORCE, LOCK=SHARED"
    )
    assert list(attempts("ALTER VIEW v AS SELECT 1")) == []
