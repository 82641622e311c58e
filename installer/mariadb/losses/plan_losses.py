"""Finds the statements of a script that may change values or delete rows without an error.

An ALTER TABLE is tried on empty tables: what it does to their columns shows what it will do to the values of
full ones.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from installer.bundle.sql.statement_words import (
    begins_with,
    is_surely_one,
    reaches_into,
    renamed_columns,
    words_of,
)
from installer.bundle.sql.statements import Statement
from installer.mariadb.losses.conversions import conversion
from installer.mariadb.losses.new_tables import fills_new_table, word_for_rows
from installer.mariadb.offenders.columns_and_constraints import Column, Shape, read_shape
from installer.mariadb.offenders.new_requirements import same_tables
from installer.mariadb.offenders.new_values import TableChange
from installer.mariadb.offenders.sql_modes import Modes, read_modes
from installer.mariadb.offenders.type_families import FITS, UNKNOWN, Misfit
from installer.mariadb.server.queries import quoted, runs, schemas_of
from installer.mariadb.trial.cost import is_table_work
from installer.mariadb.trial.empty_tables import replay_setting

if TYPE_CHECKING:
    from installer.mariadb.server.queries import Server

Forgiving = Literal["", "alter", "insert", "other", "relaxed"]
CHANGES_VALUES = {"MODIFY", "CHANGE", "CONVERT", "IGNORE"}
ROWS_WORK = "INSERT|UPDATE|DELETE|REPLACE|LOAD"
PRIORITIES = ("LOW_PRIORITY", "HIGH_PRIORITY", "DELAYED", "QUICK")
FIRST_CHARACTERS = 400  # of a statement that changes rows, which may have many megabytes
PROGRAMS = "CALL|EXECUTE|IF|LOOP|WHILE|REPEAT|FOR|CASE"
VERSION_COMMENTS = ("/*!", "/*M!")


@dataclass(frozen=True)
class ColumnLoss:
    """Describes values of one column that change; `reads` are the columns that the condition names."""

    table: str
    column: str
    was: str
    now: str
    condition: Misfit
    reads: frozenset[tuple[str, str]]


@dataclass(frozen=True)
class Expected:
    """Describes what a statement may do without an error. `is_opaque`: its effect on columns is not known."""

    columns: tuple[ColumnLoss, ...] = ()
    forgiving: Forgiving = ""
    is_opaque: bool = False


def expected_losses(side: "Server", statements: Sequence[Statement]) -> tuple[Expected, ...]:
    """Returns the expected losses of each statement, tried in order in the connected side schema."""
    schemas = schemas_of(side)
    found: list[Expected] = []
    for statement in statements:
        if begins_with(statement.text, "USE"):
            return (*found, *[Expected(is_opaque=True)] * (len(statements) - len(found)))
        replay_setting(side, statement.text)
        found.append(_expected(side, statement.text, schemas))
    return tuple(found)


def column_losses(before: Shape, after: Shape, renamed: dict[str, str], modes: Modes) -> Iterator[ColumnLoss]:
    """Yields a loss for each column whose values change from the shape `before` to the shape `after`."""
    for old_name, new_name in same_tables(before, after):
        change = TableChange(before.columns[old_name], after.columns[new_name], renamed)
        for new in change.after.values():
            old = change.origin(new.name)
            condition = FITS if old is None else _condition(change, old, new, modes)
            if old is not None and condition != FITS:
                reads = frozenset({(old_name, old.name)})
                yield ColumnLoss(old_name, old.name, *_types(old, new), condition, reads)


def says_ignore(sql: str) -> bool:
    """Returns whether a statement that changes rows continues when a row violates a rule."""
    words = [word.upper for word in words_of(sql[:FIRST_CHARACTERS]) if word.upper not in PRIORITIES]
    is_load = words[:1] == ["LOAD"]
    return "IGNORE" in words if is_load else words[1:2] == ["IGNORE"]


def _expected(side: "Server", sql: str, schemas: Sequence[str]) -> Expected:
    if begins_with(sql, ROWS_WORK):
        return Expected(forgiving=_forgiving(side, sql))
    expected = _of_tables(side, sql, schemas)
    return replace(expected, forgiving=_forgiving(side, sql)) if fills_new_table(sql) else expected


def _of_tables(side: "Server", sql: str, schemas: Sequence[str]) -> Expected:
    if not is_table_work(sql):
        return Expected(is_opaque=_is_opaque(sql))
    if reaches_into(sql, schemas):
        return Expected(is_opaque=True)
    return _tried(side, sql)


def _forgiving(side: "Server", sql: str) -> Forgiving:
    if says_ignore(sql):
        return "insert" if begins_with(sql, "INSERT") else "other"
    if word_for_rows(sql):
        return "other"
    is_harmless = begins_with(sql, "DELETE") or read_modes(side).is_strict
    return "" if is_harmless else "relaxed"


def _is_opaque(sql: str) -> bool:
    """Returns whether the statement may change tables in a way that cannot be tried."""
    is_program = (
        begins_with(sql, PROGRAMS) or begins_with(sql, "BEGIN", "NOT") or begins_with(sql, "SET", "STATEMENT")
    )
    changes = begins_with(sql, "ALTER", "TABLE|ONLINE|IGNORE") and not is_surely_one(sql)
    return is_program or changes or sql.startswith(VERSION_COMMENTS)


def _tried(side: "Server", sql: str) -> Expected:
    words = {word.upper for word in words_of(sql)}
    if not begins_with(sql, "ALTER") or not words & CHANGES_VALUES:
        runs(side, sql)
        return Expected()
    modes, before = read_modes(side), read_shape(side)
    ignores = begins_with(sql, "ALTER", "IGNORE") or begins_with(sql, "ALTER", "ONLINE", "IGNORE")
    if not runs(side, sql):
        return Expected(is_opaque=True)
    modes = replace(modes, is_strict=modes.is_strict and not ignores)
    losses = tuple(column_losses(before, read_shape(side), renamed_columns(sql), modes))
    return Expected(losses, "alter" if ignores else "")


def _condition(change: TableChange, old: Column, new: Column, modes: Modes) -> Misfit:
    if new.expression and new.expression != old.expression:
        value = change.value(new.name)
        return Misfit(f"NOT ({quoted(old.name)} <=> ({value.sql}))") if value else UNKNOWN
    return FITS if new.expression else conversion(old, new, quoted(old.name), modes)


def _types(old: Column, new: Column) -> tuple[str, str]:
    was, now = _written(old), _written(new)
    if was != now:
        return was, now
    return (
        f"{was} {'NULL' if old.is_nullable else 'NOT NULL'}",
        f"{now} {'NULL' if new.is_nullable else 'NOT NULL'}",
    )


def _written(column: Column) -> str:
    """Returns the column's type as people write it; keeps the values of a list unchanged."""
    return column.type if "'" in column.type else column.type.upper()
