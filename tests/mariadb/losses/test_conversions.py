"""What becomes another value in another type: our condition against the server's own conversion."""

import re

import pytest
from pymysql.err import MySQLError

from installer.mariadb.losses.conversions import conversion
from installer.mariadb.offenders.columns_and_constraints import read_shape
from installer.mariadb.offenders.sql_modes import Modes
from installer.mariadb.server.queries import rows_of, run_sql
from installer.mariadb.server.server import connect
from packager.lint.rules.lossy_conversions import never_fails, silent_codes
from packager.lint.rules.types import fits
from packager.lint.sql.elements import read_column
from tests.testbed.mariadb import MariaDB

pytestmark = [pytest.mark.engine, pytest.mark.database]
STRICT = "STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION"
NUMBERS = ["0", "1", "-1", "5", "70", "99.5", "99.4", "0.5", "1.25", "-0.5", "127", "255", "256",
           "1234.5678", "0.1", "16777217", "2147483648", "9007199254740993", "1e10", "20260115", "0.001",
           "999.995"]  # fmt: skip
TIMES = ["2026-01-15 10:20:30.123456", "2026-01-15 23:59:59.999999", "2026-01-15", "1999-12-31 00:00:00.5",
         "2026-01-15 10:00:00", "0000-00-00", "2026-01-15 00:00:00.25", "1001-01-01"]  # fmt: skip
CLOCKS = ["10:20:30.123456", "23:59:59.999", "00:00:00", "-01:00:00", "100:00:00", "12:00:00"]
TEXTS = ["", "a", "ab ", "ab  ", "a b", "007", "7", " 7", "7 ", "1.50", "1.5", "0.1", "1e3", "+5", ".5",
         "5.", "-5", "é", "USER", "user", "1", "2026-01-15", "2026-1-5", "2026-01-15 10:20:30.5",
         "2026-01-15T10:20:30", "20260115", "10:20:30", "abcdefghij", "12x", "12345678901234567890.5",
         "x" * 58 + "     ", "1999", "99", "x" * 64, " "]  # fmt: skip
BYTES = ["", "a", "ab\0", "ab ", "abcd", "7", "abcdefgh"]
LEAST_NINES = 9999  # more does not fit into every one of these types
OLD = {
    **dict.fromkeys(["TINYINT", "INT", "BIGINT UNSIGNED", "DECIMAL(10,2)", "DECIMAL(20,6)"], NUMBERS),
    **dict.fromkeys(["FLOAT", "DOUBLE"], NUMBERS),
    "DOUBLE(10,2)": [number for number in NUMBERS if abs(float(number)) < LEAST_NINES],
    "FLOAT(7,3)": [number for number in NUMBERS if abs(float(number)) < LEAST_NINES],
    **dict.fromkeys(["DATE", "DATETIME", "DATETIME(6)", "DATETIME(3)", "TIMESTAMP(6) NULL"], TIMES),
    **dict.fromkeys(["TIME", "TIME(6)"], CLOCKS),
    **dict.fromkeys(["VARCHAR(70)", "CHAR(70)", "TEXT", "VARCHAR(70) CHARACTER SET latin1"], TEXTS),
    **dict.fromkeys(["VARBINARY(8)", "BINARY(8)", "BLOB"], BYTES),
    "YEAR": ["0", "1999", "2026"],
    "ENUM('USER','ADMIN','3')": ["USER", "ADMIN", "3"],
    "SET('a','b')": ["a", "b", "a,b", ""],
}  # fmt: skip
NEW = [*OLD, "SMALLINT", "BIGINT", "DECIMAL(10,0)", "DECIMAL(12,4)", "ENUM('ADMIN','user','1','7')",
       "SET('b','a','1')", "SET('B','a')", "VARCHAR(4)", "VARCHAR(63)", "CHAR(4)", "BINARY(10)",
       "VARBINARY(30)", "TIMESTAMP NULL", "TINYTEXT", "DOUBLE UNSIGNED", "VARCHAR(300)",
       "CHAR(80)"]  # fmt: skip
NUMERIC = re.compile(r"(tiny|small|medium|big)?int|decimal|float|double")


QUICK = ("DECIMAL(10,2)", "DATETIME(6)", "VARBINARY(8)", "ENUM('USER','ADMIN','3')")


@pytest.mark.parametrize(
    "old", [old if old in QUICK else pytest.param(old, marks=pytest.mark.long) for old in OLD]
)
def test_what_we_count_is_what_becomes_another_value(mariadb: MariaDB, old: str) -> None:
    with mariadb.new_database() as address, connect(address) as connection:
        fill(connection, old)
        wrong = {}
        for new in (one for one in NEW if (old, one) != ("FLOAT", "FLOAT(7,3)")):  # as double to double
            theirs, ours = changed(connection, old, new), counted(connection, new)
            if ours is not None and ours & theirs.taken != theirs.changed:
                wrong[new] = (ours & theirs.taken, theirs.changed)
            if theirs.changed and not is_told_by_lint(old, new):
                wrong[f"lint: {new}"] = (set(), theirs.changed)
            if lint_takes_all(old, new) and theirs.taken != set(OLD[old]):
                wrong[f"lint: {new} takes all"] = (set(OLD[old]), theirs.taken)
        assert wrong == {}


@pytest.mark.parametrize("collation", ["utf8mb4_bin", "utf8mb4_unicode_ci", "utf8mb4_nopad_bin"])
def test_blanks_that_are_cut_under_another_collation_are_counted(mariadb: MariaDB, collation: str) -> None:
    new = f"VARCHAR(3) COLLATE {collation}"
    with mariadb.new_database() as address, connect(address) as connection:
        run_sql(connection, "CREATE TABLE t (id VARCHAR(99) PRIMARY KEY, c VARCHAR(40)) CHARSET utf8mb4")
        run_sql(connection, "INSERT INTO t VALUES ('blank', 'AAA '), ('fits', 'AAA'), ('refused', 'AAAA')")
        theirs = changed(connection, "VARCHAR(40)", new)
        assert (theirs.taken, theirs.changed) == ({"blank", "fits"}, {"blank"})
        assert (counted(connection, new) or set()) & theirs.taken == {"blank"}


def is_told_by_lint(old: str, new: str) -> bool:
    """Other lists of the same kind have findings of their own, MY110 to MY123."""
    was, now = read_column(f"c {old}"), read_column(f"c {new}")
    are_lists = was.type == now.type and was.type in ("enum", "set")
    return are_lists or any(silent_codes(was, now, "utf8mb4"))


def lint_takes_all(old: str, new: str) -> bool:
    was, now = read_column(f"c {old}"), read_column(f"c {new}")
    return never_fails(was, now) or (fits(was, now, "utf8mb4") and was.type not in ("enum", "set"))


class Theirs:
    """The values that the server takes in strict mode, and of these the ones that are others afterwards."""

    def __init__(self, taken: set[str], changed: set[str]) -> None:
        self.taken, self.changed = taken, changed


def fill(connection, old: str) -> None:  # type: ignore[no-untyped-def]
    run_sql(connection, "SET sql_mode = ''")
    run_sql(
        connection,
        f"CREATE TABLE t (id VARCHAR(99) COLLATE utf8mb4_nopad_bin PRIMARY KEY, c {old}) CHARSET utf8mb4",
    )
    for value in OLD[old]:
        run_sql(connection, "INSERT INTO t VALUES (%s, %s)", (value, value))


def changed(connection, old: str, new: str) -> Theirs:  # type: ignore[no-untyped-def]
    """The whole table at once; value by value where the server does not say which one it refuses."""
    values = [row[0] for row in rows_of(connection, "SELECT id FROM t")]
    while True:
        run_sql(connection, "SET sql_mode = ''")
        run_sql(connection, "CREATE OR REPLACE TABLE one LIKE t")
        run_sql(connection, "INSERT INTO one SELECT * FROM t WHERE id IN %s", (values,))
        run_sql(connection, "CREATE OR REPLACE TABLE two AS SELECT id, c AS was FROM one")
        run_sql(connection, f"SET sql_mode = '{STRICT}'")
        try:
            with connection.cursor() as cursor:
                cursor.execute(f"ALTER TABLE one MODIFY c {new}")
            break
        except MySQLError as error:
            place = re.search(r"row (\d+)", str(error))
            if place is None:
                return one_by_one(connection, old, new, values)
            refused = rows_of(connection, f"SELECT id FROM one ORDER BY id LIMIT {int(place[1]) - 1}, 1")[0][
                0
            ]
            values.remove(refused)
            if not values:
                return Theirs(set(), set())
    run_sql(connection, "SET sql_mode = ''")
    after = dict(rows_of(connection, "SELECT id, CONCAT(c) FROM one"))
    run_sql(connection, f"ALTER TABLE one MODIFY c {the_way_back(old, new)}")
    same = "was <=> c" if NUMERIC.match(old.lower()) else "BINARY was <=> BINARY c"
    pairs = rows_of(connection, f"SELECT id, {same}, CONCAT(was), CONCAT(c) FROM one JOIN two USING (id)")
    return Theirs(set(values), {id for id, *pair in pairs if is_another(old, new, after[id], *pair)})


def the_way_back(old: str, new: str) -> str:
    """The old type, with room for what it would only cut off on the way back."""
    if old.startswith("DECIMAL"):
        return f"DECIMAL(65,{old.rstrip(')').partition(',')[2]})"
    if new.startswith(("FLOAT", "DOUBLE")) and "INT" not in old:
        return old
    if "INT" in old:
        return "DECIMAL(65,0)"
    return old.partition("(")[0] if old.startswith(("FLOAT", "DOUBLE")) else old


def one_by_one(connection, old: str, new: str, values: list[str]) -> Theirs:  # type: ignore[no-untyped-def]
    taken, others = set(), set()
    run_sql(connection, "RENAME TABLE t TO everything")
    for value in values:
        run_sql(connection, "SET sql_mode = ''")
        run_sql(connection, "CREATE OR REPLACE TABLE t LIKE everything")
        run_sql(connection, "INSERT INTO t SELECT * FROM everything WHERE id = %s", (value,))
        run_sql(connection, "CREATE OR REPLACE TABLE one LIKE t")
        run_sql(connection, "INSERT INTO one SELECT * FROM t")
        run_sql(connection, f"SET sql_mode = '{STRICT}'")
        try:
            with connection.cursor() as cursor:
                cursor.execute(f"ALTER TABLE one MODIFY c {new}")
        except MySQLError:
            continue
        found = changed(connection, old, new)
        taken |= found.taken
        others |= found.changed
    run_sql(connection, "DROP TABLE t")
    run_sql(connection, "RENAME TABLE everything TO t")
    return Theirs(taken, others)


def is_another(old: str, new: str, now: str, is_back: bool, was: str, again: str) -> bool:
    """A list's position is not its value; a number and a moment are compared as what they are."""
    if "latin1" in old and new.startswith(("VARBINARY", "BLOB")):
        return was.encode() != was.encode("latin1")  # whoever reads the bytes takes them for UTF-8
    if new.startswith("BINARY"):
        return len(now) > len(was) or (family(old) == "number" and not is_back)
    if (old, new) == ("DOUBLE", "DOUBLE(10,2)"):
        return float(now) != float(was)  # it stays the same on the disk, but nobody sees it any more
    families = {family(old), family(new)}
    if "list" in families and families <= {"list", "number"}:
        return set(was.split(",")) != set(now.split(",")) and not (
            "number" in families and was == now.partition(".")[0]
        )
    if len(families) == 2 and families <= {"number", "moment", "clock"}:
        return True
    if families == {"text", "number"} and family(new) == "number":
        return plain_number(was) != plain_number(again)
    if family(old) == "text" and family(new) in ("moment", "clock"):
        return plain_moment(was) != plain_moment(again)
    return not is_back


def family(kind: str) -> str:
    first = re.split(r"\W", kind)[0].lower()
    if NUMERIC.fullmatch(first):
        return "number"
    if first in ("date", "datetime", "timestamp"):
        return "moment"
    return {
        "time": "clock",
        "enum": "list",
        "set": "list",
        "varchar": "text",
        "char": "text",
        "text": "text",
    }.get(first, first)


def plain_number(text: str) -> str:
    return re.sub(r"[.]?0*$", "", text) if "." in text and text[-1] != "." else text


def plain_moment(text: str) -> str:
    text = re.sub(r"([.]\d*?)0*$", r"\1", text).rstrip(".").replace("T", " ")
    return text.removesuffix(" 00:00:00")


def counted(connection, new: str) -> set[str] | None:  # type: ignore[no-untyped-def]
    run_sql(connection, "SET sql_mode = ''")
    run_sql(connection, f"CREATE OR REPLACE TABLE new (c {new}) CHARSET utf8mb4")
    columns = read_shape(connection).columns
    found = conversion(
        columns["t"]["c"], columns["new"]["c"], "`c`", Modes(True, False, False, True, True, True)
    )
    if found.doubtful:
        return None
    return {row[0] for row in rows_of(connection, f"SELECT id FROM t WHERE {found.bad or 'FALSE'}")}
