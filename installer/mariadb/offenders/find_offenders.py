"""Finds the rows that violate a statement that failed on the copy, by its effect on empty tables.

A statement that succeeds on empty tables fails because of rows. Each requirement that the empty tables have
afterwards and did not have before is checked against the rows by one SELECT. A number that is not exact is
not reported.
"""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from installer.bundle.sql.sql_patterns import NAMED
from installer.bundle.sql.statement_words import begins_with, names_in, reaches_into, renamed_columns
from installer.database.offenders.offender_lines import offender_words
from installer.database.offenders.row_requirement import Kind, RowRequirement
from installer.database.values.address import DatabaseAddress
from installer.database.values.rehearsal_result import Offender
from installer.mariadb.offenders.columns_and_constraints import Shape, read_shape
from installer.mariadb.offenders.computed_types import computed_types
from installer.mariadb.offenders.inserts import insert_requirements, read_insert
from installer.mariadb.offenders.new_requirements import new_requirements
from installer.mariadb.offenders.sql_modes import read_modes
from installer.mariadb.offenders.violated_constraint import PARENT_ROW, UNIQUE, broken_constraint, keys_into
from installer.mariadb.server.queries import ServerError, rows_of, run_sql, schemas_of, value_of
from installer.mariadb.server.server import connect
from installer.mariadb.trial.cost import is_table_work
from installer.mariadb.trial.empty_tables import lay_out, replay_setting, side_schema
from installer.text import _

if TYPE_CHECKING:
    from installer.mariadb.server.queries import Server

DATA_ERRORS: dict[int, tuple[Kind, ...]] = {
    UNIQUE: ("unique", "incoming"),
    1452: ("reference",),
    **dict.fromkeys((4025, 3819), ("check",)),  # of MariaDB, of MySQL
    1048: ("null",),
    1138: ("null",),
    1265: ("null", "type"),
    **dict.fromkeys((1264, 1292, 1366, 1406, 1411, 1916), ("type",)),
}
WRONG_VALUE = 1292
WRONG_VALUE_OF = re.compile(rf"{NAMED} at row \d+$")
OTHER_DATA_ERRORS = (1365, 1526, 1586, 1690)  # division, no partition, duplicate, range in an expression
EQUAL_PARENT_ROWS = 1834  # instead of 1062 where other tables refer to the table
LONG_SORT = "SET SESSION max_sort_length = 8192"  # bytes; the default 1024 would cut off the longest keys
FORGIVING = (("ALTER", "IGNORE"), ("ALTER", "ONLINE", "IGNORE"))  # deletes rows, changes values
Today = frozenset[tuple[str, str]]


@dataclass(frozen=True)
class FailedStatement:
    """Holds a statement with the server's answer; `settings` are the statements that set its session before.

    `in_transaction`: rows that it met may not exist any more, as they were not committed.
    """

    sql: str
    code: int
    error: str
    settings: tuple[str, ...] = ()
    in_transaction: bool = False


@dataclass(frozen=True)
class Findings:
    """Holds the rows that violate a statement, and further notes."""

    offenders: tuple[Offender, ...] = ()
    notes: tuple[str, ...] = ()


def find_offenders(copy: DatabaseAddress, failed: FailedStatement, today: Today) -> Findings:
    """Counts the rows of the copy, in its present state, that violate the statement.

    `today` are the tables and columns that existed before the migrations.
    """
    with connect(copy) as connection:
        incoming = _incoming_requirements(copy, connection, failed)
        if incoming:
            return _asked(connection, failed.code, incoming, today)
        if failed.code == PARENT_ROW or not _can_be_tried(connection, failed.sql):
            return Findings(notes=_of_untried(connection, failed))
        requirements = _requirements(copy, failed)
        if requirements is None:
            return Findings(
                notes=(_("The statement also fails without any rows: the data is not the cause."),)
            )
        return _asked(connection, failed.code, requirements, today)


def _incoming_requirements(
    copy: DatabaseAddress, connection: "Server", failed: FailedStatement
) -> list[RowRequirement]:
    """Returns what a unique key requires of the rows of an INSERT … SELECT; empty where that is unclear."""
    insert = read_insert(failed.sql) if failed.code == UNIQUE and not failed.in_transaction else None
    if insert is None or reaches_into(failed.sql, schemas_of(connection)):
        return []
    with side_schema(copy, "probe") as side:
        for setting in failed.settings:
            replay_setting(side, setting)
        lay_out(side, copy.database, names_in(failed.sql))
        return insert_requirements(side, insert, read_modes(side))


def _of_untried(connection: "Server", failed: FailedStatement) -> tuple[str, ...]:
    """Returns what is known of a statement that cannot be tried.

    A table that others refer to cannot be dropped, even without rows; otherwise rows are the cause.
    """
    if failed.code == PARENT_ROW and begins_with(failed.sql, "DROP"):
        return keys_into(connection, names_in(failed.sql))
    broken = broken_constraint(connection, failed.code, failed.error)
    by_rows = (*DATA_ERRORS, *OTHER_DATA_ERRORS, PARENT_ROW, EQUAL_PARENT_ROWS)
    return (*broken, _not_known()) if failed.code in by_rows else broken


def _can_be_tried(connection: "Server", sql: str) -> bool:
    return (
        is_table_work(sql)
        and not reaches_into(sql, schemas_of(connection))
        and not any(begins_with(sql, *first) for first in FORGIVING)
    )


def _requirements(copy: DatabaseAddress, failed: FailedStatement) -> list[RowRequirement] | None:
    """Returns what the statement requires of rows; None when it fails in the same way without rows."""
    with side_schema(copy, "probe") as side:
        lay_out(side, copy.database, names_in(failed.sql))
        for setting in failed.settings:
            replay_setting(side, setting)
        modes, before = read_modes(side), read_shape(side)
        try:
            run_sql(side, failed.sql)
        except ServerError as error:
            return None if error.code == failed.code else []
        of_dates = modes.rechecks_dates and _is_about_old_column(failed, before)
        after, renamed = read_shape(side), renamed_columns(failed.sql)
        computed = computed_types(side, before, after)
        return new_requirements(before, after, renamed, modes, of_dates=of_dates, computed=computed)


def _is_about_old_column(failed: FailedStatement, before: Shape) -> bool:
    """Returns whether an existing value was refused while its table was copied."""
    named = WRONG_VALUE_OF.search(failed.error) if failed.code == WRONG_VALUE else None
    return named is not None and any(
        named[1].replace("``", "`").lower() in columns for columns in before.columns.values()
    )


def _asked(connection: "Server", code: int, requirements: list[RowRequirement], today: Today) -> Findings:
    counted = [(requirement, _offender(connection, requirement, today)) for requirement in requirements]
    offenders = tuple(offender for _requirement, offender in counted if offender and offender.rows)
    kinds = {requirement.kind for requirement, offender in counted if offender and offender.rows}
    if code in OTHER_DATA_ERRORS or (code in DATA_ERRORS and not kinds.intersection(DATA_ERRORS[code])):
        return Findings(offenders, (_not_known(),))
    if any(offender is None for _requirement, offender in counted):
        return Findings(offenders, (_("Other rows may violate it as well."),))
    return Findings(offenders)


def _offender(connection: "Server", requirement: RowRequirement, today: Today) -> Offender | None:
    """Returns the rows that violate a requirement, counted; None when their number is not exactly known."""
    if not requirement.select and not requirement.doubtful:
        return None
    try:
        if requirement.doubtful and _count(connection, requirement.doubtful):
            return None
        groups, rows = _rows(connection, requirement)
    except ServerError:
        return None
    words = offender_words(requirement, rows, groups)
    return Offender(requirement.table, rows, requirement.select, words, fits_today=requirement.reads <= today)


def _rows(connection: "Server", requirement: RowRequirement) -> tuple[int, int]:
    """Returns how many values several rows share (unique keys only), and how many rows violate it."""
    if requirement.groups:
        run_sql(connection, LONG_SORT)
        counted = f"SELECT COUNT(*), COALESCE(SUM(n), 0) FROM ({requirement.groups}) AS found"
        groups, rows = rows_of(connection, counted)[0]
        return int(groups), int(rows)
    return 0, _count(connection, requirement.select) if requirement.select else 0


def _count(connection: "Server", select: str) -> int:
    return int(value_of(connection, f"SELECT COUNT(*) FROM ({select}) AS found"))


def _not_known() -> str:
    return _("The rows that violate it could not be determined.")
