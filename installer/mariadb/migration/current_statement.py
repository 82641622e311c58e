"""Shows which statement the server runs, and since when; the server reports nothing until it is done."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from installer.bundle.layout import shown
from installer.bundle.sql.migrations import Migration
from installer.bundle.sql.statements import Statement, split_statements
from installer.mariadb.migration.answers_per_statement import statement_at_work
from installer.screen.long_work import duration
from installer.text import _

SHOWN_SECONDS = 2.0  # after this time a statement is shown on a progress line
PREVIEW_LENGTH = 60


@dataclass(frozen=True)
class Now:
    """Describes the running statement: its number and line from 1, of how many, and for how long."""

    number: int
    total: int
    line: int
    sql: str
    seconds: float

    @property
    def words(self) -> str:
        """Returns one line for people."""
        return _(
            "Statement {number} of {total} (line {line}), running for {time}: {sql}",
            number=self.number, total=self.total, line=self.line, time=duration(self.seconds),
            sql=_preview(self.sql),
        )  # fmt: skip


@dataclass(eq=False)
class _Script:
    migration: Migration
    since: float
    are_results: list[bool] = field(default_factory=list)


class AtWork:
    """Records the progress of a script, for readers in other threads.

    Splits a script only if it takes long.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._script: _Script | None = None
        self._split: tuple[Migration, tuple[Statement, ...]] | None = None
        self._found: tuple[_Script, int, int] | None = None

    @contextmanager
    def at(self, migration: Migration) -> Iterator[None]:
        """Marks that this migration's script runs in the body."""
        self._script = _Script(migration, self._clock())
        try:
            yield
        finally:
            self._script = None

    def answers(self, rows: int | None) -> None:
        """Records an answer of the server; `rows` is None for a result with rows of its own."""
        if self._script is not None:
            self._script.since = self._clock()  # first: another thread must not see the next statement as old
            self._script.are_results.append(rows is None)

    def now(self) -> Now | None:
        """Returns the running statement; None when nothing runs, or only for less than some seconds."""
        script = self._script
        if script is None or (seconds := self._clock() - script.since) < SHOWN_SECONDS:
            return None
        statements, number = self._statements(script.migration), self._number(script)
        if number > len(statements):
            return None
        statement = statements[number - 1]
        return Now(number, len(statements), statement.line, statement.text, seconds)

    def line(self) -> str:
        """Returns the running statement as one line; empty when there is none."""
        now = self.now()
        return now.words if now else ""

    def _statements(self, migration: Migration) -> tuple[Statement, ...]:
        if self._split is None or self._split[0] is not migration:
            self._split = migration, tuple(split_statements(migration.text))
        return self._split[1]

    def _number(self, script: _Script) -> int:
        """Returns the running statement's number, found once for each answer: there may be many thousands."""
        count = len(script.are_results)
        if self._found is None or self._found[:2] != (script, count):
            are_results = script.are_results[:count]
            self._found = script, count, statement_at_work(self._statements(script.migration), are_results)
        return self._found[2]


def _preview(sql: str) -> str:
    """Returns the beginning of a statement on one line; a statement may have many megabytes."""
    words = " ".join(sql[: 4 * PREVIEW_LENGTH].split())
    is_whole = len(words) <= PREVIEW_LENGTH and len(sql) <= 4 * PREVIEW_LENGTH
    return shown(words) if is_whole else f"{shown(words[:PREVIEW_LENGTH]).rstrip()} …"
