"""Finds numbers that change in a new type, and texts that a number does not preserve."""

from installer.mariadb.offenders.columns_and_constraints import Column
from installer.mariadb.offenders.type_families import FITS, FLOATS, INTEGERS, UNKNOWN, Misfit

WHOLE = "-?(0|[1-9][0-9]*)"


def among_numbers(old: Column, new: Column, value: str) -> Misfit:
    """Returns the condition for a number that differs after conversion to the new type and back."""
    if old.kind in INTEGERS and new.kind in (*INTEGERS, "decimal"):
        return FITS
    if old.kind == "decimal" and new.kind == "decimal" and (new.scale or 0) >= (old.scale or 0):
        return FITS
    if (old.kind, new.kind) == ("float", "double") and not _is_bounded(new):
        return FITS
    return Misfit(f"{_back(old, _as(new, value))} <> {value}")


def _back(old: Column, number: str) -> str:
    """Converts a number to the old column's scale without its maximum, so that 99.99 becomes 100.0."""
    if old.kind in FLOATS:
        return _as(old, number)
    return f"CAST({number} AS DECIMAL(65,{old.scale or 0}))"


def into_number(new: Column, value: str) -> Misfit:
    """Returns the condition for a text that differs from its number as written: `007`, ` 7`, `1e3`."""
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
    """Returns the SQL for a number as the column would hold it."""
    if column.kind in INTEGERS:
        return f"CAST(ROUND({number}) AS {'UNSIGNED' if column.is_unsigned else 'SIGNED'})"
    if column.kind == "decimal":
        return f"CAST({number} AS DECIMAL({column.precision},{column.scale}))"
    rounded = f"ROUND({number}, {column.scale})" if _is_bounded(column) else number
    return f"CAST({rounded} AS {column.kind.upper()})"


def _is_bounded(column: Column) -> bool:
    """Returns whether the column is a FLOAT or DOUBLE with a number of digits."""
    return column.kind in FLOATS and "(" in column.type
