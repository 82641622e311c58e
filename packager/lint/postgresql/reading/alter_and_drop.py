"""Reads ALTER statements, but for the clauses of ALTER TABLE, and DROP statements into changes."""

from collections.abc import Iterable

from packager.lint.history.changes import Change, DropCode, DropDatabase, RenameIndex
from packager.lint.postgresql.postgresql_changes import (
    AddEnumValue,
    ChangeObject,
    ChangeServer,
    DropIndexNamed,
    DropObject,
    DropRelation,
    RenameEnumValue,
    RenameType,
    Rewrite,
)
from packager.lint.postgresql.reading.alter_table import read_clauses
from packager.lint.postgresql.reading.postgresql_words import relation, relations
from packager.lint.sql.tokens import NotSql
from packager.lint.sql.word_cursor import Words

OF_SERVER = "SYSTEM|ROLE|USER|GROUP|DATABASE|TABLESPACE"
OBJECTS = (
    "VIEW|MATERIALIZED|SEQUENCE|FUNCTION|PROCEDURE|ROUTINE|TRIGGER|AGGREGATE|SCHEMA|POLICY|EXTENSION|RULE"
    "|COLLATION|CONVERSION|STATISTICS|PUBLICATION|SUBSCRIPTION|SERVER|FOREIGN|TEXT|OPERATOR|LANGUAGE|EVENT"
    "|DEFAULT|LARGE|CAST|TRANSFORM|ACCESS|PROCEDURAL"
)


def read_alter(words: Words) -> Iterable[Change]:
    """Returns what the words after ALTER change. Raises `NotSql`."""
    if words.take("TABLE"):
        words.take("IF", "EXISTS")
        words.take("ONLY")
        name = relation(words)
        words.take("*")
        return tuple(read_clauses(name, words))
    if words.take("INDEX"):
        return (_alter_index(words),)
    if words.take("TYPE"):
        return (_alter_type(words),)
    if words.sees(OF_SERVER):
        return (ChangeServer(f"ALTER {_next(words)}"),)
    if words.take("SCHEMA"):
        return (_alter_schema(words),)
    if words.sees(OBJECTS):
        return (ChangeObject(),)
    raise NotSql


def _alter_index(words: Words) -> Change:
    words.take("IF", "EXISTS")
    name = relation(words)
    if words.take("RENAME", "TO"):
        return RenameIndex("", name, words.name())
    return Rewrite("", "ALTER INDEX SET TABLESPACE") if words.sees("SET", "TABLESPACE") else ChangeObject()


def _alter_schema(words: Words) -> Change:
    """Reads a change of rights only: after RENAME all tables have other names, which is not understood."""
    words.name()
    if not words.sees("OWNER"):
        raise NotSql
    return ChangeObject()


def _alter_type(words: Words) -> Change:
    name = relation(words)
    if words.take("ADD", "VALUE"):
        words.take("IF", "NOT", "EXISTS")
        return AddEnumValue(name, words.name())
    if words.take("RENAME", "VALUE"):
        was = words.name()
        words.take("TO")
        return RenameEnumValue(name, was, words.name())
    if words.take("RENAME", "TO"):
        schema, dot, _name = name.rpartition(".")
        return RenameType(name, f"{schema}{dot}{words.name()}")
    return ChangeObject()


def read_drop(words: Words) -> Iterable[Change]:
    """Returns what the words after DROP drop. Raises `NotSql`."""
    if words.take("TABLE"):
        return _drop_tables(words)
    if words.take("INDEX"):
        is_concurrent = words.take("CONCURRENTLY")
        return [DropIndexNamed("", name, is_concurrent) for name in _named(words)]
    if words.take("DATABASE"):
        return [DropDatabase(name) for name in _named(words)]
    if words.take("SCHEMA"):
        return (DropObject("schema", _named(words), words.take("CASCADE")),)
    if words.take("TYPE") or words.take("DOMAIN"):
        return (DropObject("type", _named(words), words.take("CASCADE")),)
    if words.take("VIEW|SEQUENCE") or words.take("MATERIALIZED", "VIEW") or words.take("FOREIGN", "TABLE"):
        names = _named(words)
        return (DropObject("other", names, cascades=True) if words.take("CASCADE") else DropCode(names),)
    if words.sees(OF_SERVER) or words.sees("OWNED"):
        return (ChangeServer(f"DROP {_next(words)}"),)
    if words.sees(OBJECTS):
        return (_drop_object(words),)
    raise NotSql


def _drop_tables(words: Words) -> Iterable[Change]:
    names = _named(words)
    cascades = words.take("CASCADE")
    return [DropRelation(name, tuple(other for other in names if other != name), cascades) for name in names]


def _drop_object(words: Words) -> Change:
    words.skip()
    words.take("IF", "EXISTS")
    name = relation(words) if words.sees_name() else ""
    _between, cascade = words.cut("CASCADE")
    return DropObject("other", (name,), cascades=True) if cascade.rest else DropCode()


def _named(words: Words) -> tuple[str, ...]:
    words.take("IF", "EXISTS")
    return relations(words)


def _next(words: Words) -> str:
    words.skip()
    return words.before.upper()
