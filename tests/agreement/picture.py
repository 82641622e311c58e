"""Every value of every table, and which rows hold others afterwards."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby, product
from typing import TYPE_CHECKING

from installer.mariadb.server.queries import quoted, rows_of
from tests.agreement.value import Value, is_same, value_of

if TYPE_CHECKING:
    from installer.mariadb.server.queries import Server

COLUMNS = """SELECT table_name, column_name, data_type, column_default, is_generated, extra
    FROM information_schema.columns WHERE table_schema = DATABASE() ORDER BY table_name, ordinal_position"""
Row = tuple[str, int]
Readings = tuple[Value, ...]  # two of a FLOAT and a DOUBLE: as printed, as kept
Values = Mapping[str, Readings]


@dataclass(frozen=True)
class Picture:
    """By table and id: each column's value in the ways it can be read. `given` columns have a default."""

    rows: Mapping[str, Mapping[int, Values]]
    given: frozenset[tuple[str, str]]
    computed: frozenset[tuple[str, str]]


@dataclass(frozen=True)
class Described:
    """A column as information_schema describes it."""

    table: str
    name: str
    kind: str
    default: str | None
    generated: str
    extra: str

    @property
    def is_given(self) -> bool:
        """Whether somebody said what new rows get in it."""
        has_default = self.default not in (None, "NULL")
        return has_default or self.generated != "NEVER" or "auto_increment" in self.extra


@dataclass(frozen=True)
class Difference:
    """Rows that hold other values, rows that are gone, and whether rows got values that nobody gave."""

    changed: frozenset[Row]
    lost: frozenset[Row]
    is_filled: bool


def picture_of(connection: "Server") -> Picture:
    """The tables of the connected database as they are."""
    connection.decoders = {}  # every value as the server prints it
    found = [Described(*row) for row in rows_of(connection, COLUMNS)]
    tables = {
        table: {one.name: one.kind for one in group}
        for table, group in groupby(found, key=lambda one: one.table)
    }
    return Picture(
        _rows(connection, tables),
        frozenset((one.table, one.name) for one in found if one.is_given),
        frozenset((one.table, one.name) for one in found if "VIRTUAL" in one.extra),
    )


def difference(
    before: Picture, after: Picture, kept: frozenset[Row], renamed: Mapping[tuple[str, str], str]
) -> Difference:
    """What happened to the `kept` rows; `renamed` has the old name of a column by its table and new one."""
    tables = _same_tables(before, after)
    changed, lost, is_filled = set(), set(), False
    for table, id_ in kept:
        new = tables.get(table, "")
        row, old = _renamed(after, new, id_, renamed), before.rows[table][id_]
        if row is None:
            (lost if _is_fewer(before, after, table, new, kept) else changed).add((table, id_))
            continue
        if any(_is_other(name, old, row, is_computed=(table, name) in before.computed) for name in old):
            changed.add((table, id_))
        added = [name for name in row if name not in old and (new, name) not in after.given]
        is_filled = is_filled or any(_is_value(row[name]) for name in added)
    return Difference(frozenset(changed), frozenset(lost), is_filled)


def _is_other(name: str, old: Values, new: Values, *, is_computed: bool) -> bool:
    if name not in new:
        return _is_value(old[name]) and not is_computed
    if len(old[name]) > 1 and len(new[name]) > 1:
        return not is_same(old[name][-1], new[name][-1])
    return not any(is_same(*pair) for pair in product(old[name], new[name]))


def _is_fewer(before: Picture, after: Picture, table: str, new: str, kept: frozenset[Row]) -> bool:
    return len(after.rows.get(new, {})) < sum(name == table for name, _id in kept)


def _same_tables(before: Picture, after: Picture) -> dict[str, str]:
    gone = [name for name in before.rows if name not in after.rows]
    came = [name for name in after.rows if name not in before.rows]
    moved = dict(zip(gone, came, strict=True)) if len(gone) == len(came) == 1 else {}
    return {name: moved.get(name, name) for name in before.rows if name in after.rows or name in moved}


def _renamed(picture: Picture, table: str, id_: int, renamed: Mapping[tuple[str, str], str]) -> Values | None:
    rows = picture.rows.get(table, {})
    if id_ not in rows:
        return None
    return {renamed.get((table, name), name): values for name, values in rows[id_].items()}


def _rows(connection: "Server", tables: Mapping[str, Mapping[str, str]]) -> dict[str, dict[int, Values]]:
    """The rows of all tables in one request; of a table its columns' kinds by name."""
    found: dict[str, dict[int, Values]] = {}
    with connection.cursor() as cursor:
        cursor.execute("; ".join(_select(table, kinds) for table, kinds in tables.items()))
        for table, kinds in tables.items():
            found[table] = dict(_row(kinds, row) for row in cursor.fetchall())
            cursor.nextset()
    return found


def _select(table: str, kinds: Mapping[str, str]) -> str:
    return f"SELECT {', '.join([*map(quoted, kinds), *map(_exact, _floats(kinds))])} FROM {quoted(table)}"


def _floats(kinds: Mapping[str, str]) -> list[str]:
    return [name for name, kind in kinds.items() if kind in ("float", "double")]


def _row(kinds: Mapping[str, str], row: tuple[str | bytes | None, ...]) -> tuple[int, Values]:
    """The row's id, and its values; a table that has lost its ids is known by its first column."""
    values = {name: (value_of(kind, value),) for (name, kind), value in zip(kinds.items(), row, strict=False)}
    for name, value in zip(_floats(kinds), row[len(kinds) :], strict=True):
        values[name] = (*values[name], value_of("float", value))
    key = list(kinds).index("id") if "id" in kinds else 0
    return int(row[key] or 0), values


def _exact(name: str) -> str:
    """A FLOAT as it is kept; the server prints six digits of it."""
    return f"CAST({quoted(name)} AS DOUBLE)"


def _is_value(readings: Readings) -> bool:
    return readings[0] is not None
