"""Puts a question about locks behind the statements of a message; what they do stays the same.

The server runs a message in one transaction, so the questions see it before it ends. Pure; nothing is
executed.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

from installer.bundle.sql.postgresql_statements import spans_of_statements, tokens_of
from installer.bundle.sql.postgresql_transactions import runs_only_alone

OWN_SNAPSHOT = re.compile(r"\b(ISOLATION|SNAPSHOT|READ\s+WRITE)\b", re.IGNORECASE)  # must precede any query
ENDS_INSIDE = re.compile(r"\b(COMMIT|ROLLBACK|CALL)\b", re.IGNORECASE)  # only where it is alone in a message
WITH_BODY = ("CALL", "DO")
NEED_A_TRANSACTION = ("LOCK", "DECLARE", "SAVEPOINT")  # which a second statement would begin
UNASKED = ("BEGIN", "START", "SET", "COMMIT", "END", "ROLLBACK", "ABORT", "PREPARE")
END = ";"
MOST_ASKED = 1000  # a script with more is a file of rows
T = TypeVar("T")


@dataclass(frozen=True)
class Insertion:
    """Describes a question behind the statement `number`: its `length` characters begin at `at`."""

    number: int
    at: int
    length: int


@dataclass(frozen=True)
class ProbedScript:
    """Holds the `text` to send, and the number of statements that the script has without the questions."""

    text: str
    statements: int
    insertions: tuple[Insertion, ...]

    @property
    def asked(self) -> frozenset[int]:
        """Returns the numbers of the statements, from 1, that have a question behind them."""
        return frozenset(one.number for one in self.insertions)

    def own(self, answers: Sequence[T]) -> list[T]:
        """Returns the answers of the script's own statements; there is one for each statement that ran."""
        found: list[T] = []
        given = iter(answers)
        for number in range(1, self.statements + 1):
            found += islice(given, 1)
            if number in self.asked:
                next(given, None)
        return found

    def original(self, position: int) -> int:
        """Returns the place in the script that belongs to a place in `text`, both in characters from 0."""
        before = [one for one in self.insertions if one.at <= position]
        return position - sum(min(one.length, position - one.at) for one in before)


def as_it_is(script: str) -> ProbedScript:
    """Returns the script without questions."""
    return ProbedScript(script, len(spans_of_statements(script)), ())


def probed(script: str, question: str) -> ProbedScript:
    """Returns the script with the question behind each statement where it cannot change anything."""
    spans = spans_of_statements(script)
    if not _can_be_asked(script, spans):
        return as_it_is(script)
    pieces, insertions, done, length = [], [], 0, 0
    for number, (begin, end) in enumerate(spans, 1):
        if _first_word(script, begin) in UNASKED:
            continue
        place = min(end + len(END), len(script))
        added = f"{question};" if script[end:place] == END else f"\n;{question};"
        pieces += [script[done:place], added]
        insertions.append(Insertion(number, length + place - done, len(added)))
        length, done = length + place - done + len(added), place
    return ProbedScript("".join([*pieces, script[done:]]), len(spans), tuple(insertions))


def _can_be_asked(script: str, spans: tuple[tuple[int, int], ...]) -> bool:
    if OWN_SNAPSHOT.search(script) or len(spans) > MOST_ASKED:
        return False
    if len(spans) != 1:
        return bool(spans)
    begin, end = spans[0]
    first = _first_word(script, begin)
    commits_inside = first in WITH_BODY and ENDS_INSIDE.search(script)
    return first not in NEED_A_TRANSACTION and not commits_inside and not runs_only_alone(script[begin:end])


def _first_word(script: str, begin: int) -> str:
    return next((token.upper for token in tokens_of(script, begin)), "")
