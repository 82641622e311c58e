"""Reads columns and constraints of CREATE TABLE and ALTER TABLE … ADD."""

import re
from dataclasses import replace

from packager.lint.history.changes import AddColumn, Change, ChangeOptions
from packager.lint.history.tables import Column, ForeignKey, Index
from packager.lint.postgresql.postgresql_changes import (
    BuildIndex,
    BuildPrimaryKey,
    CheckReferences,
    CheckRows,
)
from packager.lint.postgresql.reading.column_types import ColumnType, read_type
from packager.lint.postgresql.reading.postgresql_words import columns, relation
from packager.lint.sql.tokens import NotSql
from packager.lint.sql.word_cursor import Words

BEGINS_CONSTRAINT = (("CONSTRAINT|CHECK|UNIQUE|PRIMARY|FOREIGN",), ("EXCLUDE", "USING|("), ("NOT", "NULL"))
ENDS_DEFAULT = (
    "CONSTRAINT|NOT|NULL|CHECK|UNIQUE|PRIMARY|REFERENCES|GENERATED|COLLATE|DEFERRABLE|INITIALLY|STORAGE"
    "|COMPRESSION"
)
OF_KEY = "MATCH|DEFERRABLE|INITIALLY|NOT|NO|NULLS|INCLUDE|WITH|USING|ENFORCED"
IS_NOT_NULL = re.compile(r'\s*\(?\s*(?:"(?P<quoted>[^"]+)"|(?P<bare>\w+))\s+IS\s+NOT\s+NULL\s*\)?\s*', re.I)


def read_element(table: str, words: Words) -> Change:
    """Returns the change that adds a column or constraint to a table. Raises `NotSql`."""
    if words.take("LIKE"):
        return ChangeOptions(table)
    if any(words.sees(*begin) for begin in BEGINS_CONSTRAINT):
        return read_constraint(table, words)
    column = read_column(words)
    if column.references:
        key = replace(column.references, name=_server_name(table, (column.name,), "fkey"))
        column = replace(column, references=key)
    return AddColumn(table, column)


def read_column(words: Words) -> Column:
    """Returns a column: its name, type and constraints. Raises `NotSql`."""
    name = words.name()
    column = typed(Column(name, ""), read_type(words))
    while words.rest:
        column = _with_clause(column, words)
    return column


def typed(column: Column, kind: ColumnType) -> Column:
    """Returns the column with another type."""
    column = replace(column, type=kind.name, size=kind.size)
    return replace(column, is_auto_increment=True, is_nullable=False) if kind.is_serial else column


def read_constraint(table: str, words: Words) -> Change:
    """Returns the change that adds a constraint. Raises `NotSql`."""
    name = words.name() if words.take("CONSTRAINT") else None
    if words.take("CHECK"):
        inside = words.inside()
        return CheckRows(table, name, is_validated=not _is_unchecked(words), proves=proved(inside.rest))
    if words.take("FOREIGN", "KEY"):
        return _references(table, name, columns(words), words)
    if words.take("PRIMARY", "KEY"):
        return _primary_key(table, words)
    if words.take("UNIQUE"):
        return _unique(table, name, words)
    if words.take("EXCLUDE"):
        return BuildIndex(table, Index(name, ()), of_constraint="exclude")
    if words.take("NOT", "NULL"):  # from PostgreSQL 18 on
        column = words.name()
        return CheckRows(table, name, is_validated=not _is_unchecked(words), proves=column)
    raise NotSql


def proved(condition: str) -> str:
    """Returns the column if the condition says just that it is not NULL."""
    found = IS_NOT_NULL.fullmatch(condition)
    return (found["quoted"] or found["bare"].lower()) if found else ""


def _references(table: str, name: str | None, own: tuple[str, ...], words: Words) -> CheckReferences:
    if not words.take("REFERENCES"):
        raise NotSql
    key = _key(name or _server_name(table, own, "fkey"), own, words)
    return CheckReferences(table, key, is_validated=not _is_unchecked(words))


def _key(name: str | None, own: tuple[str, ...], words: Words) -> ForeignKey:
    to = relation(words)
    to_columns = columns(words)
    words.take("MATCH", "FULL|PARTIAL|SIMPLE")
    sets_null = False
    while words.take("ON", "DELETE|UPDATE"):
        sets_null |= words.sees("SET", "NULL")
        words.take("NO|SET")
        words.skip()
    return ForeignKey(name, own, to, to_columns, sets_null)


def _primary_key(table: str, words: Words) -> BuildPrimaryKey:
    if words.take("USING", "INDEX"):
        return BuildPrimaryKey(table, (), from_index=words.name())
    return BuildPrimaryKey(table, columns(words))


def _unique(table: str, name: str | None, words: Words) -> BuildIndex:
    if words.take("USING", "INDEX"):
        index = words.name()
        return BuildIndex(table, Index(name or index, (), "unique"), of_constraint="unique", from_index=index)
    words.take("NULLS", "NOT", "DISTINCT") or words.take("NULLS", "DISTINCT")
    named = columns(words)
    name = name or _server_name(table, named, "key")
    return BuildIndex(table, Index(name, named, "unique"), of_constraint="unique")


def _server_name(table: str, named: tuple[str, ...], ending: str) -> str:
    """Returns the name that the server gives to a constraint without one."""
    return "_".join((table.rpartition(".")[2], *named, ending))


def _is_unchecked(words: Words) -> bool:
    """Takes the rest of a constraint; returns whether it is NOT VALID."""
    unchecked = False
    while words.rest:
        unchecked |= words.sees("NOT", "VALID") or words.sees("NOT", "ENFORCED")
        words.skip()
    return unchecked


def _with_clause(column: Column, words: Words) -> Column:
    """Takes one clause of a column, and returns the column with it. Raises `NotSql`."""
    if words.take("CONSTRAINT"):
        words.name()
        return column
    if words.take("NOT", "NULL"):
        return replace(column, is_nullable=False)
    if words.take("NULL"):
        return column
    if words.take("DEFAULT"):
        return replace(column, default=_expression(words))
    if words.take("CHECK"):
        words.inside()
        return replace(column, is_checked=True)
    if words.take("UNIQUE"):
        return replace(column, is_unique=True)
    if words.take("PRIMARY", "KEY"):
        return replace(column, is_primary=True, is_nullable=False)
    if words.take("REFERENCES"):
        return replace(column, references=_key(None, (column.name,), words))
    if words.take("GENERATED"):
        return _generated(column, words)
    if words.take("COLLATE|STORAGE|COMPRESSION"):
        relation(words)
        return column
    return _with_option(column, words)


def _with_option(column: Column, words: Words) -> Column:
    if not words.sees(OF_KEY):
        raise NotSql
    words.skip()
    if words.sees("("):
        words.inside()
    elif words.sees_name() and not words.sees(ENDS_DEFAULT):
        words.skip()
    return column


def _expression(words: Words) -> str:
    """Takes an expression up to the next clause, and returns it as written."""
    if words.take("NULL"):
        return "NULL"
    return words.take_until(ENDS_DEFAULT).rest


def _generated(column: Column, words: Words) -> Column:
    words.take("ALWAYS") or words.take("BY", "DEFAULT")
    if not words.take("AS"):
        raise NotSql
    if words.take("IDENTITY"):
        if words.sees("("):
            words.inside()
        return replace(column, is_auto_increment=True, is_nullable=False)
    expression = words.inside().rest
    is_stored = words.take("STORED")
    words.take("VIRTUAL")
    return replace(column, generated="stored" if is_stored else "virtual", expression=expression)
