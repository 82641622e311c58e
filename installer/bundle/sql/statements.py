"""Splits an SQL script into its statements, to show and to judge them.

The server itself splits the scripts it executes; only a rehearsal sends a script in parts, with queries
between them. Handles comments, quotes, and bodies of routines and triggers.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from installer.bundle.sql.sql_patterns import COMMENT, QUOTED

SKIPPED = f"{COMMENT}|{QUOTED}"
END = re.compile(rf"{SKIPPED} | (?P<end>;)", re.VERBOSE | re.DOTALL)
TOKEN = re.compile(rf"{SKIPPED} | (?P<word>[A-Za-z_$][A-Za-z0-9_$]*) | (?P<end>;)", re.VERBOSE | re.DOTALL)
BLANK = re.compile(rf"(?:\ufeff|\s+|{COMMENT})*", re.DOTALL)
FOLLOWER = re.compile(r"\s*([A-Za-z]*)")
COMPOUND = re.compile(
    r"CREATE\s+(OR\s+REPLACE\s+)?(DEFINER\s*=\s*\S+\s+)?(AGGREGATE\s+)?(PROCEDURE|FUNCTION|TRIGGER|EVENT|PACKAGE)\b"
    r"|BEGIN\s+NOT\s+ATOMIC\b",
    re.IGNORECASE,
)
ENDS_OF_OTHERS = ("IF", "LOOP", "REPEAT", "WHILE", "FOR")


@dataclass(frozen=True)
class Statement:
    """A statement without its semicolon; `line` is the line where it begins in the script, from 1."""

    text: str
    line: int


def split_statements(script: str) -> tuple[Statement, ...]:
    """Returns the statements of a script in order, without the comments between them."""
    return tuple(_statements(script))


def ends_of_statements(script: str) -> tuple[int, ...]:
    """Returns the end of each statement of `split_statements`: its semicolon, or the script's end."""
    return tuple(end for begin, end in _pieces(script) if begin < end)


def _statements(script: str) -> Iterator[Statement]:
    line, counted = 1, 0
    for begin, end in _pieces(script):
        if begin < end:
            line, counted = line + script.count("\n", counted, begin), begin
            yield Statement(script[begin:end].rstrip(), line)


def _pieces(script: str) -> Iterator[tuple[int, int]]:
    begin = end = _skip_blank(script, 0)
    while end < len(script):
        end = _body_end(script, begin) if COMPOUND.match(script, begin) else _end(script, begin)
        yield begin, end
        begin = end = _skip_blank(script, end + 1)


def _end(script: str, begin: int) -> int:
    """Returns the semicolon of a statement without a body; skips the words of a long INSERT."""
    return next((token.start() for token in END.finditer(script, begin) if token["end"]), len(script))


def _body_end(script: str, begin: int) -> int:
    """Returns the semicolon of a statement that can have others in its body."""
    depth, before = 0, ""
    for token in TOKEN.finditer(script, begin):
        if token["word"]:
            depth = max(0, depth + _step(script, token, before))
            before = token["word"].upper()
        elif token["end"]:
            if not depth:
                return token.start()
            before = ""
    return len(script)


def _step(script: str, token: "re.Match[str]", before: str) -> int:
    """Returns by how much a word changes the depth in a body: 1, 0 or -1."""
    word = token["word"].upper()
    if before == "END" and word == "CASE":
        return 0
    if word in ("BEGIN", "CASE"):
        return 1
    follower = FOLLOWER.match(script, token.end())
    return -1 if word == "END" and follower and follower[1].upper() not in ENDS_OF_OTHERS else 0


def _skip_blank(script: str, place: int) -> int:
    """Returns the start of the next statement, after white space and comments."""
    found = BLANK.match(script, place)
    return found.end() if found else place
