"""Knows how long a script has been running and for whom it waits; the server says nothing until its end."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from installer.bundle.layout import shown
from installer.bundle.sql.migrations import Migration
from installer.screen.long_work import duration
from installer.text import _

SHOWN_SECONDS = 2.0  # after this time a script is shown on a progress line
ASK_SECONDS = 5.0
Blockers = Callable[[int], Sequence[str]]


@dataclass(frozen=True)
class Now:
    """Describes the running script, and the session that it waits for, empty if there is none."""

    name: str
    seconds: float
    blocker: str

    @property
    def words(self) -> str:
        """Returns one line for people."""
        name, time = shown(self.name), duration(self.seconds)
        if self.blocker:
            return _(
                "Migration `{name}` waits ({time}) for {session}", name=name, time=time, session=self.blocker
            )
        return _("Migration `{name}`, running for {time}", name=name, time=time)


@dataclass(eq=False)
class _Script:
    migration: Migration
    pid: int
    since: float
    asked: float
    blocker: str = ""


class AtWork:
    """Knows the script that runs, for readers in other threads.

    `blockers` returns a line for each session that the session with this number waits for; it is asked every
    few seconds.
    """

    def __init__(self, blockers: Blockers, clock: Callable[[], float] = time.monotonic) -> None:
        self._blockers, self._clock = blockers, clock
        self._script: _Script | None = None
        self._asking = threading.Lock()

    @contextmanager
    def at(self, migration: Migration, pid: int) -> Iterator[None]:
        """Marks that the session `pid` runs this migration's script in the body."""
        now = self._clock()
        self._script = _Script(migration, pid, now, now - ASK_SECONDS)
        try:
            yield
        finally:
            self._script = None

    def now(self) -> Now | None:
        """Returns the running script; None when nothing runs, or only for less than some seconds."""
        script = self._script
        if script is None or (seconds := self._clock() - script.since) < SHOWN_SECONDS:
            return None
        self._ask(script)
        return Now(script.migration.name, seconds, script.blocker)

    def line(self) -> str:
        """Returns the running script as one line; empty when there is none."""
        now = self.now()
        return now.words if now else ""

    def _ask(self, script: _Script) -> None:
        with self._asking:
            if self._clock() - script.asked >= ASK_SECONDS:
                script.blocker = next(iter(self._blockers(script.pid)), "")
                script.asked = self._clock()
