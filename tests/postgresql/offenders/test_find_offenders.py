"""Rows that stand against a statement: counted exactly, found by the SELECT, and the only ones.

The proof each time: without exactly these rows the statement succeeds, and with one of them it fails.
"""

import pytest

from installer.bundle.sql.migrations import Migration
from installer.database.values.address import DatabaseAddress
from installer.database.values.rehearsal_result import Offender, RehearsalFailure
from installer.postgresql.offenders.find_offenders import (
    FailedStatement,
    Findings,
    columns_of,
    find_offenders,
)
from installer.postgresql.rehearsal.rehearse_migrations import rehearse_migrations
from installer.postgresql.server.queries import ServerError, rows_of, run_script, value_of
from installer.postgresql.server.server import connect
from tests.mariadb.backups import Told

pytestmark = [pytest.mark.engine, pytest.mark.database]
USERS = """
CREATE TYPE kind AS ENUM ('a', 'b', 'c');
CREATE TABLE teams (id int PRIMARY KEY, region text, UNIQUE (region, id));
CREATE TABLE users (id int PRIMARY KEY, login varchar(191), email text, team int, region text, age int,
    price numeric(12, 4), kind kind, joined text, "Odd name" text, boss int);
INSERT INTO teams VALUES (1, 'kr'), (2, 'de');
INSERT INTO users VALUES
 (1, 'kim', 'kim@a', 1, 'kr', 20, 1.5, 'a', '2026-01-01', 'x', NULL),
 (2, 'KIM', 'kim@b', 2, 'kr', 300, -2, 'b', '2026-01-01', 'x', 1),
 (3, 'lee', 'kim@a', 7, 'kr', NULL, 99999.995, 'c', '2026-02-30', NULL, 2),
 (4, NULL, NULL, NULL, NULL, -1, NULL, NULL, '', NULL, 4),
 (5, NULL, NULL, NULL, 'xx', 40000, 12345.1, 'a', NULL, NULL, 99),
 (6, 'kim   ', 'long and more', 1, 'kr', 7, 0, 'c', '12x', 'y', 4);
CREATE TABLE child (id int PRIMARY KEY, owner int REFERENCES users);
INSERT INTO child VALUES (1, 1);
"""
CASES = [
    (
        "ALTER TABLE users ALTER login SET NOT NULL", [4, 5],
        "2 rows of `users` have NULL in `login`, which no longer allows NULL.",
    ),
    (
        'ALTER TABLE users ALTER "Odd name" SET NOT NULL', [3, 4, 5],
        "3 rows of `users` have NULL in `Odd name`, which no longer allows NULL.",
    ),
    (
        "ALTER TABLE users ADD new int NOT NULL", [1, 2, 3, 4, 5, 6],
        "6 rows of `users` would have NULL in the new column `new`, which allows none.",
    ),
    (
        "CREATE UNIQUE INDEX one ON users (email)", [1, 3],
        "2 rows of `users` share 1 value of `email`, which must be unique (`one`).",
    ),
    (
        "CREATE UNIQUE INDEX one ON users (lower(login))", [1, 2],
        "2 rows of `users` share 1 value of `lower(login::text)`, which must be unique (`one`).",
    ),
    (
        "CREATE UNIQUE INDEX one ON users (region) WHERE age > 10", [1, 2],
        "2 rows of `users` share 1 value of `region`, which must be unique (`one`).",
    ),
    (
        'ALTER TABLE users ADD CONSTRAINT one UNIQUE (region, "Odd name")', [1, 2],
        '2 rows of `users` share 1 value of `region`, `"Odd name"`, which must be unique (`one`).',
    ),
    (
        "CREATE UNIQUE INDEX one ON users (team) NULLS NOT DISTINCT", [1, 4, 5, 6],
        "4 rows of `users` share 2 values of `team`, which must be unique (`one`).",
    ),
    (
        "ALTER TABLE users ADD CONSTRAINT f FOREIGN KEY (team) REFERENCES teams", [3],
        "1 row of `users` refers through `team` to a row that does not exist in `teams`.",
    ),
    (
        "ALTER TABLE users ADD FOREIGN KEY (region, team) REFERENCES teams (region, id)", [2, 3],
        "2 rows of `users` refer through `region`, `team` to rows that do not exist in `teams`.",
    ),
    (
        "ALTER TABLE users ADD FOREIGN KEY (region, team) REFERENCES teams (region, id) MATCH FULL",
        [2, 3, 5],
        "3 rows of `users` refer through `region`, `team` to rows that do not exist in `teams`.",
    ),
    (
        "ALTER TABLE users ADD FOREIGN KEY (boss) REFERENCES users", [5],
        "1 row of `users` refers through `boss` to a row that does not exist in `users`.",
    ),
    (
        "ALTER TABLE users ADD CONSTRAINT grown CHECK (age >= 18)", [4, 6],
        "2 rows of `users` violate the CHECK `grown`: (age >= 18)",
    ),
    (
        "ALTER TABLE users ALTER age TYPE smallint", [5],
        "1 row of `users` has no value in `age` that fits into smallint.",
    ),
    (
        "ALTER TABLE users ALTER price TYPE numeric(6, 2)", [3, 5],
        "2 rows of `users` have no value in `price` that fits into numeric(6,2).",
    ),
    (
        "ALTER TABLE users ALTER login TYPE varchar(3), ALTER email TYPE varchar(9)", [6],
        "1 row of `users` has no value in `email` that fits into character varying(9).",
    ),
    (
        "CREATE TYPE few AS ENUM ('a', 'b'); ALTER TABLE users ALTER kind TYPE few USING (kind::text::few)",
        [3, 6], "2 rows of `users` have no value in `kind` that fits into few.",
    ),
]  # fmt: skip


def last(script: str) -> tuple[list[str], str]:
    *earlier, statement = script.split("; ")
    return earlier, statement


def code_of_failure(address: DatabaseAddress, script: str) -> str | None:
    """Tries a script and takes it back; None when it succeeds."""
    with connect(address) as connection:
        try:
            run_script(connection, f"BEGIN; {script}; ROLLBACK")
        except ServerError as error:
            return error.code
    return None


def findings(address: DatabaseAddress, script: str) -> Findings:
    """What is found of the rows that make the last statement of a script fail."""
    code, (earlier, statement) = code_of_failure(address, script), last(script)
    assert code is not None, "the statement succeeds"
    with connect(address) as connection:
        today = columns_of(connection)
    return find_offenders(address, FailedStatement(statement, code, tuple(earlier)), today)


@pytest.fixture
def users(pg: DatabaseAddress) -> DatabaseAddress:
    with connect(pg) as connection:
        run_script(connection, USERS)
    return pg


@pytest.mark.parametrize(("script", "ids", "words"), CASES, ids=[script for script, _ids, _words in CASES])
def test_exactly_the_rows_that_violate_a_statement_are_found(
    users: DatabaseAddress, script: str, ids: list[int], words: str
) -> None:
    found = findings(users, script)
    assert [(offender.words, offender.rows) for offender in found.offenders] == [(words, len(ids))]
    first = ", ".join(f"({id})" for id in ids[:3]) + ", …" * (len(ids) > 3)
    assert found.notes == (f"Keys in `users`: (id) = {first}",)
    with connect(users) as connection:
        select = found.offenders[0].select
        assert sorted(row[0] for row in rows_of(connection, select)) == ids
        run_script(connection, f"DELETE FROM child; DELETE FROM users WHERE id IN ({str(ids)[1:-1]})")
    assert code_of_failure(users, script) is None


def test_text_that_is_no_value_of_the_new_type_is_found_where_the_server_can_try_it(
    users: DatabaseAddress,
) -> None:
    found = findings(users, "ALTER TABLE users ALTER joined TYPE date USING joined::date")
    with connect(users) as connection:
        if value_of(connection, "SELECT current_setting('server_version_num')::int") < 160000:
            assert found == Findings(notes=("The rows that violate it could not be determined.",))
            return
    assert [offender.rows for offender in found.offenders] == [3]


def test_the_rows_are_those_after_the_statements_before_and_nothing_of_them_stays(
    users: DatabaseAddress,
) -> None:
    script = "UPDATE users SET login = 'same' WHERE id > 3; ALTER TABLE users RENAME login TO name; "
    script += "CREATE UNIQUE INDEX one ON users (name)"
    found = findings(users, script)
    assert found.offenders == (
        Offender(
            "users", 3,
            "SELECT * FROM users WHERE name IN (SELECT name FROM users WHERE name IS NOT NULL"
            " GROUP BY name HAVING count(*) > 1)",
            "3 rows of `users` share 1 value of `name`, which must be unique (`one`).",
            fits_today=False,
        ),
    )  # fmt: skip
    with connect(users) as connection:
        assert value_of(connection, "SELECT count(*) FROM users WHERE login = 'same'") == 0
        assert value_of(connection, "SELECT count(*) FROM child") == 1


@pytest.mark.parametrize(
    ("script", "note"),
    [
        ("INSERT INTO users (id) VALUES (1)", "The rows that violate it could not be determined."),
        (
            "ALTER TABLE users ALTER age TYPE smallint USING age * 1000",
            "The rows that violate it could not be determined.",
        ),
        (
            "ALTER TABLE users ADD n int DEFAULT 1/0",
            "The statement also fails without any rows: the data is not the cause.",
        ),
    ],
)
def test_what_is_not_known_is_told_so(users: DatabaseAddress, script: str, note: str) -> None:
    assert findings(users, script) == Findings(notes=(note,))


def test_an_error_that_is_not_about_rows_has_no_findings(users: DatabaseAddress) -> None:
    assert findings(users, "ALTER TABLE users ADD age int") == Findings()


def test_a_rehearsal_tells_the_rows_with_the_servers_own_words(pg: DatabaseAddress) -> None:
    scripts = [
        "CREATE TABLE t (id int PRIMARY KEY, a int); INSERT INTO t VALUES (1, 7), (2, 7), (3, 8)",
        "BEGIN;\nUPDATE t SET a = 8 WHERE id = 2;\nALTER TABLE t ADD UNIQUE (a);\nCOMMIT",
    ]
    migrations = [Migration(str(number), sql.encode()) for number, sql in enumerate(scripts, 1)]
    select = "SELECT * FROM t WHERE a IN (SELECT a FROM t WHERE a IS NOT NULL GROUP BY a HAVING count(*) > 1)"
    words = "2 rows of `t` share 1 value of `a`, which must be unique (`t_a_key`)."
    assert rehearse_migrations(pg, migrations, Told().console).failure == RehearsalFailure(
        "2", 3, 3, "ALTER TABLE t ADD UNIQUE (a)", "23505",
        'PostgreSQL error 23505: could not create unique index "t_a_key"',
        (Offender("t", 2, select, words, fits_today=False),),
        ("DETAIL: Key (a)=(8) is duplicated.", "Keys in `t`: (id) = (2), (3)"),
    )  # fmt: skip
