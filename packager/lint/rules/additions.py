"""Checks additions: columns, indexes, keys and conditions that existing rows must satisfy."""

import re
from collections.abc import Iterator

from packager.lint.catalogue.findings import Finding
from packager.lint.history.changes import (
    AddCheck,
    AddColumn,
    AddForeignKey,
    AddIndex,
    AddPrimaryKey,
    Change,
    ChangeEngine,
    ChangePartitions,
    ChangeRows,
    ConvertCharset,
    CreateTable,
    DropPrimaryKey,
    IgnoreErrors,
)
from packager.lint.history.tables import Column, Table
from packager.lint.rules.row_changes import judge_rows
from packager.lint.rules.rule_context import RuleContext
from packager.lint.rules.types import BLOB_BYTES, TEXT_BYTES, collation
from packager.lint.sql.blanked import names_in, without_texts

FOR_EACH_ROW = re.compile(  # any other default is computed once and added instantly (`test_blocking.py`)
    r"\b(UUID|SYS_GUID|UUID_SHORT|UTC_TIMESTAMP|UTC_DATE|UTC_TIME|NEXTVAL|NEXT\s+VALUE|DEFAULT)\b|`",
    re.IGNORECASE,
)
ZERO_DATES = {
    "date": "0000-00-00", "datetime": "0000-00-00 00:00:00", "timestamp": "0000-00-00 00:00:00",
}  # fmt: skip
ZERO_TIMES = {"time": "00:00:00", "year": "0000"}
EMPTY = ("char", "varchar", "binary", "varbinary", "set", "json", *TEXT_BYTES, *BLOB_BYTES)


def judge_addition(change: Change, context: RuleContext) -> Iterator[Finding]:
    """Yields what existing rows must satisfy, and what blocks writes."""
    match change:
        case AddColumn():
            yield from _added_column(change, context)
        case AddIndex():
            yield from _added_index(change, context)
        case AddForeignKey(table=name, key=key):
            yield from _added_foreign_key(name, ", ".join(key.columns), key.to, context)
        case AddCheck(table=name):
            yield Finding("AL111", name)
        case AddPrimaryKey() | DropPrimaryKey():
            yield from _other_primary_key(change, context)
        case ConvertCharset(table=name, charset=charset):
            yield from _new_collation(change, context)
            yield Finding("MY136", name, now=charset)
            if charset != "utf8mb4":
                yield Finding("AL114", name, now=charset)
        case ChangeEngine(table=name, engine=engine) if engine.lower() != "innodb":
            yield Finding("MY138", name, now=engine)
            yield from _held_by_keys(name, context)
        case ChangePartitions(table=name, loses_rows=False):
            yield Finding("MY139", name)
            yield from _held_by_keys(name, context)
        case IgnoreErrors(table=name, of_table=True):
            yield Finding("AL158", name)
            yield from _rows_dropped(name, context)
        case IgnoreErrors(table=name):
            yield Finding("AL159", name)
        case ChangeRows(table=name, kind=kind):
            if kind == "updates" and not context.schema.is_strict:
                yield Finding("AL157", name)
            yield from judge_rows(change, context)
        case CreateTable(table=name, from_select=True, elements=elements) if elements:
            yield Finding("AL134", name)


def _held_by_keys(name: str, context: RuleContext) -> Iterator[Finding]:
    """Yields foreign keys that require the table to stay in InnoDB without partitions."""
    table = context.table(name)
    own = table.foreign_keys if table else ()
    for key, columns in (
        *((key, key.columns) for key in own),
        *((key, key.to_columns) for _table, key in context.schema.references_to(name)),
    ):
        yield Finding("AL120", name, ", ".join(columns), now=key.called)


def _rows_dropped(name: str, context: RuleContext) -> Iterator[Finding]:
    """Yields a finding if ALTER IGNORE may delete referenced rows that are equal in a unique index."""
    unique = [one for one in context.statement if isinstance(one, AddIndex) and one.index.kind == "unique"]
    pointing = [table.name for table, _key in context.schema.references_to(name)]
    if unique and pointing and context.schema.checks_foreign_keys:
        yield Finding("AL133", name, now=", ".join(dict.fromkeys(pointing)))


def _added_column(change: AddColumn, context: RuleContext) -> Iterator[Finding]:
    table, column = change.table, change.column
    if _is_not_null_without_default(column):
        code = "MF103" if column.type in ZERO_DATES else "MY101"
        yield Finding(code, table, column.name, now=_empty_value(column))
    if column.references is not None:
        yield Finding("MY102", table, column.name)
        yield from _added_foreign_key(table, column.name, column.references.to, context)
    if column.is_unique and not column.is_auto_increment and (column.default or not column.is_nullable):
        yield Finding("MF101", table, column.name)
    if column.generated == "stored":
        yield Finding("MY140", table, column.name)
        yield Finding("AL135", table, column.name)
    if column.is_auto_increment:
        yield Finding("MY141", table, column.name)
    if column.default is not None and is_for_each_row(column.default, context.table(table)):
        yield Finding("AL130", table, column.name, now=column.default)
        if reads_columns(column.default, context.table(table)):
            yield Finding("AL135", table, column.name)
    if not change.is_last:
        yield Finding("MY142", table, column.name)


def _is_not_null_without_default(column: Column) -> bool:
    has_value = column.default is not None or column.generated or column.is_auto_increment
    return not column.is_nullable and not has_value


def is_for_each_row(default: str, table: Table | None) -> bool:
    """Returns whether a default can differ from row to row, so that the server writes each row."""
    return FOR_EACH_ROW.search(without_texts(default)) is not None or reads_columns(default, table)


def reads_columns(default: str, table: Table | None) -> bool:
    """Returns whether a default is computed from other columns."""
    return bool(names_in(default) & set(table.columns)) if table else False


def _empty_value(column: Column) -> str:
    """Returns the value that the server uses without a default."""
    if column.type == "enum":
        return f"'{column.values[0]}'" if column.values else "''"
    zero = "''" if column.type in EMPTY else "0"
    return {**ZERO_DATES, **ZERO_TIMES}.get(column.type, zero)


def _added_index(change: AddIndex, context: RuleContext) -> Iterator[Finding]:
    table, index = change.table, change.index
    columns = ", ".join(index.columns) or index.name or ""
    known = context.table(table)
    if index.kind == "unique" and not context.ignores_errors:
        yield Finding("MF102" if known and _is_indexed(known, index.columns) else "MF101", table, columns)
    elif index.kind in ("fulltext", "spatial"):
        yield Finding("MY134" if index.kind == "fulltext" else "MY135", table, columns)


def _is_indexed(table: Table, columns: tuple[str, ...]) -> bool:
    return any(index.kind == "index" and index.columns == columns for index in table.indexes)


def _added_foreign_key(table: str, columns: str, to: str, context: RuleContext) -> Iterator[Finding]:
    if context.schema.checks_foreign_keys:
        yield Finding("AL110", table, columns, now=to)
        yield Finding("MY131", table, columns)
    else:
        yield Finding("AL148", table, columns, now=to)


def _new_collation(change: ConvertCharset, context: RuleContext) -> Iterator[Finding]:
    """Yields texts in a unique index that may become equal in the new collation."""
    table = context.table(change.table)
    now = change.collation or change.charset
    if table is None:
        return
    for name in dict.fromkeys(name for columns in table.keys for name in columns):
        column = table.column(name)
        if column and column.type in ("char", "varchar", *TEXT_BYTES) and collation(column, table) != now:
            yield Finding("AL149", table.name, column.name, now=now)


def _other_primary_key(change: AddPrimaryKey | DropPrimaryKey, context: RuleContext) -> Iterator[Finding]:
    """Yields findings for a primary key; dropping and adding one in the same statement replaces it."""
    kinds = {type(one) for one in context.statement if isinstance(one, AddPrimaryKey | DropPrimaryKey)}
    is_replaced = len(kinds) > 1
    if isinstance(change, AddPrimaryKey):
        if not context.ignores_errors:
            yield Finding("AL113", change.table, now=", ".join(change.columns))
        yield Finding("MY137" if is_replaced else "MY132", change.table)
    elif not is_replaced:
        yield Finding("CD103", change.table)
        yield Finding("MY133", change.table)
