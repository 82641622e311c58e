"""Splits a PostgreSQL script into its statements and their words, by the server's own lexical rules.

Source: PostgreSQL's `scan.l` and `psqlscan.l`, with `standard_conforming_strings` on. A text or comment that
does not end reaches to the end of the script, as for the server.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from installer.bundle.sql.statements import Statement

SPACE = r"[ \t\n\r\f\v]"
LINE_COMMENT = r"--[^\n\r]*"
GOES_ON = rf"(?:[ \t\f\v]|{LINE_COMMENT})*[\n\r](?:{SPACE}|{LINE_COMMENT}[\n\r])*"  # between parts of a text
PLAIN = r"'[^']*(?:''[^']*)*(?:'|\Z)"
ESCAPED_PART = r"'[^'\\]*(?:(?:''|\\.)[^'\\]*)*(?:'|\\?\Z)"
ESCAPED = rf"[eE]{ESCAPED_PART}(?:{GOES_ON}{ESCAPED_PART})*"
NAME = r'"[^"]*(?:""[^"]*)*(?:"|\Z)'
LETTER = r"A-Za-z_\u0080-\U0010ffff"
TAG = rf"\$(?:[{LETTER}][{LETTER}0-9]*)?\$"
WORD = rf"[{LETTER}][{LETTER}0-9$]*|\$?[0-9][{LETTER}0-9.]*"
TEXT = rf"{ESCAPED}|(?:[bBxXnN]|[uU]&)?{PLAIN}"
ANY_NAME = rf"(?:[uU]&)?{NAME}"
TOKEN = re.compile(
    rf"""(?P<blank>{SPACE}+|{LINE_COMMENT})
      | (?P<comment>/\*)
      | (?P<text>{TEXT})
      | (?P<name>{ANY_NAME})
      | (?P<dollar>{TAG})
      | (?P<word>{WORD})
      | (?P<sign>.)""",
    re.VERBOSE | re.DOTALL,
)
RUN = re.compile(  # what cannot end a statement, in long steps: a script may have many megabytes
    rf"""(?:{SPACE}+|{LINE_COMMENT}|{TEXT}|{ANY_NAME}|{WORD}|/(?!\*)|\$(?!{TAG[2:]})|[^;()/$])""" "{1,2000}",
    re.VERBOSE | re.DOTALL,
)
COMMENT_EDGE = re.compile(r"/\*|\*/")
BLANKS = re.compile(rf"(?:{SPACE}+|{LINE_COMMENT})*")
GAP = rf"(?:{SPACE}+|{LINE_COMMENT}|/\*.*?\*/)+"
ROUTINE = re.compile(
    rf"CREATE{GAP}(?:OR{GAP}REPLACE{GAP})?(?:FUNCTION|PROCEDURE)\b", re.IGNORECASE | re.DOTALL
)
BOM = "\ufeff"


@dataclass(frozen=True)
class Token:
    """A word, name, text or sign as written; `start` and `end` as in a slice of the script."""

    kind: str
    text: str
    start: int
    end: int

    @property
    def upper(self) -> str:
        """Returns an unquoted word or a sign in upper case; empty for a text or a quoted name."""
        return self.text.upper() if self.kind in ("word", "sign") else ""


def split_postgresql(script: str) -> tuple[Statement, ...]:
    """Returns the statements of a script in order, without the comments between them."""
    found, line, counted = [], 1, 0
    for begin, end in spans_of_statements(script):
        line, counted = line + script.count("\n", counted, begin), begin
        found.append(Statement(script[begin:end].rstrip(), line))
    return tuple(found)


def spans_of_statements(script: str) -> tuple[tuple[int, int], ...]:
    """Returns begin and end of each statement of `split_postgresql`: its first word, and its semicolon."""
    return tuple(_spans(script))


def span_of_statement(script: str, at: int = 0) -> tuple[int, int]:
    """Returns begin and end of the first statement from `at` on.

    The end is its semicolon; the end of the script where there is no semicolon.
    """
    begin = _skip_blank(script, at)
    end = _body_end(script, begin) if ROUTINE.match(script, begin) else _end(script, begin)
    return begin, end


def tokens_of(script: str, at: int = 0) -> Iterator[Token]:
    """Yields everything from `at` on but blanks and comments."""
    while at < len(script):
        match = TOKEN.match(script, at)
        assert match, "the last alternative takes any character"
        kind, begin, at = match.lastgroup or "", at, match.end()
        if kind == "comment":
            at = _comment_end(script, at)
        elif kind == "dollar":
            kind, at = "text", _dollar_end(script, match[0], at)
        if kind not in ("blank", "comment"):
            yield Token(kind, script[begin:at], begin, at)


def _spans(script: str) -> Iterator[tuple[int, int]]:
    begin, end = span_of_statement(script, 1 if script.startswith(BOM) else 0)
    while begin < len(script):
        if begin < end:
            yield begin, end
        begin, end = span_of_statement(script, end + 1)


def _end(script: str, at: int) -> int:
    """Returns the semicolon of a statement; those in parentheses are of CREATE RULE."""
    brackets = 0
    while at < len(script):
        run = RUN.match(script, at)
        if run:
            at = run.end()
        elif script[at] == ";" and not brackets:
            return at
        elif script.startswith("/*", at):
            at = _comment_end(script, at + 2)
        elif script[at] == "$":
            tag = script[at : script.index("$", at + 1) + 1]
            at = _dollar_end(script, tag, at + len(tag))
        else:
            brackets = max(0, brackets + {"(": 1, ")": -1}.get(script[at], 0))
            at += 1
    return len(script)


def _body_end(script: str, begin: int) -> int:
    """Returns the semicolon of a statement that may have others in a body: BEGIN ATOMIC … END."""
    brackets = blocks = 0
    for token in tokens_of(script, begin):
        word = token.upper
        if word == ";" and not brackets and not blocks:
            return token.start
        if word in ("(", ")"):
            brackets = max(0, brackets + (1 if word == "(" else -1))
        elif not brackets and word in ("BEGIN", "CASE", "END"):
            blocks = max(0, blocks + _step(word, blocks))
    return len(script)


def _step(word: str, blocks: int) -> int:
    """Returns by how much a word changes the depth in a body; a CASE counts only inside of one."""
    if word == "END":
        return -1
    return 1 if word == "BEGIN" or blocks else 0


def _skip_blank(script: str, at: int) -> int:
    """Returns the start of the next statement, after white space and comments."""
    while True:
        found = BLANKS.match(script, at)
        at = found.end() if found else at
        if not script.startswith("/*", at):
            return at
        at = _comment_end(script, at + 2)


def _comment_end(script: str, at: int) -> int:
    """Returns the end of a comment whose beginning ends at `at`; comments lie in each other."""
    depth = 1
    for edge in COMMENT_EDGE.finditer(script, at):
        depth += 1 if edge[0] == "/*" else -1
        if not depth:
            return edge.end()
    return len(script)


def _dollar_end(script: str, tag: str, at: int) -> int:
    found = script.find(tag, at)
    return len(script) if found < 0 else found + len(tag)
