"""Finds dates and times that lose a part, and texts that a date or time does not preserve."""

from installer.mariadb.offenders.columns_and_constraints import Column
from installer.mariadb.offenders.type_families import FITS, Misfit

MOMENTS = ("datetime", "timestamp")
DAY, CLOCK = "[0-9]{4}-[0-9]{2}-[0-9]{2}", "[0-9]{2}:[0-9]{2}:[0-9]{2}"
MOST_DIGITS = 6


def among_times(old: Column, new: Column, value: str) -> Misfit:
    """Returns the condition for a time without its date, a date without its time, or fewer second digits."""
    if (old.kind == "time") != (new.kind == "time"):
        return Misfit(f"{value} IS NOT NULL")
    if old.kind == "date":
        return FITS
    if new.kind == "date":
        return Misfit(f"TIME({value}) <> '00:00:00'")
    conditions = []
    if _digits(new) < _digits(old):
        conditions.append(f"MICROSECOND({value}) % {10 ** (MOST_DIGITS - _digits(new))} <> 0")
    if new.kind == "timestamp" and old.kind == "datetime":  # an hour that daylight saving time skips
        conditions.append(f"{value} <> 0 AND FROM_UNIXTIME(UNIX_TIMESTAMP({value})) <> {value}")
    return Misfit(" OR ".join(conditions))


def text_into_time(new: Column, value: str) -> Misfit:
    """Returns the condition for a text that differs from its date or time as written."""
    digits = _digits(new)
    fraction = f"[.][0-9]{{1,{digits}}}0*" if digits else "[.]0+"
    forms = {
        "date": f"{DAY}([ T]00:00:00([.]0+)?)?",
        "time": f"-?[0-9]?{CLOCK}({fraction})?",
    }
    form = forms.get(new.kind, f"{DAY}([ T]{CLOCK}({fraction})?)?")
    return Misfit(f"{value} NOT REGEXP '^{form}$'")


def _digits(column: Column) -> int:
    """Returns the number of digits after the decimal point of a second."""
    return int(column.type.partition("(")[2].rstrip(")") or 0)
