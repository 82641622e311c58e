"""Reads the SQL modes and checks of a session, which decide which rows violate a statement."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from installer.mariadb.server.product import is_mysql
from installer.mariadb.server.queries import rows_of, value_of

if TYPE_CHECKING:
    from installer.mariadb.server.queries import Server

MODES = """SELECT @@SESSION.sql_mode, @@SESSION.foreign_key_checks,
    IF(@@SESSION.time_zone = 'SYSTEM', @@GLOBAL.system_time_zone, @@SESSION.time_zone)"""
CHECKS = "SELECT @@SESSION.check_constraint_checks"


@dataclass(frozen=True)
class Modes:
    """Holds a session's strictness; `is_utc`: its times have no daylight saving time."""

    is_strict: bool
    no_zero_date: bool
    no_zero_in_date: bool
    checks_foreign_keys: bool
    checks_constraints: bool
    is_utc: bool
    allows_invalid_dates: bool = False
    counts_zero: bool = True  # AUTO_INCREMENT numbers a row that has 0

    @property
    def rechecks_dates(self) -> bool:
        """Returns whether copying a table checks the dates in columns that keep their type."""
        return self.is_strict and (self.no_zero_date or self.no_zero_in_date)


def read_modes(connection: "Server") -> Modes:
    """Returns the modes of this connection."""
    mode, keys, zone = rows_of(connection, MODES)[0]
    checks = is_mysql(connection) or value_of(connection, CHECKS)  # MySQL always checks
    words = str(mode).split(",")
    return Modes(
        is_strict="STRICT_TRANS_TABLES" in words or "STRICT_ALL_TABLES" in words,
        no_zero_date="NO_ZERO_DATE" in words,
        no_zero_in_date="NO_ZERO_IN_DATE" in words,
        checks_foreign_keys=bool(keys),
        checks_constraints=bool(checks),
        is_utc=zone in ("UTC", "+00:00"),
        allows_invalid_dates="ALLOW_INVALID_DATES" in words,
        counts_zero="NO_AUTO_VALUE_ON_ZERO" not in words,
    )
