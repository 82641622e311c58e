"""Finds the place of an error in a script, and shows the lines around it to people."""

from collections.abc import Sequence
from dataclasses import dataclass

from installer.bundle.layout import shown
from installer.bundle.sql.postgresql_statements import spans_of_statements
from installer.text import _

LINES_BEFORE, PREVIEW_LINES, PREVIEW_COLUMNS = 5, 8, 120


@dataclass(frozen=True)
class Place:
    """A statement of a script: its number and the line of the error in the script, both from 1.

    `column` is from 1, 0 where the server named no place; then the line is that of the statement's beginning.
    `lines` are those for people, the line of the error the last where it is known.
    """

    number: int
    line: int
    column: int
    statement: str
    lines: tuple[str, ...]

    @property
    def words(self) -> str:
        """Returns the line, and the column where it is known."""
        if self.column:
            return _("line {line}, column {column}:", line=self.line, column=self.column)
        return _("line {line}:", line=self.line)


def place_of(script: str, position: int | None, sent_from: int, done: int) -> Place:
    """Returns where an error occurred: at its position, otherwise at the statement after `done` others."""
    spans = spans_of_statements(script)
    if position is not None:
        at = sent_from + position
        number = next((n for n, (_begin, end) in enumerate(spans, 1) if at <= end), len(spans))
        line, column = script.count("\n", 0, at) + 1, at - (script.rfind("\n", 0, at) + 1) + 1
        return Place(number, line, column, _text(script, spans, number), _numbered(script, line))
    number = done + 1
    text = _text(script, spans, number)
    line = script.count("\n", 0, spans[number - 1][0]) + 1 if text else 0
    return Place(number, line, 0, text, _preview(text))


def _text(script: str, spans: Sequence[tuple[int, int]], number: int) -> str:
    begin, end = spans[number - 1] if 0 < number <= len(spans) else (0, 0)
    return script[begin:end].rstrip()


def _numbered(script: str, line: int) -> tuple[str, ...]:
    """Returns the line with some before it, each with its number; scripts may have very long ones."""
    lines = script.split("\n")
    first = max(1, line - LINES_BEFORE)
    width = len(str(line))
    return tuple(f"  {at:>{width}}  {_short(lines[at - 1])}".rstrip() for at in range(first, line + 1))


def _preview(statement: str) -> tuple[str, ...]:
    lines = statement.splitlines()
    first = [f"  {_short(line)}" for line in lines[:PREVIEW_LINES]]
    return (*first, *(["  …"] if len(lines) > PREVIEW_LINES else []))


def _short(line: str) -> str:
    return shown(line.expandtabs(2))[:PREVIEW_COLUMNS].rstrip()
