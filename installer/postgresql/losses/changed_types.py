"""Finds columns whose values a new type may have changed without an error: rounded, cut off, computed."""

import re
from collections.abc import Iterator, Mapping, Sequence

from installer.bundle.layout import shown
from installer.bundle.sql.postgresql_statements import tokens_of
from installer.database.values.rehearsal_result import RehearsedMigration, RehearsedStatement, SilentChange
from installer.postgresql.offenders.casts import is_cast_only, is_named
from installer.postgresql.offenders.table_shape import Column, TableShape
from installer.text import _

Shapes = Mapping[int, TableShape]
Place = tuple[RehearsedMigration, RehearsedStatement]
WHOLE = ("smallint", "integer", "bigint")
UNLIMITED = ("text", "character varying")
NUMERIC = re.compile(r"numeric\((\d+),(-?\d+)\)")
VARYING = re.compile(r"character varying\((\d+)\)")
MOMENT = re.compile(r"(time|timestamp)(?:\((\d)\))?( with(?:out)? time zone)")
MOST_DIGITS = 6


def changed_types(
    before: Shapes, after: Shapes, enums: Sequence[int], seen: Sequence[RehearsedMigration]
) -> tuple[SilentChange, ...]:
    """Returns the columns whose type changed in a way that not every value survives; they are not counted.

    `enums` are the numbers of the types that refuse what they do not have.
    """
    return tuple(_changes(before, after, enums, seen))


def _changes(
    before: Shapes, after: Shapes, enums: Sequence[int], seen: Sequence[RehearsedMigration]
) -> Iterator[SilentChange]:
    for table in before.keys() & after.keys():
        for number in before[table].columns.keys() & after[table].columns.keys():
            old, new = before[table].columns[number], after[table].columns[number]
            place = _place(seen, {old.name, new.name})
            if old.type == new.type or place is None:
                continue
            is_plain = is_cast_only(place[1].text, old.name) is not None
            if not is_plain or not (keeps_values(old.type, new.type) or new.type_number in enums):
                yield _change(before[table].name, old, new, place, is_plain=is_plain)


def keeps_values(old: str, new: str) -> bool:
    """Returns whether a cast between these types gives each value exactly, or an error."""
    if new in UNLIMITED:
        return not old.startswith("character(")  # which pads with spaces
    if old in WHOLE and (new in (*WHOLE, "numeric") or NUMERIC.fullmatch(new)):
        return new in (*WHOLE, "numeric") or new.endswith(",0)")
    pair = NUMERIC.fullmatch(old), NUMERIC.fullmatch(new)
    if pair[0] and (pair[1] or new == "numeric"):
        return pair[1] is None or int(pair[1][2]) >= int(pair[0][2])
    lengths = VARYING.fullmatch(old), VARYING.fullmatch(new)
    if lengths[0] and lengths[1]:
        return int(lengths[1][1]) >= int(lengths[0][1])
    moments = MOMENT.fullmatch(old), MOMENT.fullmatch(new)
    if moments[0] and moments[1] and moments[0].group(1, 3) == moments[1].group(1, 3):
        return int(moments[1][2] or MOST_DIGITS) >= int(moments[0][2] or MOST_DIGITS)
    return (old, new) == ("real", "double precision")


def _place(seen: Sequence[RehearsedMigration], names: set[str]) -> Place | None:
    """Returns the last statement that changes the type of a column with one of these names."""
    found = None
    for migration in seen:
        for statement in migration.statements:
            tokens = tuple(tokens_of(statement.text))
            changes = any(token.upper == "TYPE" for token in tokens)
            if changes and any(is_named(token, name) for token in tokens for name in names):
                found = migration, statement
    return found


def _change(table: str, old: Column, new: Column, place: Place, *, is_plain: bool) -> SilentChange:
    migration, statement = place
    words = {
        "table": shown(table),
        "column": shown(old.name),
        "was": shown(old.type),
        "now": shown(new.type),
    }
    told = _(
        "The number of rows of `{table}` that change their value in `{column}` without an error"
        " is not known: {was} → {now}.", **words,
    )  # fmt: skip
    back = f"{old.sql} IS DISTINCT FROM {old.sql}::{new.type}::{old.type}"
    select = f"SELECT * FROM {table} WHERE {back}" if is_plain else ""
    return SilentChange(
        migration.name, statement.number, statement.line, table, old.name, None, select, told,
        fits_today=bool(select),
    )  # fmt: skip
