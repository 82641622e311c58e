"""Rules for a column that is changed: what its values can no longer be, and what the server does for that."""

from collections.abc import Iterator

from packager.lint.changes import ChangeColumn
from packager.lint.findings import Finding
from packager.lint.scene import Scene
from packager.lint.schema import Column, Table
from packager.lint.silent import never_fails, silent_codes
from packager.lint.types import fits, is_copied, is_same_type

SET_BYTES = (8, 16, 24, 32)  # so many values fit into 1, 2, 3, 4 bytes; 64 into 8
ENUM_BYTES = (255,)
FAILS_ONLY_IF_STRICT = ("AL112", "MF104", "MY110", "MY120")


def judge_change(change: ChangeColumn, scene: Scene) -> Iterator[Finding]:
    """What a MODIFY or CHANGE may do to the column as it was."""
    table, name, now = change.table, change.name, change.column
    known = scene.table(table)
    was = known.column(name) if known else None
    if known is None or was is None:
        yield Finding("AL181", table, name, now=now.written_type)
        return
    if name.lower() != now.name.lower():
        yield Finding("BC102", table, name, now=now.name)
    yield from _refused(known, was, now, scene)
    if scene.may_have_rows(table):
        for finding in _hard_for_rows(known, was, now):
            if finding.code not in FAILS_ONLY_IF_STRICT or scene.is_strict:
                yield finding
            elif not scene.ignores_errors:
                yield Finding("AL157", table, name)


def _refused(table: Table, was: Column, now: Column, scene: Scene) -> Iterator[Finding]:
    """A foreign key keeps the types of its columns, while foreign keys are checked."""
    if is_same_type(was, now, table.charset) or not scene.schema.checks_foreign_keys:
        return
    own = table.foreign_keys_with(was.name)
    theirs = [
        key
        for _table, key in scene.schema.references_to(table.name)
        if was.name.lower() in map(str.lower, key.to_columns)
    ]
    for key in (*own, *theirs):
        if not scene.drops_foreign_key(key):
            yield Finding("AL120", table.name, was.name, now=key.name or ", ".join(key.columns))


def _hard_for_rows(table: Table, was: Column, now: Column) -> Iterator[Finding]:
    is_filled = now.type == "timestamp" or was.name in table.primary_key
    if was.is_nullable and not now.is_nullable and not is_filled:
        yield Finding("MF104", table.name, was.name)
    if was.type == now.type and was.type in ("enum", "set"):
        yield from _other_values(table, was, now)
    elif not fits(was, now, table.charset) and not never_fails(was, now):
        yield Finding("AL112", table.name, was.name, was.written_type, now.written_type)
    for code in silent_codes(was, now, table.charset):
        yield Finding(code, table.name, was.name, was.written_type, now.written_type)
    if is_copied(was, now, table.charset):
        yield Finding("MY130", table.name, was.name, was.written_type, now.written_type)


def _other_values(table: Table, was: Column, now: Column) -> Iterator[Finding]:
    """The values of an ENUM (MY110 to MY113) or of a SET (MY120 to MY123)."""
    family = "MY11" if was.type == "enum" else "MY12"
    kept = [value for value in was.values if value in now.values]
    removed = [value for value in was.values if value not in now.values]
    added = [value for value in now.values if value not in was.values]
    if removed:
        yield Finding(f"{family}0", table.name, was.name, now=_quoted(removed))
    if kept != [value for value in now.values if value in was.values]:
        yield Finding(f"{family}1", table.name, was.name)
    elif added and list(now.values[: len(kept)]) != kept:
        yield Finding(f"{family}2", table.name, was.name, now=_quoted(added))
    if _bytes(was) < _bytes(now):
        yield Finding(f"{family}3", table.name, was.name)


def _bytes(column: Column) -> int:
    """A number that grows with the bytes that so many values need."""
    bounds = ENUM_BYTES if column.type == "enum" else SET_BYTES
    return sum(len(column.values) > bound for bound in bounds)


def _quoted(values: list[str]) -> str:
    return ", ".join(f"'{value}'" for value in values)
