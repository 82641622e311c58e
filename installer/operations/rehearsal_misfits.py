"""Which values of a column do not fit into the type it shall get, as a condition in SQL.

Source: seen on MariaDB 10.11 and 11.8 for each pair of types (`test_rehearsal_misfits.py`). Strict mode only:
without it the server changes such values silently.
"""

import re
from dataclasses import dataclass

from installer.operations.rehearsal_shape import Column

INTEGERS = {"tinyint": 8, "smallint": 16, "mediumint": 24, "int": 32, "bigint": 64}
FLOATS = ("float", "double")
SHORT_TEXTS, LONG_TEXTS = ("char", "varchar"), ("tinytext", "text", "mediumtext", "longtext")
TEXTS = (*SHORT_TEXTS, *LONG_TEXTS)
BYTES = ("binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob")
DATES = ("date", "datetime", "timestamp")
WORDY = ("uuid", "inet4", "inet6")  # what CAST turns into NULL does not fit
LARGEST_FLOAT = "3.4028234663852886e38"
BLANKS = r"[ \t-\r]*"  # SQL's own escapes: the server takes these for blanks
WHOLE_NUMBER = f"'^{BLANKS}[-+]?[0-9]+{BLANKS}$'"
NUMBER = f"'^{BLANKS}[-+]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][-+]?[0-9]+)?{BLANKS}$'"
DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
MOMENT = f"{DAY}[ T][0-9]{{2}}:[0-9]{{2}}:[0-9]{{2}}([.][0-9]{{1,6}})?"
VALUE = re.compile(r"'((?:[^']|'')*)'")


@dataclass(frozen=True)
class Modes:
    """What a session forbids."""

    is_strict: bool
    no_zero_date: bool
    no_zero_in_date: bool
    checks_foreign_keys: bool
    checks_constraints: bool
    is_utc: bool


@dataclass(frozen=True)
class Misfit:
    """`bad` is true for a value that does not fit, empty where all do. `doubtful`: it is not known."""

    bad: str = ""
    doubtful: str = ""


FITS = Misfit()
UNKNOWN = Misfit(doubtful="TRUE")


def misfit(old: Column, new: Column, value: str, modes: Modes) -> Misfit:
    """What of `value`, the SQL for the old column, does not fit into the new one; NULL never counts."""
    if (old.type, old.collation) == (new.type, new.collation):
        return FITS
    if new.kind in INTEGERS:
        return _into_integer(old, new, value)
    if new.kind == "decimal":
        return _into_decimal(old, new, value)
    if new.kind in FLOATS:
        return _into_float(old, new, value)
    if new.kind in TEXTS:
        return _into_text(old, new, value)
    if new.kind in BYTES and old.kind in (*BYTES, *TEXTS):
        return Misfit(f"OCTET_LENGTH({value}) > {new.octets}") if _octets(old) > _octets(new) else FITS
    if new.kind in ("enum", "set"):
        return _into_choice(old, new, value)
    if new.kind in DATES:
        return _into_date(old, new, value, modes)
    if new.kind in WORDY and old.kind in TEXTS:
        return Misfit(f"{value} IS NOT NULL AND CAST({value} AS {new.kind}) IS NULL")
    return UNKNOWN


def _into_integer(old: Column, new: Column, value: str) -> Misfit:
    low, high = _range(new)
    if old.kind in INTEGERS:
        narrows = _range(old)[0] < low or _range(old)[1] > high
        return Misfit(_outside(value, low, high)) if narrows else FITS
    if old.kind == "decimal":
        negative = f"{value} < 0 OR " if new.is_unsigned else ""
        return Misfit(negative + _outside(f"ROUND({value})", low, high))
    if old.kind in FLOATS and new.kind != "bigint":
        return Misfit(_outside(f"ROUND({value})", low, high))
    if old.kind in TEXTS:
        number = f"CAST({value} AS DECIMAL(65,0))"
        return Misfit(f"{value} NOT REGEXP {WHOLE_NUMBER} OR {_outside(number, low, high)}")
    return UNKNOWN


def _into_decimal(old: Column, new: Column, value: str) -> Misfit:
    digits, scale = new.precision or 0, new.scale or 0
    most = (
        "9" * (digits - scale) + ("." + "9" * scale if scale else "")
        if digits > scale
        else f"0.{'9' * scale}"
    )
    number = value if old.kind in (*INTEGERS, "decimal") else f"CAST({value} AS DECIMAL(65,30))"
    negative = f"{number} < 0 OR " if new.is_unsigned else ""
    outside = negative + f"ROUND({number}, {scale}) NOT BETWEEN -{most} AND {most}"
    if old.kind in (*INTEGERS, "decimal", *FLOATS):
        return Misfit(outside)
    if old.kind in TEXTS:
        return Misfit(f"{value} NOT REGEXP {NUMBER} OR {outside}")
    return UNKNOWN


def _into_float(old: Column, new: Column, value: str) -> Misfit:
    if "(" in new.type:
        return UNKNOWN
    too_large = f"ABS({value}) > {LARGEST_FLOAT}" if (old.kind, new.kind) == ("double", "float") else ""
    negative = f"{value} < 0" if new.is_unsigned and not old.is_unsigned else ""
    if old.kind in (*INTEGERS, "decimal", *FLOATS):
        return Misfit(" OR ".join(filter(None, (too_large, negative))))
    if old.kind in TEXTS and new.kind == "double" and not negative:
        huge = f"{value} REGEXP '[eE][-+]?[0-9]{{3}}' OR CHAR_LENGTH({value}) > 300"
        return Misfit(f"{value} NOT REGEXP {NUMBER}", huge)
    return UNKNOWN


def _into_text(old: Column, new: Column, value: str) -> Misfit:
    if old.kind not in (*TEXTS, "enum", "set", *INTEGERS, "decimal"):
        return UNKNOWN
    bad = [_too_long(old, new, value)]
    if old.charset and old.charset != new.charset and new.charset != "utf8mb4":
        there_and_back = f"CONVERT(CONVERT({value} USING {new.charset}) USING {old.charset})"
        bad.append(f"BINARY {there_and_back} <> BINARY {value}")
    return Misfit(" OR ".join(filter(None, bad)))


def _too_long(old: Column, new: Column, value: str) -> str:
    """The server forgives blanks that are cut off, except between two VARCHAR of the same character set."""
    is_kept = (old.kind, new.kind) == ("varchar", "varchar") and old.charset == new.charset
    kept = value if is_kept else f"RTRIM({value})"
    if new.kind in SHORT_TEXTS:
        fits = old.charset and old.kind in SHORT_TEXTS and (old.characters or 0) <= (new.characters or 0)
        return "" if fits else f"CHAR_LENGTH({kept}) > {new.characters}"
    widest = 4 * (old.characters or 0) if old.kind in (*SHORT_TEXTS, "enum", "set") else 4 * _octets(old)
    if widest <= _octets(new) or (old.charset == new.charset and _octets(old) <= _octets(new)):
        return ""
    return f"OCTET_LENGTH(CONVERT({kept} USING {new.charset})) > {new.octets}"


def _into_choice(old: Column, new: Column, value: str) -> Misfit:
    """A text of digits may be taken for the number of a choice."""
    choices, offered = choices_of(old), choices_of(new)
    if (new.kind, old.kind) == ("set", "set"):
        gone = [choice for choice in choices if choice.lower() not in {one.lower() for one in offered}]
        is_clear = not any(choice.isdigit() for choice in gone)
        return (
            Misfit(" OR ".join(f"FIND_IN_SET({_text(one)}, {value})" for one in gone))
            if is_clear
            else UNKNOWN
        )
    if new.kind == "set" or old.kind not in ("enum", *TEXTS):
        return UNKNOWN
    text = f"CONVERT({value} USING {new.charset}) COLLATE {new.collation}"
    foreign = f"{text} NOT IN ({', '.join(map(_text, offered))})"
    if old.kind == "enum":
        foreign = f"{value} + 0 <> 0 AND {foreign}"
    return Misfit(foreign, f"{foreign} AND {value} REGEXP '^{BLANKS}[0-9]'")


def _into_date(old: Column, new: Column, value: str, modes: Modes) -> Misfit:
    if old.kind in TEXTS and new.kind in ("date", "datetime"):
        return _text_into_date(value)
    if old.kind not in DATES:
        return UNKNOWN
    bad = [f"{value} = 0"] if modes.no_zero_date else []
    if modes.no_zero_in_date:
        bad.append(f"({value} <> 0 AND (MONTH({value}) = 0 OR DAYOFMONTH({value}) = 0))")
    if new.kind == "timestamp" and old.kind != "timestamp":
        if not modes.is_utc:
            return UNKNOWN
        bad.append(f"({value} <> 0 AND COALESCE(UNIX_TIMESTAMP({value}), 0) <= 0)")
    return Misfit(" OR ".join(bad))


def _text_into_date(value: str) -> Misfit:
    moment = f"CAST({value} AS DATETIME)"
    clear = f"{value} REGEXP '^({DAY}|{MOMENT})$'"
    zoned = f"{value} REGEXP '^{MOMENT}(Z|[-+][0-9]{{2}}:?[0-9]{{2}})$'"
    bad = f"({value} IS NOT NULL AND {moment} IS NULL) OR {zoned}"
    return Misfit(bad, f"{moment} IS NOT NULL AND NOT {clear} AND NOT {zoned}")


def choices_of(column: Column) -> tuple[str, ...]:
    """The values of an ENUM or SET."""
    return tuple(choice.replace("''", "'") for choice in VALUE.findall(column.type))


def _range(column: Column) -> tuple[int, int]:
    bits = INTEGERS[column.kind]
    return (0, 2**bits - 1) if column.is_unsigned else (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)


def _outside(value: str, low: int, high: int) -> str:
    return f"{value} NOT BETWEEN {low} AND {high}"


def _octets(column: Column) -> int:
    return column.octets or 0


def _text(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'"
