"""Rows that stand against a statement: counted exactly, found by the SELECT, and the only ones.

The proof each time: without exactly these rows the statement succeeds, and with one of them it fails.
"""

import pytest

from installer.database.values.address import DatabaseAddress
from installer.mariadb.offenders.find_offenders import FailedStatement, Findings, find_offenders
from tests.mariadb.offenders.failing import failure_of, findings
from tests.mariadb.schemas import execute, query

pytestmark = [pytest.mark.engine, pytest.mark.database]
USERS = """
CREATE TABLE teams (id INT PRIMARY KEY, lead INT NULL, region CHAR(2) NULL, UNIQUE KEY spot (region, id))
 CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE TABLE users (
  id INT PRIMARY KEY, login VARCHAR(191) COLLATE utf8mb4_unicode_ci NULL, email TEXT NULL, team INT NULL,
  region CHAR(2) NULL, age INT NULL, born DATETIME NULL,
  kind ENUM('a','b','c') NULL, price DECIMAL(10,4) NULL,
  tags SET('x','y','z') NULL, boss INT NULL, joined VARCHAR(40) NULL,
  code VARCHAR(30) COLLATE utf8mb4_bin NULL,
  UNIQUE KEY users_code (code)
) CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
INSERT INTO teams VALUES (1, NULL, 'kr'), (2, 1, 'de');
INSERT INTO users (id, login, email, team, region, age, born, kind, price, tags, boss, joined, code) VALUES
 (1, 'kim', 'kim@a', 1, 'kr', 20, '2026-01-01 10:00:00', 'a', 1.5, 'x', NULL, '2026-01-01', 'A'),
 (2, 'KIM ', 'kim@b', 2, 'kr', 300, '1969-01-01', 'b', -2, 'x,z', 1, '2026-01-01T10:00:00Z', 'a'),
 (3, 'lee', 'kim@a', 7, 'kr', NULL, NULL, 'c', 99999.995, 'z', 2, '2026-02-30', 'b'),
 (4, NULL, NULL, NULL, NULL, -1, '2038-01-19 03:14:08', NULL, NULL, '', 4, '', NULL),
 (5, NULL, NULL, NULL, 'xx', 12, '2020-01-01', 'a', 12345.1, NULL, 99, NULL, NULL),
 (6, 'éa', '😀', 1, 'kr', 7, '2020-01-01', 'c', 0, 'y', 5, '2026-03-01 01:02:03.5', '12x'),
 (7, 'park', 'kim@a and more', 2, NULL, 8, '2020-01-01', 'a', 1, 'z,y', NULL, '2026-01-01', '12');
"""


@pytest.mark.parametrize(
    ("statement", "ids", "words"),
    [
        (
            "CREATE UNIQUE INDEX users_login_key ON users (login)",
            {1, 2},
            "2 rows of `users` share 1 value of `login`, which must be unique (`users_login_key`).",
        ),
        (
            "ALTER TABLE users ADD UNIQUE KEY (region, kind)",
            {3, 6},
            "2 rows of `users` share 1 value of `region`, `kind`, which must be unique (`region`).",
        ),
        (
            "ALTER TABLE `users` ADD UNIQUE `start` (email(5))",
            {1, 3, 7},
            "3 rows of `users` share 1 value of `email`, which must be unique (`start`).",
        ),
        (
            "ALTER TABLE users ADD UNIQUE (login(1), region)",
            {1, 2},
            "2 rows of `users` share 1 value of `login`, `region`, which must be unique (`login`).",
        ),
        (
            "ALTER TABLE users DROP PRIMARY KEY, ADD PRIMARY KEY (team)",
            {1, 2, 4, 5, 6, 7},
            "",
        ),
        (
            "ALTER TABLE users MODIFY code VARCHAR(30) COLLATE utf8mb4_general_ci",
            {1, 2},
            "2 rows of `users` share 1 value of `code`, which must be unique (`users_code`).",
        ),
        (
            "ALTER TABLE users CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci",
            {1, 2},
            "2 rows of `users` share 1 value of `code`, which must be unique (`users_code`).",
        ),
        (
            "ALTER TABLE users ADD COLUMN slug VARCHAR(191) NOT NULL, ADD UNIQUE (slug)",
            {1, 2, 3, 4, 5, 6, 7},
            "7 rows of `users` share 1 value of `slug`, which must be unique (`slug`).",
        ),
        (
            "ALTER TABLE users ADD COLUMN low VARCHAR(60) AS (LOWER(login)) PERSISTENT, ADD UNIQUE (low)",
            {1, 2},
            "2 rows of `users` share 1 value of `low`, which must be unique (`low`).",
        ),
        (
            "ALTER TABLE users CHANGE login name VARCHAR(191) NOT NULL",
            {4, 5},
            "2 rows of `users` have NULL in `login`, which no longer allows NULL.",
        ),
        (
            "ALTER TABLE users MODIFY age TINYINT UNSIGNED",
            {2, 4},
            "2 rows of `users` have no value in `age` that fits into tinyint(3) unsigned.",
        ),
        (
            "ALTER TABLE users MODIFY email VARCHAR(5)",
            {7},
            "1 row of `users` has no value in `email` that fits into varchar(5).",
        ),
        (
            "ALTER TABLE users MODIFY email TEXT CHARACTER SET utf8mb3",
            {6},
            "1 row of `users` has no value in `email` that fits into text.",
        ),
        (
            "ALTER TABLE users MODIFY kind ENUM('a','b','x')",
            {3, 6},
            "2 rows of `users` have no value in `kind` that fits into enum('a','b','x').",
        ),
        (
            "ALTER TABLE users MODIFY tags SET('x','y')",
            {2, 3, 7},
            "3 rows of `users` have no value in `tags` that fits into set('x','y').",
        ),
        (
            "ALTER TABLE users MODIFY price DECIMAL(6,2)",
            {3, 5},
            "2 rows of `users` have no value in `price` that fits into decimal(6,2).",
        ),
        (
            "ALTER TABLE users MODIFY born TIMESTAMP NULL",
            {2, 4},
            "2 rows of `users` have no value in `born` that fits into timestamp.",
        ),
        (
            "ALTER TABLE users MODIFY joined DATETIME(3)",
            {2, 3, 4},
            "3 rows of `users` have no value in `joined` that fits into datetime(3).",
        ),
        (
            "ALTER TABLE users DROP INDEX users_code, MODIFY code INT",
            {1, 2, 3, 6},
            "",
        ),
        (
            "ALTER TABLE users ADD COLUMN double_age TINYINT AS (age * 10) STORED",
            {2, 1},
            "2 rows of `users` have no value in `double_age` that fits into tinyint(4).",
        ),
        (
            "ALTER TABLE users ADD COLUMN short VARCHAR(3) AS (login) STORED",
            {7},
            "1 row of `users` has no value in `short` that fits into varchar(3).",
        ),
        (
            "ALTER TABLE users ADD COLUMN short VARCHAR(4) AS (CONCAT(login, '!')) PERSISTENT",
            {2, 7},
            "",
        ),
        (
            "ALTER TABLE users ADD CONSTRAINT users_team_fkey FOREIGN KEY (team) REFERENCES teams (id)",
            {3},
            "1 row of `users` refers through `team` to a row that does not exist in `teams`.",
        ),
        (
            "ALTER TABLE users ADD FOREIGN KEY (region, team) REFERENCES teams (region, id)",
            {2, 3},
            "2 rows of `users` refer through `region`, `team` to rows that do not exist in `teams`.",
        ),
        (
            "ALTER TABLE users ADD FOREIGN KEY (boss) REFERENCES users (id)",
            {5},
            "1 row of `users` refers through `boss` to a row that does not exist in `users`.",
        ),
        (
            "ALTER TABLE users ADD CONSTRAINT grown_up CHECK (age >= 18)",
            {4, 5, 6, 7},
            "4 rows of `users` violate the CHECK `grown_up`: `age` >= 18",
        ),
        (
            "ALTER TABLE users ADD COLUMN s INT NOT NULL DEFAULT 7, ADD CONSTRAINT big CHECK (s + age > 20)",
            {4, 5, 6, 7},
            "4 rows of `users` violate the CHECK `big`: `s` + `age` > 20",
        ),
    ],
)
def test_the_rows_are_exactly_those_in_the_way(
    database: DatabaseAddress, statement: str, ids: set[int], words: str
) -> None:
    execute(database, USERS)
    found = findings(database, statement)
    selected = [{row[0] for row in query(database, one.select)} for one in found.offenders]
    assert set().union(*selected) == ids
    assert [one.rows for one in found.offenders] == [len(rows) for rows in selected]
    assert found.notes == ()
    assert all(one.fits_today for one in found.offenders)
    if words:
        assert [one.words for one in found.offenders] == [words]
    mend(database, statement, ids)
    assert failure_of(database, statement) is None


@pytest.mark.parametrize(
    ("statement", "notes"),
    [
        (
            "ALTER TABLE users ADD COLUMN login INT",
            ("The statement also fails without any rows: the data is not the cause.",),
        ),
        (
            "INSERT INTO users (id, code) VALUES (8, 'A')",
            (
                "Unique index `users_code`: `code` of `users`.",
                "The rows that violate it could not be determined.",
            ),
        ),
        ("UPDATE users SET id = 1", ("The rows that violate it could not be determined.",)),
        (
            "ALTER TABLE teams DROP INDEX spot PARTITION BY RANGE (id) (PARTITION p VALUES LESS THAN (2))",
            ("The rows that violate it could not be determined.",),
        ),
        ("SELECT * FROM nothing", ()),
        (
            "CREATE UNIQUE INDEX i ON {schema}.users (login)",
            ("The rows that violate it could not be determined.",),
        ),
        (
            "ALTER TABLE users MODIFY born YEAR",
            ("The rows that violate it could not be determined.",),
        ),
    ],
)
def test_what_is_not_known_is_not_counted(
    database: DatabaseAddress, statement: str, notes: tuple[str, ...]
) -> None:
    execute(database, USERS + "ALTER TABLE users DROP INDEX users_code, ADD UNIQUE KEY users_code (code);")
    assert findings(database, statement.format(schema=database.database)) == Findings((), notes)


@pytest.mark.parametrize(
    ("insert", "ids"),
    [
        ("INSERT INTO codes (code, n) SELECT UPPER(code), id FROM users", {1, 2}),
        ("INSERT INTO `codes` (`n`, `code`) (SELECT id, region FROM users WHERE id < 5)", {1, 2, 3}),
        ("INSERT INTO codes SELECT id, login, id FROM users", {1, 2}),
        (
            "INSERT INTO codes (code, n) WITH u AS (SELECT id FROM users) SELECT 'a;b', id FROM u",
            {*range(1, 8)},
        ),
        ("INSERT INTO codes (id, code) SELECT age, CONCAT('c', id) FROM users", {5}),
    ],
)
def test_rows_that_an_insert_cannot_add_are_counted(
    database: DatabaseAddress, insert: str, ids: set[int]
) -> None:
    execute(
        database,
        USERS + "CREATE TABLE codes (id INT AUTO_INCREMENT PRIMARY KEY, code VARCHAR(30) NULL, n INT NULL,"
        " UNIQUE KEY c (code)) CHARSET utf8mb4 COLLATE utf8mb4_unicode_ci;"
        "INSERT INTO codes VALUES (12, 'zz', 1)",
    )
    [offender] = [one for one in findings(database, insert).offenders if one.rows]
    assert (offender.rows, offender.fits_today) == (len(ids), False)
    assert len(query(database, offender.select)) == len(ids)
    execute(database, f"DELETE FROM users WHERE id IN ({', '.join(map(str, ids))})")
    assert failure_of(database, insert) is None


@pytest.mark.parametrize(
    "insert",
    [
        "INSERT INTO users (id, code) SELECT @n, 'A'",
        "INSERT INTO users (id, code) SELECT 9, 'A' ON DUPLICATE KEY UPDATE id = 1",
        "INSERT INTO users (id, code) SELECT 1, 'new' RETURNING id",
    ],
)
def test_an_insert_that_cannot_be_asked_again_is_not_counted(database: DatabaseAddress, insert: str) -> None:
    execute(database, USERS)
    failed = FailedStatement(insert, 1062, "Duplicate entry 'A' for key 'users_code'")
    assert find_offenders(database, failed, frozenset()).offenders == ()


def test_a_broken_constraint_of_changed_rows_is_named(database: DatabaseAddress) -> None:
    execute(
        database,
        "CREATE TABLE p (id INT PRIMARY KEY); INSERT INTO p VALUES (1), (2);"
        "CREATE TABLE c (a INT, n INT CHECK (n < 9), CONSTRAINT few CHECK (a < 100),"
        "  CONSTRAINT c_a FOREIGN KEY (a) REFERENCES p (id)); INSERT INTO c VALUES (1, 1);",
    )
    key = "Foreign key `c_a`: `a` of `c` must be in `id` of `p`."
    unknown = "The rows that violate it could not be determined."
    assert findings(database, "DELETE FROM p").notes == (key, unknown)
    assert findings(database, "INSERT INTO c VALUES (3, 1)").notes == (key, unknown)
    assert findings(database, "DROP TABLE p").notes == ("Foreign key `c_a` of `c` refers to `p`.",)
    assert findings(database, "UPDATE c SET n = 10").notes == ("CHECK `n` of `c`: `n` < 9", unknown)
    assert findings(database, "UPDATE c SET a = 100").notes == ("CHECK `few` of `c`: `a` < 100", unknown)


def test_the_settings_of_the_session_count(database: DatabaseAddress) -> None:
    execute(database, USERS)
    strict = "SET sql_mode = 'STRICT_ALL_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE'"
    execute(database, "UPDATE users SET born = '0000-00-00' WHERE id < 3")
    found = findings(database, "ALTER TABLE users MODIFY born DATETIME(3)", strict)
    assert [(one.rows, one.words) for one in found.offenders] == [
        (2, "2 rows of `users` have no value in `born` that fits into datetime(3).")
    ]
    found = findings(database, "ALTER TABLE users ADD COLUMN d DATE NOT NULL", strict)
    assert [one.rows for one in found.offenders] == [7]
    both = "ALTER TABLE users ADD UNIQUE (login), MODIFY age TINYINT"
    assert [one.rows for one in findings(database, both, "SET sql_mode = ''").offenders] == [2]
    assert [one.rows for one in findings(database, both).offenders] == [1, 2]


def test_dates_that_a_copy_of_the_table_checks_again_are_found(database: DatabaseAddress) -> None:
    odd = "UPDATE users SET born = '2026-02-30' WHERE id = 1; UPDATE users SET born = 0 WHERE id = 2"
    execute(database, f"{USERS} SET sql_mode = 'ALLOW_INVALID_DATES'; {odd}")
    strict = "SET sql_mode = 'STRICT_ALL_TABLES,NO_ZERO_DATE'"
    found = findings(database, "ALTER TABLE users MODIFY kind VARCHAR(9)", strict)
    assert [(one.rows, one.words) for one in found.offenders] == [
        (2, "2 rows of `users` have no value in `born` that fits into datetime.")
    ]
    assert found.notes == ()


def test_a_semicolon_in_a_comment_hides_no_rows(database: DatabaseAddress) -> None:
    execute(database, USERS)
    found = findings(database, "ALTER TABLE users MODIFY age TINYINT COMMENT 'years; whole', COMMENT \"a;b\"")
    assert [one.rows for one in found.offenders] == [1]


def test_blanks_are_cut_off_where_the_length_loses_a_byte(database: DatabaseAddress) -> None:
    execute(
        database,
        "CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(191)) CHARSET utf8mb4;"
        "INSERT INTO t VALUES (1, 'Bob  '), (2, 'Česko'), (3, 'ab'), (4, CONCAT('x', REPEAT(' ', 90)))",
    )
    for size, rows in (("4", {2}), ("64", {4})):
        [offender] = findings(database, f"ALTER TABLE t MODIFY v VARCHAR({size})").offenders
        assert {row[0] for row in query(database, offender.select)} == rows


def test_a_column_that_came_with_the_migration_does_not_fit_today(database: DatabaseAddress) -> None:
    execute(database, USERS)
    failed = failure_of(database, "CREATE UNIQUE INDEX users_login_key ON users (login)")
    assert failed is not None
    [offender] = find_offenders(database, failed, frozenset({("users", "id")})).offenders
    assert not offender.fits_today


def test_long_values_that_differ_late_are_not_taken_for_equal(database: DatabaseAddress) -> None:
    execute(
        database,
        "CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(500), x TEXT) CHARSET=utf8mb4 ROW_FORMAT=DYNAMIC;"
        "INSERT INTO t VALUES (1, CONCAT(REPEAT('한', 499), 'a'), CONCAT(REPEAT('한', 499), 'a')),"
        "(2, CONCAT(REPEAT('한', 499), 'b'), CONCAT(REPEAT('한', 499), 'b')),"
        "(3, CONCAT(REPEAT('한', 499), 'b'), CONCAT(REPEAT('한', 499), 'bx'));"
        "INSERT INTO t SELECT seq + 10, CONCAT(REPEAT('다', 490), seq), CONCAT(REPEAT('다', 490), seq)"
        " FROM seq_1_to_2000;",
    )
    for column in ("v", "x(500)"):
        [offender] = findings(database, f"ALTER TABLE t ADD UNIQUE ({column})").offenders
        assert [row[0] for row in query(database, offender.select)] == [2, 3]


def mend(address: DatabaseAddress, statement: str, ids: set[int]) -> None:
    """Let exactly these users refer to nothing, or take exactly them away."""
    which = f"WHERE id IN ({', '.join(map(str, sorted(ids)))})"
    is_about_references = "FOREIGN KEY" in statement
    change = "UPDATE users SET team = NULL, boss = NULL" if is_about_references else "DELETE FROM users"
    execute(address, f"{change} {which}")


def test_a_key_over_values_that_do_not_fit_is_not_counted(database: DatabaseAddress) -> None:
    execute(database, USERS + "INSERT INTO users (id, login) VALUES (8, '한'), (9, '하');")
    found = findings(
        database, "ALTER TABLE users MODIFY login VARCHAR(191) CHARACTER SET latin1, ADD UNIQUE (login)"
    )
    assert [(one.rows, one.words) for one in found.offenders] == [
        (2, "2 rows of `users` have no value in `login` that fits into varchar(191).")
    ]
    assert found.notes == ("Other rows may violate it as well.",)
