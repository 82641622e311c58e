"""Checks changes of a column's type: whether it is rewritten, refused, or loses values."""

from collections.abc import Iterator

from packager.lint.catalogue.findings import Finding
from packager.lint.history.changes import Change
from packager.lint.history.tables import Column
from packager.lint.postgresql.postgresql_changes import ChangeType
from packager.lint.postgresql.postgresql_history import Known
from packager.lint.postgresql.reading.column_types import ColumnType, read_type
from packager.lint.postgresql.reading.postgresql_words import words_of
from packager.lint.postgresql.rules.conversions_of_types import (
    TEXTS,
    fits_always,
    is_automatic,
    is_rewritten,
    is_same,
    lost_quietly,
    written_type,
)
from packager.lint.postgresql.rules.named_casts import accepts_all, is_named, lost_by_cast
from packager.lint.sql.tokens import NotSql

BY_TEXT = ("text", "varchar")  # a cast by way of these changes nothing


def judge_type(change: Change, known: Known) -> Iterator[Finding]:
    """Yields what a change of a column's type does to a table with rows."""
    if not isinstance(change, ChangeType) or not known.has_rows(change.table):
        return
    was, now = known.column(change.table, change.name), change.now
    casts = _casts(change.using, change.name)
    if change.using and casts is None:
        yield Finding("PG209", change.table, change.name, now=" ".join(change.using.split()))
        yield _rewritten(change, was)
    elif was is None:
        yield Finding("AL181", change.table, change.name, now=written_type(now))
    elif not is_same(was, now):
        yield from _converted(change, was, known, is_cast=is_named(casts, now))


def _converted(change: ChangeType, was: Column, known: Known, *, is_cast: bool) -> Iterator[Finding]:
    table, name, now = change.table, change.name, change.now
    values = {"was": written_type(was), "now": written_type(now)}
    if not change.using and not (is_automatic(was, now) and _is_no_enum(was, now, known)):
        yield Finding("PG207", table, name, **values)
        return
    if not fits_always(was, now) and not (is_cast and accepts_all(was, now)):
        yield from _misfit(change, was, known)
    quiet = lost_quietly(was, now) or (lost_by_cast(was, now) if is_cast else "")
    if quiet:
        yield Finding(quiet, table, name, **values)
    if is_rewritten(was, now):
        yield _rewritten(change, was)


def _is_no_enum(was: Column, now: Column, known: Known) -> bool:
    """Returns whether no enum is involved, or the new type is a text."""
    types = {column.type.removesuffix("[]") for column in (was, now)}
    return now.type in TEXTS or not types & known.enums.keys()


def _misfit(change: ChangeType, was: Column, known: Known) -> Iterator[Finding]:
    """Yields the values that an enum loses; of other types, that values may not fit."""
    before = known.enums.get(was.type.removesuffix("[]"))
    after = known.enums.get(change.now.type.removesuffix("[]"))
    if before is None or after is None:
        values = {"was": written_type(was), "now": written_type(change.now)}
        yield Finding("AL112", change.table, change.name, **values)
        return
    removed = [f"'{value}'" for value in before if value not in after]
    if removed:
        yield Finding("PG204", change.table, change.name, now=", ".join(removed))


def _rewritten(change: ChangeType, was: Column | None) -> Finding:
    before = written_type(was) if was else "?"
    return Finding("PG301", change.table, change.name, was=before, now=written_type(change.now))


def _casts(using: str, column: str) -> tuple[ColumnType, ...] | None:
    """Returns the casts of `column::type`; None for an expression that computes other values."""
    words = words_of(using)
    try:
        if words.sees("("):
            words = words.inside()
        if not words.sees_name() or words.name() != column:
            return None
        casts = []
        while words.take(":", ":"):
            casts.append(read_type(words))
    except NotSql:
        return None
    is_plain = not words.rest and all(cast.name.removesuffix("[]") in BY_TEXT for cast in casts[:-1])
    return tuple(casts) if is_plain else None
