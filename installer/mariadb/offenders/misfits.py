"""Finds the values of a column that do not fit its new type, as a condition in SQL.

Source: seen on MariaDB 10.11 and 11.8 for each pair of types (`test_misfits.py`). Strict mode only: without
it the server changes such values silently.
"""

from installer.mariadb.offenders.columns_and_constraints import Column
from installer.mariadb.offenders.number_misfits import into_decimal, into_float, into_integer
from installer.mariadb.offenders.sql_modes import Modes
from installer.mariadb.offenders.text_misfits import into_choice, into_text
from installer.mariadb.offenders.type_families import (
    BYTES,
    DATES,
    FITS,
    FLOATS,
    INTEGERS,
    TEXTS,
    UNKNOWN,
    Misfit,
)

WORDY = ("uuid", "inet4", "inet6")  # a value that CAST turns into NULL does not fit
DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
MOMENT = f"{DAY}[ T][0-9]{{2}}:[0-9]{{2}}:[0-9]{{2}}([.][0-9]{{1,6}})?"


def misfit(old: Column, new: Column, value: str, modes: Modes) -> Misfit:
    """Returns which of `value`, the SQL for the old column, does not fit the new type; NULL always fits."""
    if (old.type, old.collation) == (new.type, new.collation):
        return FITS
    if new.kind in INTEGERS:
        return into_integer(old, new, value)
    if new.kind == "decimal":
        return into_decimal(old, new, value)
    if new.kind in FLOATS:
        return into_float(old, new, value)
    if new.kind in TEXTS:
        return into_text(old, new, value)
    if new.kind in BYTES and old.kind in (*BYTES, *TEXTS):
        narrows = (old.octets or 0) > (new.octets or 0)
        return Misfit(f"OCTET_LENGTH({value}) > {new.octets}") if narrows else FITS
    if new.kind in ("enum", "set"):
        return into_choice(old, new, value)
    if new.kind in DATES:
        return _into_date(old, new, value, modes)
    if new.kind in WORDY and old.kind in TEXTS:
        return Misfit(f"{value} IS NOT NULL AND CAST({value} AS {new.kind}) IS NULL")
    return UNKNOWN


def _into_date(old: Column, new: Column, value: str, modes: Modes) -> Misfit:
    if old.kind in TEXTS and new.kind in ("date", "datetime"):
        return _text_into_date(value, modes)
    if old.kind not in DATES:
        return UNKNOWN
    bad = odd_dates(value, modes)
    if new.kind == "timestamp" and old.kind != "timestamp":
        if not modes.is_utc:
            return UNKNOWN
        bad.append(f"({value} <> 0 AND COALESCE(UNIX_TIMESTAMP({value}), 0) <= 0)")
    return Misfit(" OR ".join(bad))


def odd_dates(moment: str, modes: Modes) -> list[str]:
    """Returns the conditions for dates with a part or all of 0, and for impossible days, where forbidden."""
    bad = [f"{moment} = 0"] if modes.no_zero_date else []
    if modes.no_zero_in_date:
        bad.append(f"({moment} <> 0 AND (MONTH({moment}) = 0 OR DAYOFMONTH({moment}) = 0))")
    if not modes.allows_invalid_dates:
        bad.append(f"(MONTH({moment}) <> 0 AND DAYOFMONTH({moment}) > DAYOFMONTH(LAST_DAY({moment})))")
    return bad


def _text_into_date(value: str, modes: Modes) -> Misfit:
    moment = f"CAST({value} AS DATETIME)"
    clear = f"{value} REGEXP '^({DAY}|{MOMENT})$'"
    zoned = f"{value} REGEXP '^{MOMENT}(Z|[-+][0-9]{{2}}:?[0-9]{{2}})$'"
    bad = [f"({value} IS NOT NULL AND {moment} IS NULL)", zoned, *odd_dates(moment, modes)]
    return Misfit(" OR ".join(bad), f"{moment} IS NOT NULL AND NOT {clear} AND NOT {zoned}")
