"""Random tables, rows and demands: without exactly the rows that were found the statement succeeds."""

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from installer.database.values.address import DatabaseAddress
from installer.database.values.rehearsal_result import Offender
from installer.mariadb.server.queries import rows_of, run_sql
from installer.mariadb.server.server import connect
from tests.mariadb.offenders.failing import failure_of, findings
from tests.mariadb.schemas import execute
from tests.testbed.mariadb import MariaDB

pytestmark = [pytest.mark.engine, pytest.mark.database]
CREATE = """
CREATE TABLE other (x INT, y VARCHAR(5) COLLATE utf8mb4_unicode_ci, KEY x (x), KEY both_ (x, y));
CREATE TABLE t (id INT PRIMARY KEY, a INT NULL, b VARCHAR(5) COLLATE utf8mb4_unicode_ci NULL, c TEXT NULL,
  d DECIMAL(6,2) NULL, e ENUM('p','q','r') NULL, up INT NULL, KEY up (up)) CHARSET=utf8mb4;
"""
CLAUSES = [
    "ADD UNIQUE (a)", "ADD UNIQUE (b)", "ADD UNIQUE (a, b)", "ADD UNIQUE (b(1), e)", "ADD UNIQUE (c(2))",
    "ADD UNIQUE (d, e)", "MODIFY a INT NOT NULL", "MODIFY b CHAR(2)", "MODIFY c VARCHAR(3) NOT NULL",
    "MODIFY a TINYINT UNSIGNED", "MODIFY d DECIMAL(3,1) NOT NULL", "MODIFY e ENUM('p','q')",
    "CHANGE a z SMALLINT NOT NULL",
    "ADD CHECK (a < 5)", "ADD CHECK (a < 5 OR b <> 'a')", "ADD CHECK (CHAR_LENGTH(c) < 3)",
    "ADD FOREIGN KEY (a) REFERENCES other (x)", "ADD FOREIGN KEY (a, b) REFERENCES other (x, y)",
    "ADD COLUMN n INT NOT NULL DEFAULT 3, ADD UNIQUE (n, a)",
    "ADD COLUMN n INT AS (a * a) STORED, ADD UNIQUE (n)",
    "MODIFY b VARCHAR(5) COLLATE utf8mb4_bin, ADD UNIQUE (b)", "DROP PRIMARY KEY, ADD PRIMARY KEY (a)",
]  # fmt: skip
SMALL = st.one_of(st.none(), st.integers(-3, 6), st.sampled_from([300, -40000]))
TEXT = st.one_of(st.none(), st.text("aAáb ", max_size=4))
ROW = st.tuples(
    SMALL, TEXT, TEXT, st.one_of(st.none(), st.integers(-20000, 20000).map(lambda n: n / 100)),
    st.sampled_from([None, "p", "q", "r"]),
)  # fmt: skip
ROWS = st.lists(ROW, max_size=8)
PARENTS = st.lists(st.tuples(SMALL, TEXT), max_size=3)
DEMANDS = st.lists(st.sampled_from(CLAUSES), min_size=1, max_size=2, unique=True).map(", ".join)


def fill(address: DatabaseAddress, rows: list[tuple[object, ...]], parents: list[tuple[object, ...]]) -> None:
    execute(address, CREATE)
    with connect(address) as connection:
        for number, row in enumerate(rows):
            run_sql(connection, "INSERT INTO t VALUES (%s, %s, %s, %s, %s, %s, NULL)", (number, *row))  # type: ignore[arg-type]
        for parent in parents:
            run_sql(connection, "INSERT INTO other VALUES (%s, %s)", parent)  # type: ignore[arg-type]


def found_ids(address: DatabaseAddress, offenders: tuple[Offender, ...]) -> list[set[int]]:
    with connect(address) as connection:
        return [{row[0] for row in rows_of(connection, offender.select)} for offender in offenders]


def keep(address: DatabaseAddress, ids: set[int]) -> None:
    execute(address, f"DELETE FROM t WHERE id NOT IN ({', '.join(map(str, sorted(ids | {-1})))})")


def check(
    server: MariaDB, rows: list[tuple[object, ...]], parents: list[tuple[object, ...]], demand: str
) -> None:
    statement = f"ALTER TABLE t {demand}"
    with server.new_database() as copy, server.new_database() as mended:
        fill(copy, rows, parents)
        if failure_of(copy, statement) is None:
            event("succeeds")
            return
        found = findings(copy, statement)
        event("not known" if found.notes else "found")
        if found.notes:
            return
        ids = found_ids(copy, found.offenders)
        assert [len(one) for one in ids] == [offender.rows for offender in found.offenders]
        fill(mended, rows, parents)
        everything = set(range(len(rows)))
        keep(mended, everything - set().union(*ids))
        assert failure_of(mended, statement) is None
        for one in ids:
            keep(copy, one)
            assert failure_of(copy, statement) is not None
            execute(copy, "DROP TABLE t, other")
            fill(copy, rows, parents)


@given(ROWS, PARENTS, DEMANDS)
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_rows_found_are_the_ones_in_the_way(
    mariadb: MariaDB, rows: list[tuple[object, ...]], parents: list[tuple[object, ...]], demand: str
) -> None:
    check(mariadb, rows, parents, demand)


@pytest.mark.long
@given(ROWS, PARENTS, DEMANDS)
@settings(max_examples=250, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_rows_found_are_the_ones_in_the_way_in_many_cases(
    mariadb: MariaDB, rows: list[tuple[object, ...]], parents: list[tuple[object, ...]], demand: str
) -> None:
    check(mariadb, rows, parents, demand)
