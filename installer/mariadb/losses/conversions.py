"""Finds the values of a column that change without an error in the new type, as a condition in SQL.

A value changes if the old type would not get it back. Numbers are compared as numbers, moments as moments.
Source: seen on MariaDB 10.11 and 11.8 for each pair of types (`test_conversions.py`).
"""

from collections.abc import Iterable

from installer.mariadb.losses.lost_numbers import among_numbers, into_number
from installer.mariadb.losses.lost_texts import among_texts, into_choice
from installer.mariadb.losses.lost_times import among_times, text_into_time
from installer.mariadb.offenders.columns_and_constraints import Column
from installer.mariadb.offenders.misfits import WORDY, misfit
from installer.mariadb.offenders.sql_modes import Modes
from installer.mariadb.offenders.type_families import BYTES, FITS, FLOATS, INTEGERS, TEXTS, UNKNOWN, Misfit

NUMBERS = (*INTEGERS, "decimal", *FLOATS)
TIMES = ("date", "datetime", "timestamp", "time")
CHOICES = ("enum", "set")


def conversion(old: Column, new: Column, value: str, modes: Modes) -> Misfit:
    """Returns which of `value`, the SQL for the old column, becomes another value in the new column."""
    found = [_of_null(old, new, value, modes), _of_type(old, new, value, modes)]
    if not modes.is_strict:
        found.append(misfit(old, new, value, modes))
    return Misfit(_either(one.bad for one in found), _either(one.doubtful for one in found))


def _either(conditions: Iterable[str]) -> str:
    return " OR ".join(filter(None, conditions))


def _of_null(old: Column, new: Column, value: str, modes: Modes) -> Misfit:
    if new.is_counter and not old.is_counter:
        return Misfit(f"{value} IS NULL" + (f" OR {value} = 0" if modes.counts_zero else ""))
    is_filled = new.kind == "timestamp" or not modes.is_strict
    if old.is_nullable and not new.is_nullable and is_filled:
        return Misfit(f"{value} IS NULL")
    return FITS


def _of_type(old: Column, new: Column, value: str, modes: Modes) -> Misfit:
    if (old.type, old.charset) == (new.type, new.charset):
        return FITS
    kinds = {old.kind, new.kind}
    if new.kind in CHOICES:
        return into_choice(old, new, value)
    if old.kind in CHOICES and new.kind in NUMBERS:
        return Misfit(f"CONCAT({value}) <> CONCAT({value} + 0)")
    if kinds <= {*NUMBERS}:
        return among_numbers(old, new, value)
    if kinds <= {*TIMES}:
        return among_times(old, new, value)
    if old.kind in (*TEXTS, *BYTES, *CHOICES) and new.kind in (*TEXTS, *BYTES):
        return among_texts(old, new, value)
    if old.kind in TEXTS and new.kind in (*NUMBERS, "year"):
        return into_number(new, value)
    if old.kind in TEXTS and new.kind in TIMES:
        return text_into_time(new, value)
    return _into_other_kind(old, new, value)


def _into_other_kind(old: Column, new: Column, value: str) -> Misfit:
    if new.kind in TEXTS or new.kind in BYTES:
        return _written(old, new, value)
    if old.kind in TEXTS and new.kind in WORDY:
        return Misfit(f"BINARY CONCAT(CAST({value} AS {new.kind})) <> BINARY {value}")
    if {old.kind, new.kind} <= {*NUMBERS, *TIMES}:
        return Misfit(f"{value} IS NOT NULL")
    if new.kind == "year" and old.kind in INTEGERS:
        return Misfit(f"{value} BETWEEN 1 AND 99")
    if (old.kind == "year" and new.kind in NUMBERS) or (old.kind == "bit" and new.kind in INTEGERS):
        return FITS
    return UNKNOWN


def _written(old: Column, new: Column, value: str) -> Misfit:
    """Returns the condition for a number or time that becomes a text; a FLOAT is written with six digits."""
    if old.kind not in (*NUMBERS, *TIMES, "year"):
        return UNKNOWN
    conditions = [f"CAST(CONCAT({value}) AS FLOAT) <> {value}"] if old.kind == "float" else []
    if new.kind == "binary":
        conditions.append(f"OCTET_LENGTH(CONCAT({value})) < {new.octets}")
    return Misfit(_either(conditions))
