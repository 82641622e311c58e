"""Reads the clauses of ALTER TABLE one by one: a clause that is not understood does not affect the others."""

from collections.abc import Iterator
from dataclasses import replace

from packager.lint.history.changes import (
    AddColumn,
    AddForeignKey,
    AddIndex,
    Change,
    ChangeColumn,
    ChangeDefault,
    ChangeEngine,
    ChangeOptions,
    ChangePartitions,
    ConvertCharset,
    DropColumn,
    DropConstraint,
    DropForeignKey,
    DropIndex,
    DropPrimaryKey,
    NotRead,
    RenameColumn,
    RenameIndex,
    RenameTable,
)
from packager.lint.sql.elements import read_column, read_element
from packager.lint.sql.tokens import NotSql
from packager.lint.sql.word_cursor import Words

OPTIONS = (
    "ALGORITHM|LOCK|COMMENT|AUTO_INCREMENT|ROW_FORMAT|FORCE|DEFAULT|CHARSET|CHARACTER|COLLATE|KEY_BLOCK_SIZE"
    "|STATS_PERSISTENT|STATS_AUTO_RECALC|STATS_SAMPLE_PAGES|PAGE_COMPRESSED|ENCRYPTED|WAIT|NOWAIT"
    "|ENABLE|DISABLE|ORDER|CHECKSUM|MAX_ROWS|MIN_ROWS|AVG_ROW_LENGTH"
)
DROPPED = (("FOREIGN", "KEY"), ("INDEX",), ("KEY",), ("CONSTRAINT",), ("CHECK",), ("COLUMN",))


def read_clauses(table: str, words: Words) -> Iterator[Change]:
    """Yields every change that the clauses make to a table, in order."""
    if words.sees("PARTITION", "BY") or words.sees("REMOVE", "PARTITIONING"):
        yield ChangePartitions(table, loses_rows=False)
        return
    for part in words.parts():
        text = part.rest
        try:
            yield from _clause(table, part)
        except NotSql:
            yield NotRead(table, text)


def _clause(table: str, words: Words) -> Iterator[Change]:
    if words.sees("ADD|DROP|TRUNCATE|COALESCE|REORGANIZE|EXCHANGE", "PARTITION"):
        yield ChangePartitions(table, loses_rows=words.sees("DROP|TRUNCATE"))
    elif words.take("ADD"):
        yield from _add(table, words)
    elif words.take("MODIFY"):
        yield _change(table, words, is_renamed=False)
    elif words.take("CHANGE"):
        yield _change(table, words, is_renamed=True)
    elif words.take("DROP"):
        yield _drop(table, words)
    elif words.take("RENAME"):
        yield _rename(table, words)
    elif words.take("ALTER"):
        yield _alter(table, words)
    elif words.take("CONVERT", "TO"):
        words.take("CHARACTER", "SET") or words.take("CHARSET")
        charset = words.name().lower()
        yield ConvertCharset(table, charset, words.name().lower() if words.take("COLLATE") else None)
    elif words.take("ENGINE"):
        words.take("=")
        yield ChangeEngine(table, words.name())
    elif words.sees(OPTIONS):
        yield ChangeOptions(table)
    else:
        raise NotSql


def _add(table: str, words: Words) -> Iterator[Change]:
    words.take("COLUMN")
    if_missing = words.take("IF", "NOT", "EXISTS")
    if words.sees("("):
        for part in words.inside().parts():
            yield from _added(table, part)
    else:
        for change in _added(table, words):
            yield replace(change, if_missing=True) if if_missing and isinstance(change, AddColumn) else change


def _added(table: str, words: Words) -> Iterator[Change]:
    if words.take("FOREIGN", "KEY", "IF", "NOT", "EXISTS"):
        yield read_element(table, f"FOREIGN KEY {words.rest}")
        return
    index = next((kind for kind in ("INDEX", "KEY") if words.take(kind, "IF", "NOT", "EXISTS")), None)
    change = read_element(table, f"{index or ''} {words.rest}")
    if index and isinstance(change, AddIndex):
        change = replace(change, if_missing=True)
    if isinstance(change, AddForeignKey) and not change.key.to:
        raise NotSql
    yield change


def _change(table: str, words: Words, *, is_renamed: bool) -> Change:
    words.take("COLUMN")
    words.take("IF", "EXISTS")
    name = words.name() if is_renamed else None
    column = read_column(words.rest)
    return ChangeColumn(table, name or column.name, column)


def _drop(table: str, words: Words) -> Change:
    if words.take("PRIMARY", "KEY"):
        return DropPrimaryKey(table)
    kind = next((kind for kind in DROPPED if words.take(*kind)), ("COLUMN",))
    words.take("IF", "EXISTS")
    name = words.name()
    words.take("RESTRICT|CASCADE")
    if words.rest:
        raise NotSql
    if kind[0] == "COLUMN":
        return DropColumn(table, name)
    if kind[0] == "FOREIGN":
        return DropForeignKey(table, name)
    return DropConstraint(table, name) if kind[0] in ("CONSTRAINT", "CHECK") else DropIndex(table, name)


def _rename(table: str, words: Words) -> Change:
    if words.take("COLUMN"):
        words.take("IF", "EXISTS")
        return RenameColumn(table, *_from_to(words))
    if words.take("INDEX|KEY"):
        words.take("IF", "EXISTS")
        return RenameIndex(table, *_from_to(words))
    words.take("TO|AS|=")
    return RenameTable(table, words.name())


def _from_to(words: Words) -> tuple[str, str]:
    name = words.name()
    if not words.take("TO"):
        raise NotSql
    return name, words.name()


def _alter(table: str, words: Words) -> Change:
    if words.take("INDEX|KEY"):
        return ChangeOptions(table)
    words.take("COLUMN")
    words.take("IF", "EXISTS")
    name = words.name()
    if words.take("DROP", "DEFAULT"):
        return ChangeDefault(table, name, None)
    if words.take("SET", "DEFAULT"):
        return ChangeDefault(table, name, words.rest)
    raise NotSql
