"""Checks inserted, changed and deleted rows: what in their tables can refuse them."""

import re
from collections.abc import Iterator

from packager.lint.catalogue.findings import Finding
from packager.lint.history.changes import ChangeRows
from packager.lint.history.tables import Column, Table
from packager.lint.rules.rule_context import RuleContext
from packager.lint.rules.types import INTEGERS, TEXT_BYTES
from packager.lint.sql.tokens import NotSql
from packager.lint.sql.word_cursor import Words

SMALL_NUMBER = re.compile(r"\d{1,2}")  # fits every integer type
NUMBERS = (*INTEGERS, "double", "float", "integer", "real", "double precision")  # of all servers
TEXT = re.compile(r"'([^'\\]*)'")


def judge_rows(change: ChangeRows, context: RuleContext) -> Iterator[Finding]:
    """Yields what may refuse rows of a table that existed before the migration."""
    table = context.table(change.table)
    if context.ignores_errors or (table is not None and table.is_own):
        return
    if change.kind == "inserts" and (table is None or change.is_query or _demands_something(table)):
        yield Finding("AL131", change.table)
    if change.kind == "updates" and (refused := _refused(change, table, context)) is not None:
        yield Finding("AL132", change.table, refused)
    if change.kind == "deletes":
        yield from _deleted(change, context)


def _demands_something(table: Table) -> bool:
    """Returns whether a row can be refused for its values, apart from types."""
    needs_values = any(not column.is_nullable for column in table.columns.values())
    has_keys = table.primary_key or table.foreign_keys or any(i.kind == "unique" for i in table.indexes)
    return bool(has_keys or table.checks or needs_values)


def _refused(change: ChangeRows, table: Table | None, context: RuleContext) -> str | None:
    """Returns a column whose new value can be refused, '' if it is unclear which; None if there is none."""
    try:
        words = Words.of(change.condition)
        if table is None or table.checks or not words.take("SET"):
            return ""
        assignments, _condition = words.cut("WHERE|ORDER|LIMIT|RETURNING")
        parts = [(part.name(), part.take("="), part.rest) for part in assignments.parts()]
    except NotSql:
        return ""
    tied = _tied(table, context)
    return next((name for name, _is, value in parts if not _is_safe(table, name, value, tied)), None)


def _tied(table: Table, context: RuleContext) -> set[str]:
    """Returns the columns, in lower case, that are unique, reference others, or are referenced."""
    own = [key.columns for key in table.foreign_keys]
    others = [key.to_columns for _table, key in context.schema.references_to(table.name)]
    return {name.lower() for names in (*table.keys, *own, *others) for name in names}


def _is_safe(table: Table, name: str, value: str, tied: set[str]) -> bool:
    column = table.column(name)
    if column is None or name.lower() in tied or column.is_checked or column.generated:
        return False
    return column.is_nullable if value.upper() == "NULL" else _fits(column, value)


def _fits(column: Column, value: str) -> bool:
    """Returns whether a literal is certainly a value of the column."""
    if SMALL_NUMBER.fullmatch(value):
        return column.type in NUMBERS
    text = TEXT.fullmatch(value)
    if text is None or not text[1].isascii():
        return False
    if column.type in ("varchar", "char"):
        return len(text[1]) <= (column.size or (1,))[0]
    return text[1] in column.values if column.type == "enum" else column.type in {*TEXT_BYTES} - {"json"}


def _deleted(change: ChangeRows, context: RuleContext) -> Iterator[Finding]:
    pointing = [table.name for table, _key in context.schema.references_to(change.table)]
    if pointing and context.schema.checks_foreign_keys:
        yield Finding("AL133", change.table, now=", ".join(dict.fromkeys(pointing)))
