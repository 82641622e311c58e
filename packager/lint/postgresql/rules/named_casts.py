"""Knows what a cast in USING does that no other conversion does: it cuts values off, or takes another kind.

Measured on PostgreSQL 15, 17 and 18 (`tests/agreement/postgresql/`).
"""

from collections.abc import Sequence

from packager.lint.history.tables import Column
from packager.lint.postgresql.reading.column_types import ColumnType
from packager.lint.postgresql.rules.conversions_of_types import fits_always

BITS = ("bit", "varbit")
OTHER_KINDS = (("integer", "boolean"), ("boolean", "integer"))
BITS_OF = {"integer": 32, "bigint": 64}


def is_named(casts: Sequence[ColumnType] | None, now: Column) -> bool:
    """Returns whether the last cast of a USING names the new type itself."""
    last = casts[-1] if casts else None
    return last is not None and (last.name, last.size) == (now.type, now.size)


def accepts_all(was: Column, now: Column) -> bool:
    """Returns whether such a cast takes every value."""
    has_room = was.type == "bit" and was.size[0] <= BITS_OF.get(now.type, 0)
    return is_cut(was, now) or has_room or (was.type, now.type) in OTHER_KINDS


def lost_by_cast(was: Column, now: Column) -> str:
    """Returns the code of what such a cast changes without an error; empty if nothing."""
    if is_cut(was, now):
        return "PG210"
    return "AL156" if (was.type, now.type) == OTHER_KINDS[0] else ""


def is_cut(was: Column, now: Column) -> bool:
    """Returns whether such a cast shortens what is too long."""
    if now.type in BITS and now.size:
        return was.type in (*BITS, "integer", "bigint") and (was.type, was.size) != (now.type, now.size)
    is_text = now.type.removesuffix("[]") in ("char", "varchar")
    is_parsed = now.type.endswith("[]") and not was.type.endswith("[]")
    return is_text and bool(now.size) and not is_parsed and not fits_always(was, now)
