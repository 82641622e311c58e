"""Splits the definition of a table in a dump: what its rows need, and what can be built after them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

NAME = rb"`(?:[^`]|``)+`"
TEXT = rb"(?:[^'`\"]|'(?:[^'\\]|\\.)*'|`[^`]*`|\"(?:[^\"\\]|\\.)*\")*"  # every quote is closed
FIRST_LINE = re.compile(rb"CREATE TABLE (" + NAME + rb") \(")
COLUMN = re.compile(rb"  (" + NAME + rb") " + TEXT)
PRIMARY = re.compile(rb"  PRIMARY KEY \((" + NAME + rb")" + TEXT)
CHECK = re.compile(rb"  CONSTRAINT " + NAME + rb" CHECK \(" + TEXT)
INDEX = re.compile(rb"  (?:UNIQUE |FULLTEXT |SPATIAL )?KEY " + NAME + rb" \(" + TEXT)
FOREIGN_KEY = re.compile(rb"  CONSTRAINT " + NAME + rb" FOREIGN KEY \(" + TEXT)
LAST_LINES = b") ENGINE=InnoDB"
UNIQUE, NUMBERED, HASHED, WITH_HISTORY = (
    b"  UNIQUE ",
    b" AUTO_INCREMENT",
    b" USING HASH",
    b"SYSTEM VERSIONING",
)


@dataclass(frozen=True)
class SplitDefinition:
    """Holds a definition in parts: `create` has no secondary indexes and foreign keys, the others add them.

    Each is one statement, empty where there is nothing to add. They run in order.
    """

    create: bytes
    add_indexes: bytes
    add_foreign_keys: bytes


def split_definition(create: bytes) -> SplitDefinition | None:
    """Splits a CREATE TABLE statement in the form of SHOW CREATE TABLE, up to and with its semicolon.

    None where there is nothing to split or any part is not understood, and for tables whose rows need an
    index: an AUTO_INCREMENT number outside of the primary key, a unique key in place of the primary key,
    uniqueness by hash, row history.
    """
    first, *lines = create.split(b"\n")
    begins, ends = FIRST_LINE.fullmatch(first), _end_of(lines)
    if begins is None or ends is None or WITH_HISTORY in b"\n".join(lines[ends:]):
        return None
    pieces = [line.removesuffix(b",") for line in lines[:ends]]
    late = [piece for piece in pieces if INDEX.fullmatch(piece) or FOREIGN_KEY.fullmatch(piece)]
    early = [piece for piece in pieces if piece not in late]
    if not late or not all(map(_is_understood, early)) or _rows_need(early, late):
        return None
    return SplitDefinition(
        create=b"\n".join([first, b",\n".join(early), *lines[ends:]]),
        add_indexes=_add(begins[1], filter(INDEX.fullmatch, late)),
        add_foreign_keys=_add(begins[1], filter(FOREIGN_KEY.fullmatch, late)),
    )


def _add(table: bytes, pieces: Iterable[bytes]) -> bytes:
    added = b", ".join(b"ADD " + piece.strip() for piece in pieces)
    return b"ALTER TABLE %b %b" % (table, added) if added else b""


def _end_of(lines: list[bytes]) -> int | None:
    found = (number for number, line in enumerate(lines) if line.startswith(LAST_LINES))
    return next(found, None)


def _is_understood(piece: bytes) -> bool:
    return any(kind.fullmatch(piece) for kind in (COLUMN, PRIMARY, CHECK))


def _rows_need(early: list[bytes], late: list[bytes]) -> bool:
    primary = next(filter(None, map(PRIMARY.fullmatch, early)), None)
    numbered = [match[1] for match in map(COLUMN.fullmatch, early) if match and NUMBERED in match[0]]
    if primary is None and any(piece.startswith(UNIQUE) for piece in late):
        return True
    if any(HASHED in piece for piece in late):
        return True
    return any(primary is None or primary[1] != column for column in numbered)
