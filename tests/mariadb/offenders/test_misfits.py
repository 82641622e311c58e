"""What does not fit into another type: our condition against the server's own verdict, row by row."""

import json

import pytest
from hypothesis import HealthCheck, event, example, given, settings
from hypothesis import strategies as st
from pymysql.err import MySQLError

from installer.mariadb.offenders.columns_and_constraints import read_shape
from installer.mariadb.offenders.misfits import misfit
from installer.mariadb.offenders.sql_modes import Modes
from installer.mariadb.server.queries import rows_of, run_sql, translated
from installer.mariadb.server.server import connect
from tests.testbed.mariadb import MariaDB

pytestmark = [pytest.mark.engine, pytest.mark.database]
STRICT = "STRICT_TRANS_TABLES,STRICT_ALL_TABLES"
ZERO = "NO_ZERO_DATE,NO_ZERO_IN_DATE"
NUMBERS = st.one_of(
    st.integers(-130, 260),
    st.integers(-(2**33), 2**33),
    st.sampled_from([2**31 - 1, 2**31, -(2**31) - 1, 2**63 - 1]),
    st.decimals(-100_000, 100_000, places=4),
    st.floats(-1e6, 1e6, allow_nan=False).map(lambda number: round(number, 5)),
).map(str)  # fmt: skip
WORDS = st.one_of(
    st.text("ab 01", max_size=8), st.text("aAé한😀 ", max_size=8),
    st.sampled_from(["", "12", " 12", "12 ", "12x", "1.5", "1e3", "1e400", "-1", "+5", ".5", "5.", "-"]),
    st.sampled_from(["１", "12\n", "\t3", "1 2", "0x1", "00"]),
    st.sampled_from(["2026-01-01", "2026-1-1", "20260101", "2026-02-30", "2026-01-01 10:00:00", "0000-00-00",
                     "2026-01-01T10:00:00Z", "2026-01-01T10:00:00.123", "2026-01-01x", "26-01-01", "10:00",
                     "2026-01-01 25:00:00", "2026-00-01", "2026-01-01 10:00:00+09:00"]),
    NUMBERS,
)  # fmt: skip
MOMENTS = st.sampled_from(
    ["0000-00-00", "2026-02-30", "2026-04-31 10:00:00",
     "2026-00-01", "2026-01-00", "1969-12-31", "1970-01-01 00:00:00", "1970-01-01 00:00:01",
     "2026-01-01 10:00:00.6", "2038-01-19 03:14:07", "2038-01-19 03:14:08", "2106-02-07 06:28:15",
     "2106-02-07 06:28:16", "9999-12-31"]
)  # fmt: skip
NUMERIC = ["TINYINT", "TINYINT UNSIGNED", "SMALLINT", "INT", "INT UNSIGNED", "BIGINT", "BIGINT UNSIGNED",
           "DECIMAL(6,2)", "DECIMAL(6,2) UNSIGNED", "DECIMAL(3,0)", "DECIMAL(2,2)", "DECIMAL(20,8)", "FLOAT",
           "DOUBLE", "DOUBLE UNSIGNED"]  # fmt: skip
TEXTUAL = ["VARCHAR(64)", "VARCHAR(63)",
           "VARCHAR(8)", "VARCHAR(3)", "CHAR(8)", "CHAR(3)", "TINYTEXT", "TEXT", "LONGTEXT", "VARBINARY(4)",
           "BINARY(4)", "VARCHAR(8) COLLATE utf8mb4_bin", "VARCHAR(3) COLLATE utf8mb4_nopad_bin",
           "VARCHAR(8) CHARACTER SET latin1", "CHAR(3) CHARACTER SET latin1",
           "VARCHAR(5) CHARACTER SET utf8mb3", "TEXT CHARACTER SET ascii"]  # fmt: skip
CHOICES = [
    "ENUM('a','b','1')",
    "ENUM('b','A b','12')",
    "ENUM('a','c''d')",
    "SET('a','b','c')",
    "SET('a','b')",
    "SET('B','c')",
]
MOMENTARY = ["DATE", "DATETIME", "DATETIME(3)", "TIMESTAMP NULL"]
WIDE = st.one_of(
    WORDS, st.sampled_from(["x" * 255, "x" * 256, "한" * 85, "한" * 86, "é" * 127 + "  ", "x" * 255 + " "])
)
BLANK = st.tuples(
    st.sampled_from(["", "ab", "x" * 60]), st.sampled_from([0, 1, 3, 4, 7, 8, 60])
).map(lambda parts: parts[0] + " " * parts[1])  # fmt: skip


@st.composite
def changes(draw: st.DrawFn) -> tuple[str, str, list[str], str]:
    """A type, another one, values for the first, and a sql_mode."""
    old_types, values = draw(
        st.sampled_from(
            [
                (NUMERIC, NUMBERS),
                (TEXTUAL, WORDS),
                (["TEXT", "LONGTEXT"], WIDE),
                (["VARCHAR(40)"], WORDS),
                (["VARCHAR(64)", "VARCHAR(70)", "VARCHAR(300) CHARACTER SET latin1"], BLANK),
                (CHOICES, WORDS),
                (MOMENTARY, MOMENTS),
            ]
        )
    )
    old = draw(st.sampled_from(old_types))
    near = {id(NUMERIC): NUMERIC, id(CHOICES): CHOICES, id(MOMENTARY): MOMENTARY}.get(id(old_types), TEXTUAL)
    new = draw(st.one_of(st.sampled_from(near), st.sampled_from([*NUMERIC, *TEXTUAL, *CHOICES, *MOMENTARY])))
    return (
        old,
        new,
        draw(st.lists(values, min_size=1, max_size=6)),
        draw(st.sampled_from([STRICT, f"{STRICT},{ZERO}", f"{STRICT},ALLOW_INVALID_DATES"])),
    )


def verdicts(
    server: MariaDB, old: str, new: str, values: list[str], mode: str
) -> tuple[set[int], set[int], set[int]]:
    """The rows that the server refuses to convert one by one, those we find bad, and those we doubt."""
    with server.new_database() as address, connect(address) as connection:
        run_sql(connection, "SET sql_mode = 'ALLOW_INVALID_DATES'")
        run_sql(connection, f"CREATE TABLE t (id INT PRIMARY KEY, c {old}) CHARSET=utf8mb4")
        for number, value in enumerate(values):
            run_sql(connection, "INSERT INTO t VALUES (%s, %s)", (number, value))
        run_sql(connection, "CREATE TABLE one LIKE t")
        run_sql(connection, f"CREATE TABLE new (id INT PRIMARY KEY, c {new}) CHARSET=utf8mb4")
        columns = read_shape(connection).columns
        found = misfit(columns["t"]["c"], columns["new"]["c"], "`c`", modes(mode))
        return (
            refused(connection, new, len(values), mode),
            ids(connection, found.bad),
            ids(connection, found.doubtful),
        )


def refused(connection, new: str, count: int, mode: str) -> set[int]:  # type: ignore[no-untyped-def]
    bad = set()
    for number in range(count):
        run_sql(connection, "SET sql_mode = 'ALLOW_INVALID_DATES'")
        run_sql(connection, "CREATE OR REPLACE TABLE one LIKE t")
        run_sql(connection, f"INSERT INTO one SELECT * FROM t WHERE id = {number}")
        run_sql(connection, f"SET sql_mode = '{mode}'")
        try:
            with connection.cursor() as cursor:
                cursor.execute(f"ALTER TABLE one MODIFY c {new}")
        except MySQLError:
            bad.add(number)
    return bad


def ids(connection, condition: str) -> set[int]:  # type: ignore[no-untyped-def]
    with translated(connection):
        run_sql(connection, "SET sql_mode = DEFAULT")
    return {row[0] for row in rows_of(connection, f"SELECT id FROM t WHERE {condition or 'FALSE'}")}


def modes(mode: str) -> Modes:
    lenient = "ALLOW_INVALID_DATES" in mode
    return Modes(True, "NO_ZERO_DATE" in mode, "NO_ZERO_IN_DATE" in mode, True, True, True, lenient)


def check(server: MariaDB, change: tuple[str, str, list[str], str]) -> None:
    theirs, ours, doubtful = verdicts(server, *change)
    event("doubted" if doubtful else "refused" if theirs else "fits")
    if doubtful:
        return
    assert ours == theirs, json.dumps(change, ensure_ascii=False)


@given(changes())
@example(("VARCHAR(40)", "VARCHAR(3) COLLATE utf8mb4_nopad_bin", ["AAA "], STRICT))
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_we_find_is_what_the_server_refuses(
    mariadb: MariaDB, change: tuple[str, str, list[str], str]
) -> None:
    check(mariadb, change)


@pytest.mark.long
@given(changes())
@settings(max_examples=500, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_we_find_is_what_the_server_refuses_in_many_cases(
    mariadb: MariaDB, change: tuple[str, str, list[str], str]
) -> None:
    check(mariadb, change)
