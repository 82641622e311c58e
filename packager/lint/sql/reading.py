"""Reads a statement into the changes it makes."""

import re
from collections.abc import Callable, Iterable, Iterator

from packager.lint.history import changes
from packager.lint.history.changes import Change
from packager.lint.sql.alter import read_clauses
from packager.lint.sql.elements import read_element
from packager.lint.sql.executable_comments import executed, without_rows
from packager.lint.sql.tokens import NotSql
from packager.lint.sql.word_cursor import Words

ROUTINES = "PROCEDURE|FUNCTION|TRIGGER|EVENT|SEQUENCE|PACKAGE"
CODE_WORDS = "VIEW|" + ROUTINES
HARMLESS = (
    "SELECT|VALUES|ANALYZE|START|BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|LOCK|UNLOCK|SHOW|DESCRIBE|FLUSH|DO"
)
ON_DUPLICATE = re.compile(r"\bON\s+DUPLICATE\s+KEY\s+UPDATE\b", re.IGNORECASE)
OPTIONS = {
    "charset": (("CHARACTER", "SET"), ("CHARSET",)),
    "collation": (("COLLATE",),),
    "engine": (("ENGINE",),),
}
OFF = ("0", "OFF", "FALSE")


def read_statement(text: str) -> tuple[Change, ...]:
    """Returns what a statement does, in order: `NotRead` if not understood, nothing if none is executed."""
    bare = executed(text)
    if bare is None:
        return (changes.NotRead("", text),)
    try:
        words = Words.of(without_rows(bare))
        return tuple(_read(words)) if words.rest else ()
    except NotSql:
        return (changes.NotRead("", text),)


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
    return (*[changes.IgnoreErrors(name, of_table=True)] * ignores, *read_clauses(name, words))


def _create(words: Words) -> Iterable[Change]:
    replaces = words.take("OR", "REPLACE")
    if words.take("TEMPORARY"):
        words.take("TABLE")
        words.take("IF", "NOT", "EXISTS")
        return (changes.ReadOnly(makes=words.name()),)
    if words.take("TABLE"):
        return (_table(words, replaces=replaces),)
    if words.sees("UNIQUE|FULLTEXT|SPATIAL", "INDEX") or words.sees("INDEX"):
        return _index(words)
    _head, code = words.cut(CODE_WORDS)
    if not code.rest:
        raise NotSql
    kind: changes.CodeKind = (
        "view" if code.sees("VIEW") else "sequence" if code.sees("SEQUENCE") else "routine"
    )
    code.skip()
    code.take("IF", "NOT", "EXISTS")
    return (changes.CreateCode(kind, code.name() if code.sees_name() else ""),)


def _table(words: Words, *, replaces: bool) -> Change:
    if_missing = words.take("IF", "NOT", "EXISTS")
    name, words_of_it = words.name(), words.rest
    if words.take("LIKE"):
        return changes.CreateTable(name, like=words.name(), replaces=replaces, if_missing=if_missing)
    try:
        inside = words.inside().parts() if words.sees("(") else ()
        elements = tuple(read_element(name, part.rest) for part in inside)
    except NotSql:
        return changes.NotRead(name, words_of_it)
    options, selected = words.cut("SELECT|AS|WITH")
    return changes.CreateTable(
        name,
        elements,
        **_options(options),
        replaces=replaces,
        if_missing=if_missing,
        from_select=selected.sees("SELECT|AS|WITH"),
    )


def _options(options: Words) -> dict[str, str]:
    """Returns the character set, the collation and the engine, if they are written."""
    found: dict[str, str] = {}
    while options.rest:
        named = next((name for name, words in OPTIONS.items() if any(options.take(*w) for w in words)), None)
        if named is None:
            options.skip()
        else:
            options.take("=")
            found[named] = options.name().lower()
    return found


def _index(words: Words) -> Iterable[Change]:
    """Reads CREATE INDEX as the equivalent ALTER TABLE … ADD."""
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
        words.skip()
        words.take("IF", "EXISTS")
        return (changes.ReadOnly(drops=words.names()),)
    if words.take("DATABASE|SCHEMA"):
        words.take("IF", "EXISTS")
        return (changes.DropDatabase(words.name()),)
    if words.take("TABLE|TABLES"):
        words.take("IF", "EXISTS")
        names = words.names()
        return [changes.DropTable(name, tuple(other for other in names if other != name)) for name in names]
    if words.take("INDEX"):
        words.take("IF", "EXISTS")
        return _drop_index(words)
    if words.take("VIEW|SEQUENCE"):
        words.take("IF", "EXISTS")
        return (changes.DropCode(words.names()),)
    if words.sees(CODE_WORDS) or words.sees("PREPARE"):
        return (changes.DropCode(),)
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
        yield changes.RenameTable(name, part.name())


def _set(words: Words) -> Iterable[Change]:
    checks = is_strict = None
    settings = tuple(one for part in words.parts() if (one := _setting(part)) is not None)
    for one in settings:
        if one.name == "foreign_key_checks" and not one.is_global:
            checks = one.value.strip("'\"").upper() not in OFF
        if one.name == "sql_mode" and not one.is_global:
            is_strict = _is_strict(one.value)
    return (changes.SetOption(checks, is_strict, settings),)


def _setting(words: Words) -> changes.Setting | None:
    """Returns a system variable or NAMES; None for a user variable or anything else that can be set."""
    if words.take("NAMES"):
        return changes.Setting("names", words.rest)
    if words.take("CHARACTER", "SET") or words.take("CHARSET"):
        return changes.Setting("character set", words.rest)
    if words.sees("@") or words.sees("TRANSACTION|PASSWORD|ROLE|DEFAULT|STATEMENT|RESOURCE"):
        return None
    is_global = words.take("GLOBAL") or words.take("@@", "GLOBAL", ".")
    if not is_global and (words.take("SESSION|LOCAL") or words.take("@@", "SESSION|LOCAL", ".")):
        pass
    words.take("@@")
    if not words.sees_name():
        return None
    name = words.name().lower()
    words.take(":=") or words.take("=")
    return changes.Setting(name, words.rest, is_global)


def _is_strict(value: str) -> bool:
    """Returns whether the mode is strict; anything but a literal is assumed to keep it."""
    is_literal = value[:1] in ("'", '"')
    return not is_literal or any(word in value.upper() for word in ("STRICT_", "TRADITIONAL"))


def _rows(kind: changes.RowsKind) -> Callable[[Words], Iterable[Change]]:
    def read(words: Words) -> Iterable[Change]:
        while words.take("LOW_PRIORITY|DELAYED|HIGH_PRIORITY|QUICK"):
            pass
        ignores = words.take("IGNORE")
        while words.take("INTO|TABLE|FROM"):
            pass
        table = words.name()
        if words.take("FROM"):
            return (*_ignoring(ignores, table), changes.ChangeRows(_aliased(table, words), kind))
        updates = kind == "inserts" and ON_DUPLICATE.search(words.rest) is not None
        condition = words.rest if kind in ("updates", "deletes") else ""
        columns = _named(words) if kind == "inserts" else ()
        is_query = kind == "inserts" and words.sees("SELECT|WITH|TABLE|(")
        change = changes.ChangeRows(table, kind, updates, condition, columns, is_query)
        return (*_ignoring(ignores, table), change)

    return read


def _ignoring(ignores: bool, table: str) -> tuple[Change, ...]:
    return (changes.IgnoreErrors(table, of_table=False),) if ignores else ()


def _named(words: Words) -> tuple[str, ...]:
    """Takes the columns that an INSERT names; returns none for a SELECT or no list."""
    if not words.sees("(") or words.sees("(", "SELECT|WITH|VALUES|TABLE|("):
        return ()
    inside = words.inside()
    return inside.names() if inside.sees_name() else ()


def _aliased(alias: str, words: Words) -> str:
    """Returns the table that a name refers to in `FROM documents d JOIN users u`."""
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


def _use(words: Words) -> Iterable[Change]:
    return (changes.UseDatabase(words.name()),)


def _nothing(words: Words) -> Iterable[Change]:
    if words.sees("NOT"):  # BEGIN NOT ATOMIC: a compound statement
        raise NotSql
    is_partial = words.sees("TO") or words.sees("WORK", "TO")  # ROLLBACK TO a savepoint ends nothing
    return (changes.ReadOnly("" if is_partial else words.before.upper()),)


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
    "USE": _use,
    HARMLESS: _nothing,
}
