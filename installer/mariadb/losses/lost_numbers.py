"""Numbers that become other numbers, and texts that are more than the number they are read as."""

from installer.mariadb.offenders.shape import Column
from installer.mariadb.offenders.type_families import FITS, FLOATS, INTEGERS, UNKNOWN, Misfit

WHOLE = "-?(0|[1-9][0-9]*)"


def among_numbers(old: Column, new: Column, value: str) -> Misfit:
    """A number that is another one on the way back."""
    if old.kind in INTEGERS and new.kind in (*INTEGERS, "decimal"):
        return FITS
    if old.kind == "decimal" and new.kind == "decimal" and (new.scale or 0) >= (old.scale or 0):
        return FITS
    if (old.kind, new.kind) == ("float", "double") and not _is_bounded(new):
        return FITS
    return Misfit(f"{_back(old, _as(new, value))} <> {value}")


def _back(old: Column, number: str) -> str:
    """A number with the old column's places, not cut off at its largest value: 99.99 becomes 100.0."""
    if old.kind in FLOATS:
        return _as(old, number)
    return f"CAST({number} AS DECIMAL(65,{old.scale or 0}))"


def into_number(new: Column, value: str) -> Misfit:
    """A text that is not written as the number itself is: `007`, ` 7`, `1e3`."""
    if new.kind == "year":
        return Misfit(f"{value} NOT REGEXP '^[0-9]{{4}}$'")
    if new.kind in INTEGERS:
        return Misfit(f"{value} NOT REGEXP '^(0|-?[1-9][0-9]*)$'")
    if _is_bounded(new) or new.kind == "float":
        return UNKNOWN
    plain = f"{value} REGEXP '^{WHOLE}([.][0-9]+)?$'"
    exact = f"CAST({value} AS DECIMAL(65,30))"
    return Misfit(f"NOT ({plain}) OR CAST({_as(new, exact)} AS DECIMAL(65,30)) <> {exact}")


def _as(column: Column, number: str) -> str:
    """A number as the column would hold it."""
    if column.kind in INTEGERS:
        return f"CAST(ROUND({number}) AS {'UNSIGNED' if column.is_unsigned else 'SIGNED'})"
    if column.kind == "decimal":
        return f"CAST({number} AS DECIMAL({column.precision},{column.scale}))"
    rounded = f"ROUND({number}, {column.scale})" if _is_bounded(column) else number
    return f"CAST({rounded} AS {column.kind.upper()})"


def _is_bounded(column: Column) -> bool:
    """Whether it is a FLOAT or DOUBLE with a number of digits."""
    return column.kind in FLOATS and "(" in column.type
