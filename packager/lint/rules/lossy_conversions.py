"""Finds conversions that change values without an error, also in strict mode, and those that never fail.

Source: every pair of types, tried on MariaDB 10.11 and 11.8 (`tests/mariadb/losses/test_conversions.py`).
"""

from collections.abc import Iterator

from packager.lint.history.tables import Column
from packager.lint.rules.types import (
    BLOB_BYTES,
    CHARACTER_BYTES,
    INTEGERS,
    ONE_BYTE_LENGTH,
    TEXT_BYTES,
    is_same_type,
)

FLOATS = ("float", "double")
NUMBERS = (*INTEGERS, "decimal", *FLOATS)
TEXTS = ("char", "varchar", *TEXT_BYTES)
BYTES = ("binary", "varbinary", *BLOB_BYTES)
MOMENTS = ("datetime", "timestamp")
TIMED = (*MOMENTS, "date", "time", "year")
LISTS = ("enum", "set")
UNICODE = (None, "ascii", "utf8", "utf8mb3", "utf8mb4")  # readable by programs without a conversion
DIGITS = {"tinyint": 3, "smallint": 5, "mediumint": 8, "int": 10, "bigint": 20}
EXACT_BITS = {"tinyint": 8, "smallint": 16, "mediumint": 24, "int": 32, "bigint": 64}
EXACT_IN = {"float": 24, "double": 53}
EXACT_DIGITS = {"float": 6, "double": 15}


def silent_codes(was: Column, now: Column, charset: str | None) -> Iterator[str]:
    """Yields the codes for what happens to accepted values; `charset` is the table's."""
    if was.is_nullable and not now.is_nullable and now.type == "timestamp":
        yield "AL153"
    if is_same_type(was, now, charset):
        return
    if was.type in NUMBERS and now.type in NUMBERS:
        yield from ["AL150"] * _rounds(was, now)
    elif was.type in TIMED and now.type in TIMED:
        yield from ["AL151"] * _cuts_time(was, now)
    elif {was.type, now.type} & {*LISTS} and {was.type, now.type} & {*NUMBERS, "year"}:
        yield "AL152"
    elif was.type in (*TEXTS, *BYTES) and now.type in (*TEXTS, *BYTES):
        yield from _of_texts(was, now, charset)
    elif was.type == "float" and now.type in (*TEXTS, *BYTES):
        yield "AL150"  # written with six digits
    elif _is_other_kind(was, now):
        yield "AL156"
    elif now.type == "binary":
        yield "AL155"


def never_fails(was: Column, now: Column) -> bool:
    """Returns whether the server accepts every value, changed or not; False if that is not certain."""
    if now.is_unsigned and not was.is_unsigned:
        return False
    if was.type == "decimal" and now.type == "decimal":
        return _whole_digits(now) > _whole_digits(was)  # rounding up can need one more digit
    if was.type == "decimal" and now.type in INTEGERS:
        return _whole_digits(was) < DIGITS[now.type] - 1
    if was.type in INTEGERS and now.type == "decimal":
        return _whole_digits(now) >= DIGITS[was.type]
    if was.type in (*INTEGERS, "decimal", "float") and now.type in FLOATS:
        return not now.size
    if was.type in MOMENTS and now.type in (*MOMENTS, "date", "time"):
        return not (was.type == "datetime" and now.type == "timestamp")
    if was.type == "date" and now.type in ("datetime", "time"):
        return True
    if was.type == "time" and now.type in ("time", "date", "datetime", "timestamp"):
        return True
    if was.type == "enum" and now.type in (*INTEGERS, *FLOATS):
        return now.type != "tinyint"
    return _keeps_length(was, now)


def _rounds(was: Column, now: Column) -> bool:
    if was.type in INTEGERS:
        return now.type in FLOATS and EXACT_BITS[was.type] > EXACT_IN[now.type]
    if was.type == "decimal":
        digits = (was.size or (10,))[0]
        return digits > EXACT_DIGITS[now.type] if now.type in FLOATS else _scale(now) < _scale(was)
    narrows = (was.type, now.type) == ("double", "float")
    return narrows or now.type not in FLOATS or (bool(now.size) and was.size != now.size)


def _cuts_time(was: Column, now: Column) -> bool:
    if "year" in (was.type, now.type):
        return now.type == "time"  # fails otherwise
    if (was.type == "time") != (now.type == "time"):
        return True
    if now.type == "date":
        return was.type != "date"
    return was.type != "date" and _fraction(now) < _fraction(was)


def _of_texts(was: Column, now: Column, charset: str | None) -> Iterator[str]:
    if now.type == "binary" and not (was.type == "binary" and was.size == now.size):
        yield "AL155"
    if now.type == "char" and was.type != "char":
        yield "AL154"
    if now.type == "varchar" and was.type in TEXTS and _forgives_blanks(was, now, charset):
        yield "AL154"
    width = CHARACTER_BYTES.get(was.charset or charset or "", 4)
    if now.type in TEXT_BYTES and was.type in TEXTS:
        longest = TEXT_BYTES.get(was.type, (was.size or (1,))[0] * width)
        yield from ["AL154"] * (longest > TEXT_BYTES[now.type])
    if now.type in BYTES and was.type in TEXTS and (was.charset or charset) not in UNICODE:
        yield "AL156"


def _forgives_blanks(was: Column, now: Column, charset: str | None) -> bool:
    """Returns whether a text gets shorter, except between two VARCHAR on the same side of 255 bytes."""
    if was.type in TEXT_BYTES:
        return True
    width = CHARACTER_BYTES.get(was.charset or charset or "", 4)
    before, after = (was.size or (1,))[0], (now.size or (1,))[0]
    crosses = after * width <= ONE_BYTE_LENGTH < before * width
    return was.type == "varchar" and after < before and crosses


def _is_other_kind(was: Column, now: Column) -> bool:
    """Returns whether texts are read as numbers or dates, or numbers and dates as each other."""
    if was.type in (*TEXTS, *BYTES):
        return now.type in (*NUMBERS, *TIMED, *LISTS, "bit")
    if was.type in LISTS:
        return now.type in (*TIMED, *LISTS) and now.type != was.type
    if was.type == "bit":
        return now.type not in ("bit", *INTEGERS)
    if was.type in NUMBERS:
        return now.type in TIMED or (now.type == "bit" and was.type not in INTEGERS)
    return was.type in TIMED and was.type != "year" and now.type in (*NUMBERS, "bit")


def _keeps_length(was: Column, now: Column) -> bool:
    short = ("char", "varchar")
    if was.type in short and now.type in short:
        return was.charset == now.charset and (was.size or (1,))[0] <= (now.size or (1,))[0]
    short = ("binary", "varbinary")
    return was.type in short and now.type in short and (was.size or (1,))[0] <= (now.size or (1,))[0]


def _whole_digits(column: Column) -> int:
    digits, scale = (*column.size, 0, 0)[:2] if column.size else (10, 0)
    return digits - scale


def _scale(column: Column) -> int:
    return column.size[1] if len(column.size) > 1 else 0


def _fraction(column: Column) -> int:
    return column.size[0] if column.size else 0
