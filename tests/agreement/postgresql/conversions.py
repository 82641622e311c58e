"""Every change of a column's type into every other one, and values of which some do not fit."""

from collections.abc import Iterator
from dataclasses import dataclass

LONG = "a label of many characters"
SCHEMA = (
    f"CREATE TYPE mood AS ENUM ('sad', 'ok', '5', '{LONG}'); CREATE TYPE other AS ENUM ('sad', '{LONG}');\n"
)
VALUES: dict[str, tuple[str | None, ...]] = {
    "smallint": ("-32768", "32767", "0", "1", "5", None),
    "integer": ("-2147483648", "2147483647", "0", "1", "5", "16777217", None),
    "bigint": ("-9223372036854775808", "9223372036854775807", "9007199254740993", "0", "1", "5", None),
    "numeric": ("1e400", "1e40", "2.505", "-0.005", "2.5", "NaN", "9223372036854775808", "0", "1", "5",
        "99999.999", None),
    "numeric(6,2)": ("9999.99", "-0.01", "2.50", "NaN", "0", "1", "5", None),
    "real": ("3e38", "0.1", "0.123456", "-1.2345679e-38", "-0.5", "NaN", "Infinity", "0", "1", "5",
        "16777216", None),
    "double precision": ("1e300", "0.1", "0.30000000000000004", "-1.7976931348623157e+308", "-0.5", "NaN",
        "-Infinity", "0", "1", "5", "1e10", None),
    "money": ("92233720368547758.07", "-0.01", "0", "5", None),
    "boolean": ("t", "f", None),
    "char(5)": ("ab", "a\\b", "12345", "", "5", "f", "sad", None),
    "varchar(5)": ("ab", "a\\b", "ab ", "12345", "", "5", "f", "sad", None),
    "varchar(20)": ("a\\b", "long enough to fail", "ab" + " " * 18, "5", "2026-01-01", "", "ok", None),
    "text": ("a\\b", "x" * 30, "ab" + " " * 30, "5", " 5", "5.5", "2026-01-01 10:00:00.5", "[1]", "sad",
        "", None),
    "date": ("infinity", "4713-01-01 BC", "2026-02-28", "294276-12-31", None),
    "timestamp(3)": ("infinity", "2026-01-01 10:00:00.567", "2026-01-01", None),
    "timestamp": ("-infinity", "2026-01-01 10:00:00.567891", "2026-01-01", None),
    "timestamptz": ("infinity", "2026-01-01 10:00:00.567891+00", "2026-01-01 15:00:00+00", None),
    "time": ("10:00:00.567891", "00:00", None),
    "interval": ("1 mon -3 days", "177 years 11 mons -3 days", "36:00:00.567891", "5 min", None),
    "uuid": ("00112233-4455-6677-8899-aabbccddeeff", None),
    "json": ('{"b":  1, "a": 1, "a": 2}', '"\\u0000"', "5", "null", None),
    "jsonb": ('"long enough to fail there"', '{"b": 1.50}', "5", "null", "[]", None),
    "bytea": ("\\x00ff", f"\\x{'00' * 20}", "\\x61", "\\x", None),
    "inet": ("2001:db8::ff00:42:8329/64", "10.0.0.5/8", "10.0.0.0/8", "::1", None),
    "cidr": ("2001:db8:1:2:3:4::/96", "10.0.0.0/8", "::1/128", None),
    "bit(3)": ("101", "000", None),
    "varbit": ("", "1" * 30, "10101", "101", None),
    "mood": (LONG, "sad", "ok", "5", None),
    "other": (LONG, "sad", None),
    "integer[]": ("{1,2147483647}", "{1,2147483647,2147483647}", "{}", "{NULL}", None),
    "smallint[]": ("{1,2}", "{12345,12345,12345,12345}", "{}", None),
    "text[]": ("{a,NULL}", "{long enough to fail there}", "{5}", "{}", None),
    "varchar(3)[]": ("{abc,NULL}", "{abc,abc,abc,abc,abc,abc}", "{5}", "{}", None),
}  # fmt: skip
TABLE = "CREATE TABLE c (id int PRIMARY KEY, v {type});"


@dataclass(frozen=True)
class Conversion:
    """One statement, and the types of the column before and after it."""

    old: str
    new: str
    is_named: bool

    @property
    def sql(self) -> str:
        """The statement, with or without a cast that it names."""
        using = f" USING v::{self.new}" if self.is_named else ""
        return f"ALTER TABLE c ALTER v TYPE {self.new}{using}"


def conversions(old: str) -> Iterator[Conversion]:
    """Every change of this type."""
    for new in VALUES:
        if new != old:
            yield Conversion(old, new, is_named=False)
            yield Conversion(old, new, is_named=True)
