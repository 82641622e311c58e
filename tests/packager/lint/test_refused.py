"""What the lint calls refused is refused by the server with that number, and nothing else is."""

import re
from collections.abc import Iterator

import pymysql
import pytest

from installer.bundle.sql.migrations import Migration
from installer.database.values.address import DatabaseAddress
from installer.mariadb.server.server import connect
from packager.lint.catalogue.findings import Finding
from packager.lint.judge import judge_migrations
from tests.packager.lint.refusals import SETUP, STATEMENTS
from tests.testbed.mariadb import MariaDB, server_of

HISTORY_TABLE = "CREATE TABLE _prisma_migrations (id VARCHAR(36) PRIMARY KEY);"
NUMBER = re.compile(r"\(error (\d+)\)")


def findings(sql: str) -> list[Finding]:
    history = (Migration("1", SETUP.encode()), Migration("2", sql.encode()))
    judged = judge_migrations(history)[-1]
    return [*judged.findings, *(finding for one in judged.statements for finding in one.findings)]


def refused(sql: str) -> int:
    """The number that the lint names, 0 when it calls nothing refused."""
    errors = (one.words() for one in findings(sql) if one.level == "error")
    numbers = [int(found[1]) for words in errors if (found := NUMBER.search(words))]
    return numbers[0] if numbers else 0


@pytest.mark.parametrize("sql", STATEMENTS)
def test_a_refusal_is_known_from_the_schema_alone(sql: str) -> None:
    assert refused(sql) == STATEMENTS[sql]


def test_the_history_has_no_findings_of_that_kind() -> None:
    assert refused("SELECT 1") == 0
    assert all(not NUMBER.search(one.words()) for one in findings(SETUP.replace("CREATE", "-- ")))


@pytest.fixture(scope="module")
def newer() -> Iterator[MariaDB]:
    with server_of("11.8") as server:
        yield server


@pytest.mark.engine
@pytest.mark.database
def test_mariadb_10_11_refuses_just_these(database: DatabaseAddress) -> None:
    assert {sql: answer(database, sql) for sql in STATEMENTS} == STATEMENTS


@pytest.mark.long
@pytest.mark.engine
@pytest.mark.database
def test_mariadb_11_8_refuses_just_these(newer: MariaDB) -> None:
    with newer.new_database() as address:
        assert {sql: answer(address, sql) for sql in STATEMENTS} == STATEMENTS


def answer(address: DatabaseAddress, sql: str) -> int:
    """The number of the server's error in a schema made anew, 0 when there is none."""
    with connect(address) as connection, connection.cursor() as cursor:
        name = f"`{address.database}`"
        _run(cursor, f"DROP DATABASE {name}; CREATE DATABASE {name}; USE {name}; {HISTORY_TABLE} {SETUP}")
        try:
            _run(cursor, sql)
        except pymysql.MySQLError as problem:
            return int(problem.args[0])
    return 0


def _run(cursor: "pymysql.cursors.Cursor", script: str) -> None:
    cursor.execute(script)
    while cursor.nextset():
        pass
