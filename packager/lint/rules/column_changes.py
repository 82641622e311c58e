"""Checks changes of a column: which values it no longer allows, and what the server does for the change."""

import unicodedata
from collections.abc import Iterable, Iterator

from packager.lint.catalogue.findings import Finding
from packager.lint.history.changes import ChangeColumn
from packager.lint.history.tables import Column, Table
from packager.lint.rules.lossy_conversions import TEXTS, never_fails, silent_codes
from packager.lint.rules.rule_context import RuleContext
from packager.lint.rules.types import collation, fits, is_copied, is_same_type

SET_BYTES = (8, 16, 24, 32)  # the values that fit into 1, 2, 3, 4 bytes; 64 fit into 8
ENUM_BYTES = (255,)
FAILS_ONLY_IF_STRICT = ("AL112", "MF104", "MY110", "MY120")


def judge_change(change: ChangeColumn, context: RuleContext) -> Iterator[Finding]:
    """Yields what a MODIFY or CHANGE may do to the existing column."""
    table, name, now = change.table, change.name, change.column
    known = context.table(table)
    was = known.column(name) if known else None
    if known is None or was is None:
        if not context.is_sure or known is None:
            yield Finding("AL181", table, name, now=now.written_type)
        return
    if name.lower() != now.name.lower():
        yield Finding("BC102", table, name, now=now.name)
    yield from _refused(known, was, now, context)
    if (was.generated == "virtual") != (now.generated == "virtual"):
        yield Finding("AL139", table, name)
    yield from _lost(known, was, now)
    if context.may_have_rows(table):
        for finding in _hard_for_rows(known, was, now, context):
            if finding.code not in FAILS_ONLY_IF_STRICT or context.is_strict:
                yield finding
            elif not context.ignores_errors:
                yield Finding("AL157", table, name)
        yield from _new_collation(known, was, now)


def _refused(table: Table, was: Column, now: Column, context: RuleContext) -> Iterator[Finding]:
    """Yields foreign keys that keep the types of their columns, while foreign keys are checked."""
    if is_same_type(was, now, table.charset) or not context.schema.checks_foreign_keys:
        return
    for key in context.foreign_keys_on(table, was.name):
        yield Finding("AL120", table.name, was.name, now=key.called)


def _lost(table: Table, was: Column, now: Column) -> Iterator[Finding]:
    """Yields attributes that MODIFY and CHANGE drop because they do not repeat them."""
    if (
        was.default not in (None, "NULL")
        and now.default is None
        and not now.is_auto_increment
        and not now.generated
    ):
        yield Finding("AL145", table.name, was.name, now=f"DEFAULT {was.default}")
    if was.is_auto_increment and not now.is_auto_increment:
        yield Finding("AL145", table.name, was.name, now="AUTO_INCREMENT")


def _new_collation(table: Table, was: Column, now: Column) -> Iterator[Finding]:
    """Yields effects of a new collation: equal texts in unique indexes, and rebuilt indexes."""
    before, after = collation(was, table), collation(now, table)
    if before == after:
        return
    if was.name.lower() in [name.lower() for columns in table.keys for name in columns]:
        yield Finding("AL149", table.name, was.name, now=after or "")
    if is_same_type(was, now, table.charset) and table.indexes_with(was.name) and was.type in TEXTS:
        yield Finding("MY130", table.name, was.name, before or "", after or "")


def _hard_for_rows(table: Table, was: Column, now: Column, context: RuleContext) -> Iterator[Finding]:
    is_filled = now.type == "timestamp" or was.name in table.primary_key
    if was.is_nullable and not now.is_nullable and not is_filled:
        yield _repaired(table.name, was.name, (), context) or Finding("MF104", table.name, was.name)
    is_renumbered = now.is_auto_increment and not was.is_auto_increment
    if is_renumbered:
        yield Finding("AL146", table.name, was.name)
    if was.type == now.type and was.type in ("enum", "set"):
        yield from _other_values(table, was, now, context)
    elif not fits(was, now, table.charset) and not never_fails(was, now):
        yield Finding("AL112", table.name, was.name, was.written_type, now.written_type)
    for code in silent_codes(was, now, table.charset):
        yield Finding(code, table.name, was.name, was.written_type, now.written_type)
    if was.generated and now.generated and was.expression != now.expression:
        yield Finding("AL136", table.name, was.name)
        if "stored" in (was.generated, now.generated):
            yield Finding("MY140", table.name, was.name)
    if was.is_nullable and now.type == "timestamp" and not now.says_null:
        yield Finding("AL137", table.name, was.name)
    if is_copied(was, now, table.charset) and not is_renumbered:
        yield Finding("MY130", table.name, was.name, was.written_type, now.written_type)


def _repaired(table: str, column: str, values: tuple[str, ...], context: RuleContext) -> Finding | None:
    """Returns a notice instead of a warning if an earlier UPDATE or DELETE left no such row."""
    here = [one for one in context.repairs if (one.table, one.column) == (table, column.lower())]
    if not values:
        found = next((one for one in here if not one.values), None)
    else:
        repaired = {value.lower() for one in here for value in one.values}
        found = here[-1] if here and {value.lower() for value in values} <= repaired else None
    return Finding("AL147", table, column, was=str(found.line), now=found.words) if found else None


def _other_values(table: Table, was: Column, now: Column, context: RuleContext) -> Iterator[Finding]:
    """Yields changes of ENUM (MY110 to MY113) or SET (MY120 to MY123) values, by their collation."""
    family = "MY11" if was.type == "enum" else "MY12"
    exact = (collation(now, table) or "").endswith(("_bin", "_cs", "binary"))
    before, after = _folded(was, exact=exact), _folded(now, exact=exact)
    kept = [value for value in before if value in after]
    removed = tuple(before[value] for value in before if value not in after)
    added = [after[value] for value in after if value not in before]
    letters = {_letters(value) for value in before if not exact and before[value] not in now.values}
    respelled = tuple(value for value in now.values if value not in was.values and _letters(value) in letters)
    if respelled:
        yield Finding("AL138", table.name, was.name, now=_quoted(respelled))
    if any(value.isdigit() for value in removed):
        yield Finding("AL152", table.name, was.name, was.written_type, now.written_type)
    if removed:
        yield _repaired(table.name, was.name, removed, context) or Finding(
            f"{family}0", table.name, was.name, now=_quoted(removed)
        )
    if kept != [value for value in after if value in before]:
        yield Finding(f"{family}1", table.name, was.name)
    elif added and list(after)[: len(kept)] != kept:
        yield Finding(f"{family}2", table.name, was.name, now=_quoted(added))
    if _bytes(was) < _bytes(now):
        yield Finding(f"{family}3", table.name, was.name)


def _folded(column: Column, *, exact: bool) -> dict[str, str]:
    """Maps what distinguishes the values to the values: their lower case, unless the collation is exact."""
    return {value if exact else value.lower(): value for value in column.values}


def _letters(value: str) -> str:
    """Returns the value without case and accents, as the usual collations compare it."""
    parts = unicodedata.normalize("NFKD", value.casefold())
    return "".join(letter for letter in parts if not unicodedata.combining(letter))


def _bytes(column: Column) -> int:
    """Returns a number that grows with the bytes needed for this many values."""
    bounds = ENUM_BYTES if column.type == "enum" else SET_BYTES
    return sum(len(column.values) > bound for bound in bounds)


def _quoted(values: Iterable[str]) -> str:
    return ", ".join(f"'{value}'" for value in values)
