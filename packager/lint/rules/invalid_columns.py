"""Checks what no server accepts for a column, with any rows: an invalid default, a wrong key.

Each finding is AL128: `was` is the refused SQL, `now` is the error number.
"""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from packager.lint.catalogue.findings import Finding
from packager.lint.history.changes import (
    AddColumn,
    AddIndex,
    Change,
    ChangeColumn,
    ChangeDefault,
    CreateCode,
    DropColumn,
    RenameIndex,
)
from packager.lint.history.tables import Column, Table, same
from packager.lint.rules.lossy_conversions import EXACT_BITS, TEXTS
from packager.lint.rules.rule_context import RuleContext
from packager.lint.rules.types import BLOB_BYTES, INTEGERS, TEXT_BYTES
from packager.lint.sql.blanked import LITERAL, names_in

NUMBER = re.compile(r"[-+]?\d+(\.\d*)?")
DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)\b")
ONE_NAME = re.compile(r"(\()?\s*(`(?:[^`]|``)+`|[^\W\d]\w*)\s*(?(1)\))")
NO_COLUMNS = re.compile(r"(CURRENT|UTC)_\w+|LOCALTIME|LOCALTIMESTAMP|NULL|TRUE|FALSE", re.IGNORECASE)
MOST_DIGITS = 65
INVALID_DEFAULT, READS_ITSELF, TOO_MANY_DIGITS = "1067", "4029", "1426"
NO_TEXT, TOO_LONG, READ_BY_ANOTHER = "1283", "1071", "1054"


def judge_possible(change: Change, context: RuleContext) -> Iterator[Finding]:
    """Yields every part of a change that no server accepts."""
    table = context.table(change.changed_table)
    match change:
        case AddColumn(table=name, column=column) | ChangeColumn(table=name, column=column):
            yield from _of_column(name, column)
            place = change.after if isinstance(change, AddColumn) and context.is_sure else ""
            if place and table and not context.knows_column(table, place):
                yield Finding("AL124", name, place, now="1054")
            if isinstance(change, ChangeColumn) and table:
                yield from _of_long_key(table, change.name, column)
        case ChangeDefault(name=name, default=str(default)) if table and (known := table.column(name)):
            yield from _of_default(table.name, known, default)
        case AddIndex(index=index) if table and index.kind == "fulltext":
            found = [one for one in map(table.column, index.columns) if one and one.type not in TEXTS]
            yield from (Finding("AL128", table.name, one.name, was="FULLTEXT", now=NO_TEXT) for one in found)
        case RenameIndex(to=to) if table and any(same(one.name, to) for one in table.indexes):
            yield Finding("AL123", table.name, to, now="1061")
        case CreateCode(kind="view", name=name) if context.table(name):
            yield Finding("AL123", name, now="1050")
        case DropColumn(name=name) if table and _is_read(table, name, context):
            yield Finding("AL128", table.name, name, was="DROP COLUMN", now=READ_BY_ANOTHER)


def _of_column(table: str, column: Column) -> Iterator[Finding]:
    if column.default is not None:
        yield from _of_default(table, column, column.default)
    if column.type == "decimal" and column.size and column.size[0] > MOST_DIGITS:
        yield Finding("AL128", table, column.name, was=column.written_type, now=TOO_MANY_DIGITS)


def _of_default(table: str, column: Column, default: str) -> Iterator[Finding]:
    if _is_name_of(column, default):
        yield Finding("AL128", table, column.name, was=f"DEFAULT {default}", now=READS_ITSELF)
    elif not _is_value(column, default):
        yield Finding("AL128", table, column.name, was=f"DEFAULT {default}", now=INVALID_DEFAULT)


def _is_name_of(column: Column, default: str) -> bool:
    found = ONE_NAME.fullmatch(default)
    if found is None or NO_COLUMNS.fullmatch(found[2]):
        return False
    return names_in(found[2]) == {column.name.lower()}


def _is_value(column: Column, default: str) -> bool:
    """Returns whether a literal may be a value of the column; other expressions may."""
    if NUMBER.fullmatch(default):
        return column.type not in INTEGERS or _is_in_range(column, Decimal(default))
    text = LITERAL.fullmatch(default)
    if text is None:
        return True
    value = text[1].replace("''", "'")
    if column.type in INTEGERS:
        return NUMBER.fullmatch(value.strip()) is not None and _is_in_range(column, Decimal(value.strip()))
    if column.type in ("date", "datetime", "timestamp"):
        return _may_be_day(value)
    if column.type == "enum":
        return value.lower().rstrip() in [one.lower() for one in column.values] or value.isdigit()
    return column.type not in ("char", "varchar") or len(value.rstrip()) <= (column.size or (1,))[0]


def _is_in_range(column: Column, value: Decimal) -> bool:
    values = Decimal(2) ** EXACT_BITS[column.type]
    return 0 <= value < values if column.is_unsigned else -values / 2 <= value < values / 2


def _may_be_day(value: str) -> bool:
    """Returns whether the text may be a date; zeros depend on sql_mode."""
    found = DAY.match(value)
    if found is None or "00" in (found[2], found[3]):
        return True
    try:
        date(max(int(found[1]), 1), int(found[2]), int(found[3]))
    except ValueError:
        return False
    return True


def _of_long_key(table: Table, name: str, column: Column) -> Iterator[Finding]:
    """Yields a finding if a TEXT or BLOB makes an index with several columns too long."""
    was = table.column(name)
    is_long = column.type in {*TEXT_BYTES, *BLOB_BYTES} - {"json"}
    is_among_others = any(len(index.columns) > 1 for index in table.indexes_with(name))
    if was and was.type in INTEGERS and is_long and is_among_others:
        yield Finding("AL128", table.name, name, was=column.written_type, now=TOO_LONG)


def _is_read(table: Table, name: str, context: RuleContext) -> bool:
    dropped = {one.name.lower() for one in context.statement if isinstance(one, DropColumn | ChangeColumn)}
    others = (column for key, column in table.columns.items() if key not in dropped)
    return any(name.lower() in names_in(column.expression) for column in others)
