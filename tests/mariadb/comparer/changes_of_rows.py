"""Changes of values and rows, in every type of column and every kind of table."""

from collections.abc import Iterator
from dataclasses import dataclass

from tests.mariadb.comparer.change import Change


@dataclass(frozen=True)
class Value:
    """A column of a `type`, whose value `before` becomes `after`, both as SQL."""

    type: str
    before: str
    after: str


COLUMNS = (
    Value("TINYINT", "1", "2"), Value("SMALLINT", "1", "2"), Value("MEDIUMINT", "1", "2"),
    Value("INT", "1", "2"), Value("BIGINT UNSIGNED", "18446744073709551615", "18446744073709551614"),
    Value("DECIMAL(30,10)", "12345678901234567890.0000000001", "12345678901234567890.0000000002"),
    Value("DOUBLE", "0.1", "0.10000000000000002"), Value("BIT(9)", "0", "256"),
    Value("CHAR(8)", "'a'", "'A'"), Value("VARCHAR(8)", "'a'", "'a '"), Value("VARCHAR(8)", "NULL", "''"),
    Value("VARCHAR(8)", "_utf8mb4 X'C3A9'", "_utf8mb4 X'65CC81'"),
    Value("VARCHAR(300)", "REPEAT('a', 300)", "CONCAT(REPEAT('a', 299), 'b')"),
    Value("TINYTEXT", "'😀'", "'😁'"), Value("TEXT", "'a\\nb'", "'a\\r\\nb'"),
    Value("MEDIUMTEXT", "'a'", "'á'"),
    Value("LONGTEXT", "REPEAT('a', 99999)", "CONCAT(REPEAT('a', 99998), 'b')"),
    Value("BINARY(4)", "X'00'", "X'0001'"), Value("VARBINARY(4)", "X'00'", "X''"),
    Value("TINYBLOB", "X'00'", "X'01'"),
    Value("BLOB", "X'0A'", "X'0D0A'"), Value("MEDIUMBLOB", "NULL", "X''"),
    Value("LONGBLOB", "X'FF'", "X'FE'"),
    Value("ENUM('a','b')", "'a'", "'b'"), Value("SET('a','b')", "'a'", "'a,b'"),
    Value("JSON", "'{\"a\": 1}'", "'{\"a\":1}'"), Value("DATE", "'2026-01-01'", "'2026-01-02'"),
    Value("DATE", "NULL", "'0000-00-00'"), Value("TIME(6)", "'01:00:00.000001'", "'01:00:00.000002'"),
    Value("DATETIME(6)", "'2026-01-01 00:00:00.000001'", "'2026-01-01 00:00:00.000002'"),
    Value("TIMESTAMP(6) NULL", "'2026-01-01 00:00:00.000001'", "'2026-01-01 00:00:00.000002'"),
    Value("TIMESTAMP NULL", "NULL", "'0000-00-00 00:00:00'"), Value("YEAR", "2026", "2027"),
    Value("UUID", "'123e4567-e89b-12d3-a456-426655440000'", "'123e4567-e89b-12d3-a456-426655440001'"),
    Value("INET4", "'10.0.0.1'", "'10.0.0.2'"), Value("INET6", "'::1'", "'::2'"),
    Value("POINT", "POINT(1, 2)", "POINT(1, 3)"),
    Value("GEOMETRY", "ST_GeomFromText('LINESTRING(0 0, 1 1)')", "ST_GeomFromText('LINESTRING(0 0, 1 2)')"),
)  # fmt: skip
WAYS = {"plain": "", "computed": ", twice BIGINT AS (id * 2) VIRTUAL"}  # by the server, and by a query


def _values() -> Iterator[Change]:
    for way, column in WAYS.items():
        for number, value in enumerate(COLUMNS):
            table = f"v_{way}_{number}"
            yield Change("tables", f"{value.type} {way} {number}",
                         f"CREATE TABLE {table} (id INT, v {value.type}{column});"
                         f"INSERT INTO {table} (id, v) VALUES (1, {value.before}), (2, {value.before})",
                         f"UPDATE {table} SET v = {value.after} WHERE id = 2",
                         (f"{table}: values in its rows differ",))  # fmt: skip


INSERT = "INSERT INTO {0} (id, v) VALUES (1, 'a'), (2, 'b'), (3, 'c')"
FORMS = {
    "plain": "id INT, v VARCHAR(9))",
    "computed": "id INT, v VARCHAR(9), w INT AS (id) STORED)",
    "versioned": "id INT, v VARCHAR(9)) WITH SYSTEM VERSIONING",
    "myisam": "id INT, v VARCHAR(9)) ENGINE=MyISAM",
    "aria": "id INT, v VARCHAR(9)) ENGINE=Aria",
    "parted": "id INT, v VARCHAR(9)) PARTITION BY HASH (id) PARTITIONS 2",
}


def _rows() -> Iterator[Change]:
    differ, more = ("{0}: values in its rows differ",), ("{0}: 4 rows instead of 3",)
    changes = {
        "added": ("INSERT INTO {0} (id, v) VALUES (4, 'd')", more),
        "removed": ("DELETE FROM {0} WHERE id = 3", ("{0}: 2 rows instead of 3",)),
        "doubled": ("INSERT INTO {0} (id, v) SELECT id, v FROM {0} WHERE id = 1", more),
        "replaced": ("DELETE FROM {0} WHERE id = 3; INSERT INTO {0} (id, v) VALUES (4, 'c')", differ),
        "swapped": ("UPDATE {0} SET v = IF(id = 1, 'b', 'a') WHERE id < 3", differ),
    }
    for form, columns in FORMS.items():
        for what, (change, lines) in changes.items():
            table = f"r_{form}_{what}"
            yield Change("tables", f"row {what} {form}",
                         f"CREATE TABLE {table} ({columns}; {INSERT.format(table)}",
                         change.format(table), tuple(line.format(table) for line in lines))  # fmt: skip


HISTORY = Change(
    "tables",
    "earlier values of rows",
    f"CREATE TABLE r_history ({FORMS['versioned']}; {INSERT.format('r_history')};"
    "UPDATE r_history SET v = 'z'",
    "DELETE HISTORY FROM r_history",
    ("r_history: values in its rows differ",),
)
VALUES, ROWS = tuple(_values()), (*_rows(), HISTORY)
