"""Finds the new requirements that a statement sets for existing rows, each with the SELECT for violations."""

from collections.abc import Iterator, Mapping

from installer.database.offenders.row_requirement import RowRequirement
from installer.mariadb.offenders.changed_table import Table
from installer.mariadb.offenders.columns_and_constraints import Check, Column, Shape
from installer.mariadb.offenders.foreign_keys import key_requirements
from installer.mariadb.offenders.misfits import misfit, odd_dates
from installer.mariadb.offenders.new_values import TableChange
from installer.mariadb.offenders.sql_modes import Modes
from installer.mariadb.offenders.type_families import DATES
from installer.mariadb.offenders.uniques import unique_requirements
from installer.mariadb.server.queries import quoted


def new_requirements(
    before: Shape,
    after: Shape,
    renamed: dict[str, str],
    modes: Modes,
    *,
    of_dates: bool = False,
    computed: Mapping[tuple[str, str], Column] | None = None,
) -> list[RowRequirement]:
    """Returns what `after` requires and `before` did not, for the tables that are in both.

    `of_dates` adds what the session requires of dates in columns that keep their type. `computed` are the
    types of the expressions of `after`, by table and column.
    """
    found: list[RowRequirement] = []
    for old_name, new_name in same_tables(before, after):
        change = TableChange(before.columns[old_name], after.columns[new_name], renamed)
        table = Table(old_name, new_name, change, modes)
        for column in change.after.values():
            found += _of_column(table, column)
            expression = (computed or {}).get((new_name, column.name))
            found += _of_computed(table, expression, column) if expression else ()
            found += _of_kept_date(table, column) if of_dates else ()
        found += unique_requirements(table, before.uniques, after.uniques)
        if modes.checks_constraints:
            found += _of_checks(table, before.checks, after.checks)
        if modes.checks_foreign_keys:
            found += key_requirements(table, before.foreign_keys, after.foreign_keys)
    return found


def same_tables(before: Shape, after: Shape) -> Iterator[tuple[str, str]]:
    """Yields the tables that are in both shapes, with the name in each, including one renamed table."""
    gone = [name for name in before.columns if name not in after.columns]
    came = [name for name in after.columns if name not in before.columns]
    if len(gone) == len(came) == 1:
        yield gone[0], came[0]
    yield from ((name, name) for name in after.columns if name in before.columns)


def _of_column(table: Table, new: Column) -> Iterator[RowRequirement]:
    old, modes = table.change.origin(new.name), table.modes
    if not modes.is_strict or new.expression:
        return
    if old is None:
        if _begins_as_zero_date(new) and modes.no_zero_date:
            yield RowRequirement("type", table.name, new.name, new.type, table.rows("TRUE"))
        return
    value, reads = quoted(old.name), table.reading([old.name])
    if old.is_nullable and not new.is_nullable and not new.is_counter and new.kind != "timestamp":
        yield RowRequirement("null", table.name, old.name, select=table.rows(f"{value} IS NULL"), reads=reads)
    found = misfit(old, new, value, modes)
    if found.bad or found.doubtful:
        select = table.rows(found.bad) if found.bad else ""
        doubtful = table.rows(found.doubtful) if found.doubtful else ""
        yield RowRequirement("type", table.name, old.name, new.type, select, doubtful=doubtful, reads=reads)


def _of_computed(table: Table, expression: Column, new: Column) -> Iterator[RowRequirement]:
    """Yields the requirement that a stored column's type holds its expression's result for every row."""
    inner = table.change.translated(new.expression or "") if table.modes.is_strict else None
    if inner is None:
        return
    found = misfit(expression, new, f"({inner.sql})", table.modes)
    names = (name for name in table.change.after if f"`{name}`" in (new.expression or "").lower())
    doubtful = table.rows(found.doubtful) if found.doubtful else table.unsettled(names)
    if found.bad or found.doubtful:
        select = table.rows(found.bad) if found.bad else ""
        reads = table.reading(inner.reads)
        yield RowRequirement("type", table.name, new.name, new.type, select, doubtful=doubtful, reads=reads)


def _of_kept_date(table: Table, column: Column) -> Iterator[RowRequirement]:
    old = table.change.origin(column.name)
    if old is not None and column.kind in DATES and old.type == column.type:
        select = table.rows(" OR ".join(odd_dates(quoted(old.name), table.modes)))
        reads = table.reading([old.name])
        yield RowRequirement("type", table.name, old.name, column.type, select, reads=reads)


def _begins_as_zero_date(new: Column) -> bool:
    return not new.is_nullable and new.default is None and new.kind in ("date", "datetime")


def _of_checks(table: Table, before: tuple[Check, ...], after: tuple[Check, ...]) -> Iterator[RowRequirement]:
    """Yields the checks that are new, or that read a column that changes."""
    old = {check.clause for check in before if check.table == table.name}
    for check in (check for check in after if check.table == table.new_name):
        clause = table.change.translated(check.clause)
        if clause is None:
            yield RowRequirement("check", table.name, check.name, check.clause)
        elif check.clause not in old or clause.sql != check.clause:
            select, reads = table.rows(f"NOT ({clause.sql})"), table.reading(clause.reads)
            doubtful = table.unsettled(
                name for name in table.change.after if f"`{name}`" in check.clause.lower()
            )
            yield RowRequirement("check", table.name, check.name, check.clause, select, "", doubtful, reads)
