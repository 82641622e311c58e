"""Reads the clauses of ALTER TABLE one by one: a clause that is not understood does not affect the others."""

from collections.abc import Iterator
from dataclasses import replace

from packager.lint.history.changes import (
    AddColumn,
    Change,
    ChangeDefault,
    ChangeOptions,
    DropColumn,
    DropConstraint,
    NotRead,
    RenameColumn,
    RenameTable,
)
from packager.lint.history.tables import Column
from packager.lint.postgresql.postgresql_changes import (
    AttachPartition,
    Cascade,
    ChangeProperty,
    ChangeType,
    RenameConstraint,
    Rewrite,
    SetNotNull,
    Validate,
)
from packager.lint.postgresql.reading.column_definitions import read_element, typed
from packager.lint.postgresql.reading.column_types import read_type
from packager.lint.postgresql.reading.postgresql_words import in_schema, relation
from packager.lint.sql.tokens import NotSql
from packager.lint.sql.word_cursor import Words

REWRITES = (("SET", "LOGGED"), ("SET", "UNLOGGED"), ("SET", "TABLESPACE"), ("SET", "ACCESS", "METHOD"))
PROPERTIES = (  # ACCESS EXCLUSIVE
    ("ENABLE|DISABLE", "ROW|RULE|REPLICA|ALWAYS"),
    ("FORCE|INHERIT|OF|OWNER|REPLICA",),
    ("NO", "FORCE|INHERIT"),
    ("NOT", "OF"),
    ("SET", "WITH"),
    ("ALTER", "CONSTRAINT"),
)
OPTIONS = (
    ("ENABLE|DISABLE", "TRIGGER"),
    ("RESET|DETACH",),
    ("CLUSTER", "ON"),
    ("SET", "(|WITHOUT"),
)
PROPERTIES_OF_COLUMN = (
    ("SET", "STORAGE|COMPRESSION|GENERATED|INCREMENT|START"),
    ("RESTART",),
    ("DROP", "IDENTITY|EXPRESSION"),
    ("ADD", "GENERATED"),
)
OPTIONS_OF_COLUMN = (("SET", "STATISTICS|("), ("RESET",))


def read_clauses(table: str, words: Words) -> Iterator[Change]:
    """Yields every change that the clauses make to a table, in order."""
    for part in words.parts():
        text = part.rest
        try:
            yield from _clause(table, part)
        except NotSql:
            yield NotRead(table, text)


def _clause(table: str, words: Words) -> Iterator[Change]:
    rewrite = next((found for found in REWRITES if words.sees(*found)), None)
    if rewrite:
        yield Rewrite(table, " ".join(rewrite))
    elif any(words.sees(*begin) for begin in PROPERTIES):
        yield ChangeProperty(table)
    elif any(words.sees(*begin) for begin in OPTIONS):
        yield ChangeOptions(table)
    elif words.take("ADD"):
        yield _add(table, words)
    elif words.take("DROP"):
        yield from _drop(table, words)
    elif words.take("RENAME"):
        yield _rename(table, words)
    elif words.take("SET", "SCHEMA"):
        yield RenameTable(table, in_schema(words.name(), table))
    elif words.take("VALIDATE", "CONSTRAINT"):
        yield Validate(table, words.name())
    elif words.take("ATTACH", "PARTITION"):
        yield AttachPartition(relation(words))
    elif words.take("ALTER"):
        yield from _alter(table, words)
    else:
        raise NotSql


def _add(table: str, words: Words) -> Change:
    words.take("COLUMN")
    if_missing = words.take("IF", "NOT", "EXISTS")
    change = read_element(table, words)
    if isinstance(change, AddColumn) and if_missing:
        return replace(change, if_missing=True)
    return change


def _drop(table: str, words: Words) -> Iterator[Change]:
    is_constraint = words.take("CONSTRAINT")
    if not is_constraint:
        words.take("COLUMN")
    words.take("IF", "EXISTS")
    name = words.name()
    yield DropConstraint(table, name) if is_constraint else DropColumn(table, name)
    if words.take("CASCADE"):
        yield Cascade(table, name)
    words.take("RESTRICT")
    if words.rest:
        raise NotSql


def _rename(table: str, words: Words) -> Change:
    if words.take("TO"):
        return RenameTable(table, _in_schema_of(table, words.name()))
    is_constraint = words.take("CONSTRAINT")
    if not is_constraint:
        words.take("COLUMN")
    name = words.name()
    if not words.take("TO"):
        raise NotSql
    return (
        RenameConstraint(table, name, words.name())
        if is_constraint
        else RenameColumn(table, name, words.name())
    )


def _in_schema_of(table: str, name: str) -> str:
    schema, dot, _name = table.rpartition(".")
    return f"{schema}{dot}{name}"


def _alter(table: str, words: Words) -> Iterator[Change]:
    words.take("COLUMN")
    name = words.name()
    if words.take("TYPE") or words.take("SET", "DATA", "TYPE"):
        yield _change_type(table, name, words)
    elif words.take("SET", "DEFAULT"):
        yield ChangeDefault(table, name, words.rest)
    elif words.take("DROP", "DEFAULT"):
        yield ChangeDefault(table, name, None)
    elif words.take("SET", "NOT", "NULL"):
        yield SetNotNull(table, name, is_not_null=True)
    elif words.take("DROP", "NOT", "NULL"):
        yield SetNotNull(table, name, is_not_null=False)
    elif words.take("SET", "EXPRESSION"):  # from PostgreSQL 17 on
        yield Rewrite(table, "SET EXPRESSION")
    elif any(words.sees(*begin) for begin in PROPERTIES_OF_COLUMN):
        yield ChangeProperty(table)
    elif any(words.sees(*begin) for begin in OPTIONS_OF_COLUMN):
        yield ChangeOptions(table)
    else:
        raise NotSql


def _change_type(table: str, name: str, words: Words) -> Change:
    now = typed(Column(name, ""), read_type(words))
    if words.take("COLLATE"):
        now = replace(now, collation=relation(words))
    using = words.rest if words.take("USING") else ""
    if words.rest and not using:
        raise NotSql
    return ChangeType(table, name, now, using)
