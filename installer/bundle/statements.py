"""Splits a SQL script into its statements, to show and to judge them; never to execute them.

The server itself splits what it executes. Knows comments, quotes, and bodies of routines and triggers.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

TOKEN = re.compile(
    r"""(?P<comment>/\*(?![!M]).*?\*/|\#[^\n]*|--(?=\s|$)[^\n]*)
      | (?P<quoted>'(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.|"")*"|`(?:[^`]|``)*`)
      | (?P<word>[A-Za-z_$][A-Za-z0-9_$]*)
      | (?P<end>;)""",
    re.VERBOSE | re.DOTALL,
)
COMPOUND = re.compile(
    r"CREATE\s+(OR\s+REPLACE\s+)?(DEFINER\s*=\s*\S+\s+)?(AGGREGATE\s+)?(PROCEDURE|FUNCTION|TRIGGER|EVENT|PACKAGE)\b"
    r"|BEGIN\s+NOT\s+ATOMIC\b",
    re.IGNORECASE,
)
ENDS_OF_OTHERS = ("IF", "LOOP", "REPEAT", "WHILE", "FOR")


@dataclass(frozen=True)
class Statement:
    """One statement without its semicolon; `line` is where it begins in the script, from 1."""

    text: str
    line: int


def split_statements(script: str) -> tuple[Statement, ...]:
    """The statements of a script in order; comments before a statement belong to none."""
    pieces = list(_pieces(script))
    return tuple(_statement(script, begin, end) for begin, end in pieces if begin < end)


def ends_of_statements(script: str) -> tuple[int, ...]:
    """Where each statement of `split_statements` ends: the place of its semicolon, or of the script's end."""
    return tuple(end for begin, end in _pieces(script) if begin < end)


def _statement(script: str, begin: int, end: int) -> Statement:
    return Statement(script[begin:end].rstrip(), script.count("\n", 0, begin) + 1)


def _pieces(script: str) -> Iterator[tuple[int, int]]:
    begin, depth, before = _skip_blank(script, 0), 0, ""
    for token in TOKEN.finditer(script):
        if token.start() < begin:
            continue
        if token["word"]:
            depth = max(0, depth + _step(script, begin, token, before))
            before = token["word"].upper()
        elif token["end"] and not depth:
            yield begin, token.start()
            begin, before = _skip_blank(script, token.end()), ""
        elif token["end"]:
            before = ""
    yield begin, len(script)


def _step(script: str, begin: int, token: "re.Match[str]", before: str) -> int:
    """How much deeper into a body a word leads: 1, 0 or -1."""
    word = token["word"].upper()
    if not COMPOUND.match(script, begin) or (before == "END" and word == "CASE"):
        return 0
    if word in ("BEGIN", "CASE"):
        return 1
    follower = re.compile(r"\s*([A-Za-z]*)").match(script, token.end())
    return -1 if word == "END" and follower and follower[1].upper() not in ENDS_OF_OTHERS else 0


def _skip_blank(script: str, place: int) -> int:
    """Where the next statement begins: after white space and comments."""
    blank = re.compile(r"(?:\ufeff|\s+|/\*(?![!M]).*?\*/|\#[^\n]*|--(?=\s|$)[^\n]*)*", re.DOTALL)
    found = blank.match(script, place)
    return found.end() if found else place
