"""Shows work that takes long: on a moving line, or without a terminal on plain ones, less and less often."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

from installer.screen.console import Console, repeating
from installer.text import _

TOLD_SECONDS = (10.0, 30.0, 60.0, 120.0, 300.0)  # when a plain line names the work; later again every:
TOLD_AGAIN_SECONDS = 600.0
LOOK_SECONDS = 0.5
MINUTE, HOUR = 60, 3600


class Now(Protocol):
    """Describes work that has been going on for `seconds`, in `words` for people on one line."""

    @property
    def seconds(self) -> float:
        """Returns the age of the work."""

    @property
    def words(self) -> str:
        """Returns one line for people."""


class AtWork(Protocol):
    """Knows what is going on, for readers in other threads."""

    def now(self) -> Now | None:
        """Returns the work that goes on; None when there is none, or only for less than some seconds."""

    def line(self) -> str:
        """Returns that work as one line; empty when there is none."""


@contextmanager
def telling(console: Console, at_work: AtWork) -> Iterator[None]:
    """Shows work that takes long while the body runs; without a terminal, prints it repeatedly.

    The log file gets these lines in both cases.
    """
    with console.following(at_work.line) as is_seen:
        teller = Teller(at_work, console.detail if is_seen else console.say)
        with repeating(teller.look, LOOK_SECONDS):
            yield


class Teller:
    """Prints work when it becomes long, then less and less often."""

    def __init__(self, at_work: AtWork, tell: Callable[[str], None]) -> None:
        self._at_work, self._tell = at_work, tell
        self._told_seconds = 0.0

    def look(self) -> None:
        """Prints the work when it is due."""
        now = self._at_work.now()
        if now is None:
            self._told_seconds = 0.0
        elif now.seconds >= _next(self._told_seconds):
            self._told_seconds = now.seconds
            self._tell(now.words)


def duration(seconds: float) -> str:
    """Returns a duration for people: `45 s`, `2 min 5 s`, `3 h 20 min`."""
    whole = int(seconds)
    if whole < MINUTE:
        return _("{count} s", count=whole)
    if whole < HOUR:
        return _("{minutes} min {seconds} s", minutes=whole // MINUTE, seconds=whole % MINUTE)
    return _("{hours} h {minutes} min", hours=whole // HOUR, minutes=whole % HOUR // MINUTE)


def _next(told_seconds: float) -> float:
    """Returns the age at which work last printed at `told_seconds` is printed again."""
    again = told_seconds - told_seconds % TOLD_AGAIN_SECONDS + TOLD_AGAIN_SECONDS
    return next((at for at in TOLD_SECONDS if at > told_seconds), again)
