"""Finds the new requirements that a statement sets for existing rows, each with the SELECT for violations."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from installer.database.offenders.row_requirement import RowRequirement
from installer.postgresql.offenders.casts import is_cast_only
from installer.postgresql.offenders.misfits import misfit
from installer.postgresql.offenders.table_shape import Column, ForeignKey, TableShape, Unique

Labels = Mapping[int, Sequence[str]]


@dataclass(frozen=True)
class Change:
    """Holds a table before and after a statement `sql`, which ran on it while it had no rows.

    `labels` are the values of all enums afterwards. `can_try`: the server has `pg_input_is_valid`.
    """

    sql: str
    before: TableShape
    after: TableShape
    labels: Labels
    can_try: bool

    def rows(self, condition: str) -> str:
        """Returns the SELECT for the present rows that meet a condition."""
        return f"SELECT * FROM {self.before.name} WHERE {condition}"

    def reading(self, numbers: Iterable[int]) -> frozenset[tuple[str, str]]:
        """Returns these columns with their table, as they are named now."""
        columns = (self.before.columns.get(number) or self.after.columns[number] for number in numbers)
        return frozenset((self.before.name, column.name) for column in columns)


def new_requirements(change: Change) -> Iterator[RowRequirement]:
    """Yields what the table requires of its rows after the statement and did not before."""
    before, after = change.before, change.after
    for number, column in after.columns.items():
        yield from _of_column(change, number, before.columns.get(number), column)
    for unique in after.uniques:
        if unique not in before.uniques:
            yield _of_unique(change, unique)
    for check in after.checks:
        if check not in before.checks:
            yield RowRequirement(
                "check", before.name, check.name, check.expression,
                select=change.rows(f"NOT ({check.expression})"), reads=change.reading(check.reads),
            )  # fmt: skip
    for key in after.foreign_keys:
        if key not in before.foreign_keys:
            yield _of_key(change, key)


def _of_column(change: Change, number: int, old: Column | None, new: Column) -> Iterator[RowRequirement]:
    table = change.before.name
    if old is None:
        if new.is_required and not new.has_default:
            reads = change.reading(list(change.before.columns)[:1])
            yield RowRequirement("added", table, new.name, select=f"SELECT * FROM {table}", reads=reads)
        return
    reads = change.reading([number])
    if new.is_required and not old.is_required:
        null = change.rows(f"{old.sql} IS NULL")
        yield RowRequirement("null", table, old.name, select=null, reads=reads)
    if new.type != old.type:
        condition = _misfit(change, old, new)
        select = "" if condition is None else change.rows(condition)
        yield RowRequirement("type", table, old.name, new.type, select=select, reads=reads)


def _misfit(change: Change, old: Column, new: Column) -> str | None:
    named_cast = is_cast_only(change.sql, old.name)
    labels = change.labels.get(new.type_number, ())
    if named_cast is None:
        return None
    return misfit(old, new, labels, named_cast=named_cast, can_try=change.can_try)


def _of_unique(change: Change, unique: Unique) -> RowRequirement:
    table, key = change.before.name, ", ".join(unique.key)
    nulls = [] if unique.knows_nulls else [f"{part} IS NOT NULL" for part in unique.key]
    conditions = [f"({unique.condition})"] * bool(unique.condition) + nulls
    among = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    groups = f"SELECT count(*) AS n FROM {table}{among} GROUP BY {key} HAVING count(*) > 1"
    shared = f"SELECT {key} FROM {table}{among} GROUP BY {key} HAVING count(*) > 1"
    named = key if len(unique.key) == 1 else f"({key})"
    select = change.rows(" AND ".join([f"{named} IN ({shared})", *conditions[: bool(unique.condition)]]))
    if unique.knows_nulls:
        same = f"SELECT *, count(*) OVER (PARTITION BY {key}) AS same FROM {table}{among}"
        select = f"SELECT * FROM ({same}) AS found WHERE same > 1"
    words = ", ".join(f"`{part}`" for part in unique.key)
    return RowRequirement(
        "unique", table, words, unique.name, select=select, groups=groups, reads=change.reading(unique.reads)
    )


def _of_key(change: Change, key: ForeignKey) -> RowRequirement:
    table = change.before.name
    columns = [change.before.columns.get(number) or change.after.columns[number] for number in key.columns]
    own = [column.sql for column in columns]
    pairs = " AND ".join(
        f"parent.{theirs} = child.{ours}" for theirs, ours in zip(key.parent_columns, own, strict=True)
    )
    orphan = f"NOT EXISTS (SELECT FROM {key.parent} AS parent WHERE {pairs})"
    given = " AND ".join(f"child.{name} IS NOT NULL" for name in own)
    condition = f"{given} AND {orphan}"
    if key.is_full and len(own) > 1:
        missing = " AND ".join(f"child.{name} IS NULL" for name in own)
        condition = f"NOT ({missing}) AND (NOT ({given}) OR {orphan})"
    words = ", ".join(f"`{column.name}`" for column in columns)
    select = f"SELECT * FROM {table} AS child WHERE {condition}"
    reads = change.reading(key.columns) | {(key.parent, name) for name in key.parent_columns}
    return RowRequirement("reference", table, words, key.parent, select=select, reads=reads)
