"""Reads a statement into the changes it makes."""

import re
from collections.abc import Callable, Iterable, Iterator

from packager.lint.alter import read_clauses
from packager.lint.changes import (
    Change,
    ChangeRows,
    CreateCode,
    CreateTable,
    DropCode,
    DropDatabase,
    DropTable,
    IgnoreErrors,
    NotRead,
    ReadOnly,
    RenameTable,
    RowsKind,
    SetOption,
)
from packager.lint.elements import read_element
from packager.lint.sql import NotSql
from packager.lint.words import Words

EXECUTED_COMMENT = re.compile(r"/\*M?!")
ROUTINES = "PROCEDURE|FUNCTION|TRIGGER|EVENT|SEQUENCE|PACKAGE"
CODE_WORDS = "VIEW|" + ROUTINES
HARMLESS = (
    "SELECT|VALUES|ANALYZE|START|BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|LOCK|UNLOCK|SHOW|DESCRIBE|FLUSH|DO"
)
OFF = ("0", "OFF", "FALSE")


def read_statement(text: str) -> tuple[Change, ...]:
    """What a statement does, in order; `NotRead` for what is not understood."""
    try:
        words = Words.of(text)
        return tuple(_read(words)) if not EXECUTED_COMMENT.search(text) else (NotRead("", text),)
    except NotSql:
        return (NotRead("", text),)


def _read(words: Words) -> Iterable[Change]:
    for begins, read in _STATEMENTS.items():
        if words.take(begins):
            return read(words)
    raise NotSql


def _alter(words: Words) -> Iterable[Change]:
    words.take("ONLINE")
    ignores = words.take("IGNORE")
    if not words.take("TABLE"):
        raise NotSql
    words.take("IF", "EXISTS")
    name = words.name()
    return (*[IgnoreErrors(name, of_table=True)] * ignores, *read_clauses(name, words))


def _create(words: Words) -> Iterable[Change]:
    replaces = words.take("OR", "REPLACE")
    if words.take("TEMPORARY"):
        return (ReadOnly(),)
    if words.take("TABLE"):
        return (_table(words, replaces=replaces),)
    if words.sees("UNIQUE|FULLTEXT|SPATIAL", "INDEX") or words.sees("INDEX"):
        return _index(words)
    _head, code = words.cut(CODE_WORDS)
    if not code.rest:
        raise NotSql
    return (CreateCode("view" if code.sees("VIEW") else "routine"),)


def _table(words: Words, *, replaces: bool) -> Change:
    if_missing = words.take("IF", "NOT", "EXISTS")
    name, words_of_it = words.name(), words.rest
    if words.take("LIKE"):
        return CreateTable(name, like=words.name(), replaces=replaces, if_missing=if_missing)
    try:
        inside = words.inside().parts() if words.sees("(") else ()
        elements = tuple(read_element(name, part.rest) for part in inside)
    except NotSql:
        return NotRead(name, words_of_it)
    options, selected = words.cut("SELECT|AS|WITH")
    return CreateTable(
        name,
        elements,
        _charset(options),
        replaces=replaces,
        if_missing=if_missing,
        from_select=selected.sees("SELECT|AS|WITH"),
    )


def _charset(options: Words) -> str | None:
    while options.rest:
        if options.take("CHARACTER", "SET") or options.take("CHARSET"):
            options.take("=")
            return options.name().lower()
        options.skip()
    return None


def _index(words: Words) -> Iterable[Change]:
    """CREATE INDEX, read as the ALTER TABLE … ADD that it is."""
    kind = next((word for word in ("UNIQUE", "FULLTEXT", "SPATIAL") if words.take(word)), "")
    words.take("INDEX")
    words.take("IF", "NOT", "EXISTS")
    name = words.name().replace("`", "``")
    if words.take("USING"):
        words.skip()
    if not words.take("ON"):
        raise NotSql
    return (read_element(words.name(), f"{kind} INDEX `{name}` {words.rest}"),)


def _drop(words: Words) -> Iterable[Change]:
    if words.take("TEMPORARY"):
        return (ReadOnly(),)
    if words.take("DATABASE|SCHEMA"):
        words.take("IF", "EXISTS")
        return (DropDatabase(words.name()),)
    if words.take("TABLE|TABLES"):
        words.take("IF", "EXISTS")
        names = words.names()
        return [DropTable(name, tuple(other for other in names if other != name)) for name in names]
    if words.take("INDEX"):
        words.take("IF", "EXISTS")
        return _drop_index(words)
    if words.sees(CODE_WORDS) or words.sees("PREPARE"):
        return (DropCode(),)
    raise NotSql


def _drop_index(words: Words) -> Iterable[Change]:
    name = words.name().replace("`", "``")
    if not words.take("ON"):
        raise NotSql
    return read_clauses(words.name(), Words.of(f"DROP INDEX `{name}`"))


def _rename(words: Words) -> Iterator[Change]:
    if not words.take("TABLE|TABLES"):
        raise NotSql
    words.take("IF", "EXISTS")
    for part in words.parts():
        name = part.name()
        if not part.take("TO"):
            raise NotSql
        yield RenameTable(name, part.name())


def _set(words: Words) -> Iterable[Change]:
    for part in words.parts():
        while part.take("@@|@|.|SESSION|LOCAL|GLOBAL"):
            pass
        if part.take("FOREIGN_KEY_CHECKS"):
            part.skip()
            return (SetOption(part.rest.strip("'\"").upper() not in OFF),)
        if part.take("SQL_MODE"):
            part.skip()
            return (SetOption(is_strict=_is_strict(part.rest)),)
    return (SetOption(),)


def _is_strict(value: str) -> bool:
    """What is not written out is taken for what was there before."""
    is_literal = value[:1] in ("'", '"')
    return not is_literal or any(word in value.upper() for word in ("STRICT_", "TRADITIONAL"))


def _rows(kind: RowsKind) -> Callable[[Words], Iterable[Change]]:
    def read(words: Words) -> Iterable[Change]:
        while words.take("LOW_PRIORITY|DELAYED|HIGH_PRIORITY|QUICK"):
            pass
        ignores = words.take("IGNORE")
        while words.take("INTO|TABLE|FROM"):
            pass
        name = words.name()
        table = _aliased(name, words) if words.take("FROM") else name
        return (*[IgnoreErrors(table, of_table=False)] * ignores, ChangeRows(table, kind))

    return read


def _aliased(alias: str, words: Words) -> str:
    """The table that a name stands for in `FROM documents d JOIN users u`."""
    before = alias
    while words.rest:
        words.take("AS")
        if not words.sees_name():
            words.skip()
        elif (name := words.name()) == alias:
            return before
        else:
            before = name
    return alias


def _with(words: Words) -> Iterable[Change]:
    _tables, statement = words.cut("SELECT|UPDATE|DELETE|INSERT")
    return _read(statement)


def _nothing(words: Words) -> Iterable[Change]:
    if words.sees("NOT"):  # BEGIN NOT ATOMIC: a program
        raise NotSql
    return (ReadOnly(),)


_STATEMENTS: dict[str, Callable[[Words], Iterable[Change]]] = {
    "ALTER": _alter,
    "CREATE": _create,
    "DROP": _drop,
    "RENAME": _rename,
    "TRUNCATE": _rows("truncates"),
    "INSERT": _rows("inserts"),
    "REPLACE": _rows("updates"),
    "UPDATE": _rows("updates"),
    "DELETE": _rows("deletes"),
    "WITH": _with,
    "SET": _set,
    HARMLESS: _nothing,
}
