"""Finds the rows that violate a statement that failed on the copy, by its effect on empty tables.

A transaction empties the tables that the statement names, runs it, and is taken back. Each requirement that
the tables have then and did not have before is checked against the rows by one SELECT. A number that is not
exact is not reported.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from installer.bundle.sql.postgresql_statements import tokens_of
from installer.database.offenders.offender_lines import offender_words
from installer.database.offenders.row_requirement import Kind, RowRequirement
from installer.database.values.address import DatabaseAddress
from installer.database.values.rehearsal_result import Offender
from installer.postgresql.offenders.examples import examples_of
from installer.postgresql.offenders.new_requirements import Change, new_requirements
from installer.postgresql.offenders.table_shape import TableShape, read_labels, read_shapes
from installer.postgresql.offenders.uncommitted import state_after, taken_back
from installer.postgresql.server.queries import ServerError, rows_of, run_script, value_of
from installer.text import _

if TYPE_CHECKING:
    from installer.postgresql.server.driver import Driver as Server

DATA_ERRORS: dict[str, tuple[Kind, ...]] = {  # by SQLSTATE
    "23502": ("null", "added"),
    "23503": ("reference",),
    "23505": ("unique",),
    "23514": ("check",),
    "22001": ("type",),
    "22003": ("type",),
    "22007": ("type",),
    "22008": ("type",),
    "22P02": ("type",),
    "0A000": ("type",),
}
DATA_CLASSES = ("22", "23", "0A000")  # the last one for NaN and infinity as whole numbers
TABLE_WORK = ("ALTER", "CREATE")
TABLES = """SELECT oid::int8, oid::regclass::text, relname FROM pg_class WHERE relkind IN ('r', 'p')
    AND relnamespace::regnamespace::text !~ '^(pg_|information_schema$)'"""
COLUMNS = """SELECT attrelid::regclass::text, attname FROM pg_attribute
    JOIN pg_class AS c ON c.oid = attrelid AND relkind IN ('r', 'p') WHERE attnum > 0 AND NOT attisdropped
    AND relnamespace::regnamespace::text !~ '^(pg_|information_schema$)'"""
EMPTY = """SET LOCAL session_replication_role = replica; TRUNCATE {};
    SET LOCAL session_replication_role = origin"""
CAN_TRY = "SELECT EXISTS (SELECT FROM pg_proc WHERE proname = 'pg_input_is_valid')"
Today = frozenset[tuple[str, str]]


@dataclass(frozen=True)
class FailedStatement:
    """Holds a statement with the server's answer; `earlier` are those that its failure took back."""

    sql: str
    code: str
    earlier: tuple[str, ...] = ()


@dataclass(frozen=True)
class Findings:
    """Holds the rows that violate a statement, and further notes."""

    offenders: tuple[Offender, ...] = ()
    notes: tuple[str, ...] = ()


def columns_of(connection: "Server") -> Today:
    """Returns every table with each of its columns."""
    return frozenset(rows_of(connection, COLUMNS))


def find_offenders(copy: DatabaseAddress, failed: FailedStatement, today: Today) -> Findings:
    """Counts the rows of the copy that violate the statement, after the statements before it.

    `today` are the tables and columns that existed before the migrations. The copy stays as it is.
    """
    if not failed.code.startswith(DATA_CLASSES):
        return Findings()
    try:
        with state_after(copy, failed.earlier) as connection:
            return _findings(connection, failed, today)
    except ServerError:
        return Findings(notes=(_not_known(),))


def _findings(connection: "Server", failed: FailedStatement, today: Today) -> Findings:
    tables = _tables_in(connection, failed.sql)
    if not tables or next(tokens_of(failed.sql)).upper not in TABLE_WORK:
        return Findings(notes=(_not_known(),))
    before = read_shapes(connection, tables)
    try:
        with taken_back(connection):
            run_script(connection, EMPTY.format(f"{', '.join(tables.values())} CASCADE"))
            run_script(connection, failed.sql)
            requirements = tuple(_requirements(connection, failed.sql, before))
    except ServerError as error:
        if error.code != failed.code:
            raise
        return Findings(notes=(_("The statement also fails without any rows: the data is not the cause."),))
    return _asked(connection, failed.code, requirements, today)


def _tables_in(connection: "Server", sql: str) -> dict[int, str]:
    """Returns the tables whose names are in the statement, by number; the names are SQL."""
    words = {
        token.text.lower() if token.kind == "word" else token.text[1:-1].replace('""', '"')
        for token in tokens_of(sql)
        if token.kind in ("word", "name")
    }
    return {number: name for number, name, plain in rows_of(connection, TABLES) if plain in words}


def _requirements(connection: "Server", sql: str, before: dict[int, TableShape]) -> Iterator[RowRequirement]:
    labels, can_try = read_labels(connection), bool(value_of(connection, CAN_TRY))
    for table, after in read_shapes(connection, before).items():
        yield from new_requirements(Change(sql, before[table], after, labels, can_try))


def _asked(connection: "Server", code: str, requirements: Sequence[RowRequirement], today: Today) -> Findings:
    counted = [(requirement, _offender(connection, requirement, today)) for requirement in requirements]
    offenders = tuple(offender for _requirement, offender in counted if offender and offender.rows)
    examples = tuple(line for offender in offenders for line in examples_of(connection, offender))
    kinds = {requirement.kind for requirement, offender in counted if offender and offender.rows}
    if not kinds.intersection(DATA_ERRORS.get(code, ())):
        return Findings(offenders, (*examples, _not_known()))
    if any(offender is None for _requirement, offender in counted):
        return Findings(offenders, (*examples, _("Other rows may violate it as well.")))
    return Findings(offenders, examples)


def _offender(connection: "Server", requirement: RowRequirement, today: Today) -> Offender | None:
    """Returns the rows that violate a requirement, counted; None when their number is not exactly known."""
    if not requirement.select:
        return None
    try:
        with taken_back(connection):
            rows = int(value_of(connection, f"SELECT count(*) FROM ({requirement.select}) AS found"))
            groups = f"SELECT count(*) FROM ({requirement.groups}) AS found"
            shared = int(value_of(connection, groups)) if requirement.groups else 0
    except ServerError as error:
        if error.is_lost_connection:
            raise
        return None
    words = offender_words(requirement, rows, shared)
    return Offender(requirement.table, rows, requirement.select, words, fits_today=requirement.reads <= today)


def _not_known() -> str:
    return _("The rows that violate it could not be determined.")
