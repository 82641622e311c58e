"""Families of column types, and what can be said of values that go from one into another."""

from dataclasses import dataclass

INTEGERS = {"tinyint": 8, "smallint": 16, "mediumint": 24, "int": 32, "bigint": 64}  # bits
FLOATS = ("float", "double")
SHORT_TEXTS, LONG_TEXTS = ("char", "varchar"), ("tinytext", "text", "mediumtext", "longtext")
TEXTS = (*SHORT_TEXTS, *LONG_TEXTS)
BYTES = ("binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob")
DATES = ("date", "datetime", "timestamp")
BLANKS = r"[ \t-\r]*"  # for REGEXP: what the server takes for blanks around a number


@dataclass(frozen=True)
class Misfit:
    """`bad` is true for a value that does not fit, empty where all do. `doubtful`: it is not known."""

    bad: str = ""
    doubtful: str = ""


FITS = Misfit()
UNKNOWN = Misfit(doubtful="TRUE")
