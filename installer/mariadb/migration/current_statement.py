"""Which statement the server is at, and since when: it is silent itself until a statement is done."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from installer.bundle.layout import shown
from installer.bundle.sql.migrations import Migration
from installer.bundle.sql.statements import Statement, split_statements
from installer.mariadb.migration.answered import statement_at_work
from installer.screen.console import Console, repeating
from installer.text import _

SHOWN_SECONDS = 2.0  # from then on a statement is long enough to be shown on a line that moves
TOLD_SECONDS = (10.0, 30.0, 60.0, 120.0, 300.0)  # when a plain line names it, and then every so often:
TOLD_AGAIN_SECONDS = 600.0
LOOK_SECONDS = 0.5
PREVIEW_LENGTH = 60
MINUTE, HOUR = 60, 3600


@dataclass(frozen=True)
class Now:
    """The statement the server is at: its number and line from 1, of how many, and for how long."""

    number: int
    total: int
    line: int
    sql: str
    seconds: float

    @property
    def words(self) -> str:
        """One line for people."""
        return _(
            "Statement {number} of {total} (line {line}), for {time}: {sql}",
            number=self.number, total=self.total, line=self.line, time=duration(self.seconds),
            sql=_preview(self.sql),
        )  # fmt: skip


@dataclass(eq=False)
class _Script:
    migration: Migration
    since: float
    are_results: list[bool] = field(default_factory=list)


class AtWork:
    """Is told how a script goes, and asked from another thread. A script is split only if it takes long."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._script: _Script | None = None
        self._split: tuple[Migration, tuple[Statement, ...]] | None = None
        self._found: tuple[_Script, int, int] | None = None

    @contextmanager
    def at(self, migration: Migration) -> Iterator[None]:
        """The script of this migration runs in the body."""
        self._script = _Script(migration, self._clock())
        try:
            yield
        finally:
            self._script = None

    def answers(self, rows: int | None) -> None:
        """The server has answered; None is a result with rows of its own."""
        if self._script is not None:
            self._script.since = self._clock()  # first: whoever looks now must not see the next one as old
            self._script.are_results.append(rows is None)

    def now(self) -> Now | None:
        """None when nothing runs, or for less than some seconds."""
        script = self._script
        if script is None or (seconds := self._clock() - script.since) < SHOWN_SECONDS:
            return None
        statements, number = self._statements(script.migration), self._number(script)
        if number > len(statements):
            return None
        statement = statements[number - 1]
        return Now(number, len(statements), statement.line, statement.text, seconds)

    def line(self) -> str:
        """What `now` is, in words; empty for nothing."""
        now = self.now()
        return now.words if now else ""

    def _statements(self, migration: Migration) -> tuple[Statement, ...]:
        if self._split is None or self._split[0] is not migration:
            self._split = migration, tuple(split_statements(migration.text))
        return self._split[1]

    def _number(self, script: _Script) -> int:
        """Found once for each answer: there may be many thousands of them."""
        count = len(script.are_results)
        if self._found is None or self._found[:2] != (script, count):
            are_results = script.are_results[:count]
            self._found = script, count, statement_at_work(self._statements(script.migration), are_results)
        return self._found[2]


@contextmanager
def telling(console: Console, at_work: AtWork) -> Iterator[None]:
    """While the body runs, show the statement that takes long; without a terminal tell it now and then.

    The log file is told now and then in either case.
    """
    with console.following(at_work.line) as is_seen:
        teller = Teller(at_work, console.detail if is_seen else console.say)
        with repeating(teller.look, LOOK_SECONDS):
            yield


class Teller:
    """Tells a long statement at once when it is called so, then more and more rarely."""

    def __init__(self, at_work: AtWork, tell: Callable[[str], None]) -> None:
        self._at_work, self._tell = at_work, tell
        self._told_seconds = 0.0

    def look(self) -> None:
        """Tell the statement if it is time."""
        now = self._at_work.now()
        if now is None:
            self._told_seconds = 0.0
        elif now.seconds >= _next(self._told_seconds):
            self._told_seconds = now.seconds
            self._tell(now.words)


def duration(seconds: float) -> str:
    """A length of time as people say it: `45 s`, `2 min 5 s`, `3 h 20 min`."""
    whole = int(seconds)
    if whole < MINUTE:
        return _("{count} s", count=whole)
    if whole < HOUR:
        return _("{minutes} min {seconds} s", minutes=whole // MINUTE, seconds=whole % MINUTE)
    return _("{hours} h {minutes} min", hours=whole // HOUR, minutes=whole % HOUR // MINUTE)


def _next(told_seconds: float) -> float:
    """When a statement that was last told at this age is told again."""
    again = told_seconds - told_seconds % TOLD_AGAIN_SECONDS + TOLD_AGAIN_SECONDS
    return next((at for at in TOLD_SECONDS if at > told_seconds), again)


def _preview(sql: str) -> str:
    """Its beginning on one line; a statement may have many megabytes."""
    words = " ".join(sql[: 4 * PREVIEW_LENGTH].split())
    is_whole = len(words) <= PREVIEW_LENGTH and len(sql) <= 4 * PREVIEW_LENGTH
    return shown(words) if is_whole else f"{shown(words[:PREVIEW_LENGTH]).rstrip()} …"
