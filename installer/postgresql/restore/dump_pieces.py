"""Cuts the text of a dump into statements, comments, rows and commands of psql, while it streams.

Statements are found by the server's own lexical rules, so that a text or a routine may contain anything.
Bytes are read as Latin-1: no encoding of a PostgreSQL database has letters with bytes of ASCII in them.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from installer.bundle.sql.postgresql_statements import span_of_statement

Kind = Literal["between", "statement", "rows", "command"]
ONE_BYTE = "latin-1"
OF_ROWS = re.compile(r"COPY\s.*\sFROM\s+stdin\b", re.IGNORECASE | re.DOTALL)
PLAIN = r"[^;'\"$\n/-]*"
ROW = rf"""INSERT INTO {PLAIN}(?:(?:-(?!-)|"[^"]*"|(?<![Ee])'[^']*'){PLAIN})*;\n"""
SIMPLE_ROWS = re.compile(rf"(?:{ROW}){{1,500}}")  # one by one, a row takes ten times as long
COMMAND = "\\"
END_OF_ROWS = "\\."  # as a line; in a row, a backslash would be doubled


@dataclass(frozen=True)
class Piece:
    """Holds a part of a dump: a whole statement or command, some rows of a COPY, or what is `between`.

    A row of a dump with INSERT may be there together with the next ones.
    """

    kind: Kind
    sql: bytes


def pieces_of(chunks: Iterable[bytes]) -> Iterator[Piece]:
    """Yields the pieces of a dump in order: together they have exactly its bytes.

    Holds one statement in memory, and of rows one chunk.
    """
    text = _Text(iter(chunks))
    while not text.is_over:
        rows = SIMPLE_ROWS.match(text.held, text.at)
        if rows:
            yield Piece("statement", text.take(rows.end()))
            continue
        begin, end = span_of_statement(text.held, text.at)
        is_command = text.held.startswith(COMMAND, begin)
        if is_command:
            end = text.held.find("\n", begin)
        if text.has_more and end in (-1, len(text.held)):
            text.read_more()
            continue
        if begin > text.at:
            yield Piece("between", text.take(begin))
        if is_command:
            yield Piece("command", text.take_line())
        elif not text.is_over:
            yield from _statement(text, end)


class _Text:
    """Holds the part of a dump that is not taken yet: `held` from `at` on."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self.held, self.at = "", 0
        self.has_more = True

    @property
    def is_over(self) -> bool:
        """Returns whether everything is taken."""
        return not self.has_more and self.at >= len(self.held)

    def read_more(self) -> None:
        """Reads until twice as much is held: a long statement is not read again too often."""
        parts = [self.held[self.at :]]
        size = wanted = len(parts[0])
        while self.has_more and size <= 2 * wanted:
            chunk = next(self._chunks, None)
            self.has_more = chunk is not None
            parts.append((chunk or b"").decode(ONE_BYTE))
            size += len(parts[-1])
        self.held, self.at = "".join(parts), 0

    def take(self, end: int) -> bytes:
        """Returns everything up to `end`, and goes on behind it."""
        begin, self.at = self.at, min(end, len(self.held))
        return self.held[begin : self.at].encode(ONE_BYTE)

    def take_line(self) -> bytes:
        """Returns everything up to the end of the line."""
        while self.has_more and self.held.find("\n", self.at) < 0:
            self.read_more()
        end = self.held.find("\n", self.at)
        return self.take(len(self.held) if end < 0 else end + 1)


def _statement(text: _Text, end: int) -> Iterator[Piece]:
    begin = text.at
    has_rows = OF_ROWS.match(text.held, begin, end) is not None
    statement = text.take(end + 1)
    if not has_rows:
        yield Piece("statement", statement)
        return
    yield Piece("statement", statement + text.take_line())
    yield from _rows(text)


def _rows(text: _Text) -> Iterator[Piece]:
    """Yields the rows, and the line that ends them; begins each time at the beginning of a line."""
    while not text.is_over:
        if text.held.startswith(END_OF_ROWS, text.at):
            yield Piece("rows", text.take_line())
            return
        end = _end_of_whole_rows(text)
        if end > text.at:
            yield Piece("rows", text.take(end))
        else:
            text.read_more()


def _end_of_whole_rows(text: _Text) -> int:
    """Returns the beginning of the line that ends the rows, or of the last line, which is not whole yet."""
    end = text.held.find("\n" + END_OF_ROWS, text.at)
    if end < 0 and not text.has_more:
        return len(text.held)
    return (text.held.rfind("\n", text.at) if end < 0 else end) + 1 or text.at
