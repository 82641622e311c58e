"""Finds rows that an INSERT … SELECT cannot add because a unique value exists already or comes twice."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from installer.bundle.sql.statement_words import is_surely_one, words_of
from installer.database.offenders.row_requirement import RowRequirement
from installer.mariadb.offenders.changed_table import Table
from installer.mariadb.offenders.columns_and_constraints import Shape, Unique, read_shape
from installer.mariadb.offenders.new_values import TableChange, Value
from installer.mariadb.offenders.sql_modes import Modes
from installer.mariadb.offenders.uniques import key_part
from installer.mariadb.server.queries import ServerError, quoted, run_sql, value_of

if TYPE_CHECKING:
    from installer.mariadb.server.queries import Server

INCOMING = "airlock_incoming"
SELECTS = ("SELECT", "WITH", "(")
# Gives another value in another session, or adds rows in another way.
UNTOLD = {
    "@", "@@", "RAND", "LAST_INSERT_ID", "FOUND_ROWS", "ROW_COUNT", "DUPLICATE", "RETURNING", "CONNECTION_ID",
}  # fmt: skip
ENGINE = "SELECT engine FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = %s"


@dataclass(frozen=True)
class Insert:
    """Describes INSERT INTO `table` (`columns`) `select`; empty `columns` stand for all columns."""

    table: str
    columns: tuple[str, ...]
    select: str


def read_insert(sql: str) -> Insert | None:
    """Returns the parts of an INSERT … SELECT that can be repeated; None for every other statement."""
    words = words_of(sql)
    uppers = [word.upper for word in words]
    if uppers[:2] != ["INSERT", "INTO"] or UNTOLD & {*uppers} or not is_surely_one(sql):
        return None
    table, at, columns = words[2].name, 3, []
    if uppers[at : at + 1] == ["("] and uppers[at + 1 : at + 2] != ["SELECT"]:
        end = uppers.index(")", at) if ")" in uppers else at
        columns, at = [word.name for word in words[at + 1 : end] if word.name], end + 1
    if not table or at >= len(words) or uppers[at] not in SELECTS:
        return None
    return Insert(table, tuple(columns), sql[words[at].start :])


def insert_requirements(side: "Server", insert: Insert, modes: Modes) -> list[RowRequirement]:
    """Returns what the table's unique keys require of the new rows; the side schema has its empty copy."""
    before = read_shape(side)
    target = before.columns.get(insert.table)
    if target is None or value_of(side, ENGINE, (insert.table,)) != "InnoDB":  # others keep the first rows
        return []
    insert = replace(insert, columns=insert.columns or tuple(column.name for column in target.values()))
    try:
        run_sql(side, f"CREATE TABLE {INCOMING} AS {_incoming(insert)} * FROM {quoted(INCOMING)}")
    except ServerError:
        return []
    change = TableChange(read_shape(side).columns[INCOMING], target, {})
    table = Table(insert.table, insert.table, change, modes)
    return [_requirement(table, insert, unique) for unique in _asked(before, table)]


def _asked(shape: Shape, table: Table) -> Iterator[Unique]:
    """Yields the unique keys, without those that the server fills with numbers of its own."""
    for unique in (one for one in shape.uniques if one.table == table.name):
        columns = [table.change.after[name.lower()] for name, _length in unique.parts]
        if not any(column.is_counter and table.change.origin(column.name) is None for column in columns):
            yield unique


def _requirement(table: Table, insert: Insert, unique: Unique) -> RowRequirement:
    columns = ", ".join(f"`{name}`" for name, _length in unique.parts)
    values = [_value(table, name, length) for name, length in unique.parts]
    known = [value for value in values if value is not None]
    if len(known) < len(values):
        return RowRequirement("incoming", table.name, columns, unique.name)
    key = ", ".join(value.sql for value in known)
    given = " AND ".join(f"{value.sql} IS NOT NULL" for value in known)
    theirs = ", ".join(quoted(name) for name, _length in unique.parts)
    taken = f"SELECT {theirs} FROM {quoted(table.name)}"
    twice = f"SELECT {key} FROM {quoted(INCOMING)} WHERE {given} GROUP BY {key} HAVING COUNT(*) > 1"
    rows = f"{_incoming(insert)} * FROM {quoted(INCOMING)} WHERE {given}"
    select = f"{rows} AND (({key}) IN ({taken}) OR ({key}) IN ({twice}))"
    unsettled = table.unsettled(name for name, _length in unique.parts)
    doubtful = f"{rows} AND ({unsettled.partition(' WHERE ')[2]})" if unsettled else ""
    return RowRequirement(
        "incoming", table.name, columns, unique.name, select, "", doubtful, frozenset({("", "")})
    )


def _value(table: Table, name: str, length: int | None) -> Value | None:
    column, value = table.change.after[name.lower()], key_part(table, name, None)
    if length or value is None:
        return None
    is_numbered = column.is_counter and table.modes.counts_zero
    return replace(value, sql=f"NULLIF({value.sql}, 0)") if is_numbered else value


def _incoming(insert: Insert) -> str:
    names = ", ".join(map(quoted, insert.columns))
    return f"WITH {quoted(INCOMING)} ({names}) AS ({insert.select}) SELECT"
