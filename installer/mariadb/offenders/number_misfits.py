"""Finds values that do not fit a number type, as a condition in SQL."""

from installer.mariadb.offenders.columns_and_constraints import Column
from installer.mariadb.offenders.type_families import BLANKS, FITS, FLOATS, INTEGERS, TEXTS, UNKNOWN, Misfit

LARGEST_FLOAT = "3.4028234663852886e38"
WHOLE_NUMBER = f"'^{BLANKS}[-+]?[0-9]+{BLANKS}$'"
NUMBER = f"'^{BLANKS}[-+]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][-+]?[0-9]+)?{BLANKS}$'"


def into_integer(old: Column, new: Column, value: str) -> Misfit:
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


def into_decimal(old: Column, new: Column, value: str) -> Misfit:
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


def into_float(old: Column, new: Column, value: str) -> Misfit:
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


def _range(column: Column) -> tuple[int, int]:
    bits = INTEGERS[column.kind]
    return (0, 2**bits - 1) if column.is_unsigned else (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)


def _outside(value: str, low: int, high: int) -> str:
    return f"{value} NOT BETWEEN {low} AND {high}"
