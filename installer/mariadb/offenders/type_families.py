"""Defines families of column types, and the verdict on values that are converted between types."""

from dataclasses import dataclass

INTEGERS = {"tinyint": 8, "smallint": 16, "mediumint": 24, "int": 32, "bigint": 64}  # bits
FLOATS = ("float", "double")
SHORT_TEXTS, LONG_TEXTS = ("char", "varchar"), ("tinytext", "text", "mediumtext", "longtext")
TEXTS = (*SHORT_TEXTS, *LONG_TEXTS)
BYTES = ("binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob")
DATES = ("date", "datetime", "timestamp")
BLANKS = r"[ \t-\r]*"  # for REGEXP: the characters that the server ignores around a number


@dataclass(frozen=True)
class Misfit:
    """Holds the verdict: `bad` is true for a value that does not fit, `doubtful` where it is not known.

    An empty `bad` means that all values fit.
    """

    bad: str = ""
    doubtful: str = ""


FITS = Misfit()
UNKNOWN = Misfit(doubtful="TRUE")
