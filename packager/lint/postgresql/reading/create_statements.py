"""Reads CREATE statements into changes."""

from packager.lint.history.changes import Change, ChangeOptions, CreateCode, CreateTable, NotRead, ReadOnly
from packager.lint.history.tables import Index
from packager.lint.postgresql.postgresql_changes import (
    BuildIndex,
    ChangeObject,
    ChangeServer,
    CreateEnum,
    CreateExtension,
)
from packager.lint.postgresql.reading.column_definitions import read_element
from packager.lint.postgresql.reading.postgresql_words import columns, relation
from packager.lint.sql.tokens import NotSql
from packager.lint.sql.word_cursor import Words

OF_SERVER = "ROLE|USER|GROUP|DATABASE|TABLESPACE"
ROUTINES = "FUNCTION|PROCEDURE|TRIGGER|EVENT|AGGREGATE|RULE|CONSTRAINT|OPERATOR|CAST"
OBJECTS = (
    "SCHEMA|DOMAIN|POLICY|COLLATION|CONVERSION|STATISTICS|PUBLICATION|SUBSCRIPTION|SERVER|FOREIGN|TEXT"
    "|TRANSFORM|ACCESS|LANGUAGE|TRUSTED|PROCEDURAL"
)


def read_create(words: Words) -> tuple[Change, ...]:
    """Returns what the words after CREATE make. Raises `NotSql`."""
    words.take("OR", "REPLACE")
    words.take("LOCAL|GLOBAL")
    is_temporary = words.take("TEMP|TEMPORARY")
    words.take("UNLOGGED")
    if words.take("TABLE"):
        return (_temporary(words) if is_temporary else _table(words),)
    if words.sees("INDEX") or words.sees("UNIQUE", "INDEX"):
        return (_index(words),)
    if words.take("TYPE"):
        return (_type(words),)
    if words.take("EXTENSION"):
        words.take("IF", "NOT", "EXISTS")
        return (CreateExtension(words.name()),)
    if words.sees(OF_SERVER):
        return (ChangeServer(f"CREATE {_next(words)}"),)
    return (_code(words),)


def _temporary(words: Words) -> Change:
    words.take("IF", "NOT", "EXISTS")
    return ReadOnly(makes=relation(words))


def _table(words: Words) -> Change:
    if_missing = words.take("IF", "NOT", "EXISTS")
    name, written = relation(words), words.rest
    if words.sees("AS|PARTITION|OF"):
        return CreateTable(name, if_missing=if_missing, from_select=True)
    try:
        inside = words.inside().parts() if words.sees("(") else ()
        elements = tuple(read_element(name, part) for part in inside)
    except NotSql:
        return NotRead(name, written)
    _options, selected = words.cut("AS")
    is_like = any(isinstance(one, ChangeOptions) for one in elements)
    is_whole = "INHERITS" not in written.upper() and not selected.rest and not is_like
    return CreateTable(name, elements, if_missing=if_missing, from_select=not is_whole)


def _index(words: Words) -> Change:
    kind: str = "unique" if words.take("UNIQUE") else "index"
    words.take("INDEX")
    is_concurrent = words.take("CONCURRENTLY")
    words.take("IF", "NOT", "EXISTS")
    name = None if words.sees("ON") else words.name()
    if not words.take("ON"):
        raise NotSql
    is_built = not words.take("ONLY")
    table = relation(words)
    if words.take("USING"):
        words.skip()
    index = Index(name, columns(words), "unique" if kind == "unique" else "index")
    return BuildIndex(table, index, is_concurrent=is_concurrent, is_built=is_built)


def _type(words: Words) -> Change:
    name = relation(words)
    if not words.take("AS", "ENUM"):
        return ChangeObject()
    return CreateEnum(name, tuple(part.name() for part in words.inside().parts() if part.sees_name()))


def _code(words: Words) -> Change:
    if words.take("VIEW") or words.take("MATERIALIZED|RECURSIVE", "VIEW") or words.take("FOREIGN", "TABLE"):
        words.take("IF", "NOT", "EXISTS")
        return CreateCode("view", relation(words))
    if words.take("SEQUENCE"):
        words.take("IF", "NOT", "EXISTS")
        return CreateCode("sequence", relation(words))
    if words.sees(ROUTINES):
        return CreateCode("routine")
    if words.sees(OBJECTS):
        return ChangeObject()
    raise NotSql


def _next(words: Words) -> str:
    words.skip()
    return words.before.upper()
