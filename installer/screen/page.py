"""Describes the page for messages: its width, and whether it takes colours and moving lines."""

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, Literal

PLAIN_COLUMNS = 110  # where there is no terminal
USUAL_COLUMNS = 80  # of a terminal that does not report its width
LEAST_COLUMNS = 40  # a narrower one wraps by itself
HANGING = 2
Level = Literal["ok", "warning", "failed"]
COLOURS: Mapping[str, str] = {"ok": "32", "warning": "33", "failed": "31"}


@dataclass(frozen=True)
class Page:
    """A page with this number of columns; only a terminal is wrapped, coloured or moving."""

    columns: int = PLAIN_COLUMNS
    is_wrapped: bool = False
    is_coloured: bool = False
    is_moving: bool = False

    def lines_of(self, line: str, level: Level | None = None) -> list[str]:
        """Returns the line as written: wrapped between words, in the colour of its level."""
        lines = list(wrapped(line, self.columns)) if self.is_wrapped else [line]
        return [self.painted(one, level) for one in lines]

    def painted(self, text: str, level: Level | None) -> str:
        """Returns the text in the colour of its level."""
        if level is None or not self.is_coloured or not text.strip():
            return text
        blank = text[: len(text) - len(text.lstrip())]
        return f"{blank}\x1b[{COLOURS[level]}m{text[len(blank) :]}\x1b[0m"


def page_of(story: IO[str], environment: Mapping[str, str] = os.environ) -> Page:
    """Returns the page of a stream."""
    if not story.isatty():
        return Page()
    can_move = environment.get("TERM", "dumb") not in ("", "dumb")
    return Page(
        columns=max(LEAST_COLUMNS, _columns_of(story, environment)),
        is_wrapped=True,
        is_coloured=can_move and not environment.get("NO_COLOR"),
        is_moving=can_move,
    )


def wrapped(line: str, columns: int) -> Iterator[str]:
    """Yields the line in pieces that fit; later pieces are indented further. Words are not split.

    A Korean letter takes two columns.
    """
    from rich.cells import cell_len

    hang = _hang_of(line)
    piece, blank = "", ""
    for word in re.split(r"(?<=\S)( +)(?=\S)", line):
        if word.isspace() and piece:
            blank = word
        elif not piece or cell_len(piece + blank + word) <= columns:
            piece += blank + word
        else:
            yield piece
            piece = hang + word
    yield piece


def shortened(text: str, columns: int) -> str:
    """Returns the text, cut if it is wider than `columns`."""
    from rich.cells import cell_len, set_cell_size

    return text if cell_len(text) <= columns else set_cell_size(text, columns - 1).rstrip() + "…"


def _hang_of(line: str) -> str:
    begin = len(line) - len(line.lstrip(" "))
    return " " * (begin + HANGING)


def _columns_of(story: IO[str], environment: Mapping[str, str]) -> int:
    said = environment.get("COLUMNS", "")
    if said.isdigit() and int(said):
        return int(said)
    with suppress(OSError, ValueError):
        return os.get_terminal_size(story.fileno()).columns or USUAL_COLUMNS
    return USUAL_COLUMNS
