"""Shows what is being waited for: a moving line on a terminal, else a plain line every few seconds."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

FRAMES = "-\\|/"  # characters that every terminal has
MOVE_SECONDS = 0.125
PLAIN_SECONDS = 20.0


class Waiting:
    """The text of what is being waited for, and since when."""

    def __init__(self, words: str) -> None:
        self._words, self._began = words, time.monotonic()

    def now(self, words: str) -> None:
        """Changes the text."""
        self._words = words

    def line(self) -> str:
        """Returns the text and the time waited so far."""
        return f"{self._words} ({time.monotonic() - self._began:.0f} s)"


class Following(Waiting):
    """A wait whose text comes from a function; nothing is shown while it is empty."""

    def __init__(self, line: Callable[[], str]) -> None:
        super().__init__("")
        self._line = line

    def line(self) -> str:
        """Returns the function's current text."""
        return self._line()


@contextmanager
def moving(waiting: Waiting, show: Callable[[str], None], clear: Callable[[], None]) -> Iterator[None]:
    """Shows a moving line while the body runs, updated several times a second; calls `clear` at the end."""
    beats, is_shown = 0, False

    def move() -> None:
        nonlocal beats, is_shown
        beats += 1
        line = waiting.line()
        if line:
            show(f"{FRAMES[beats % len(FRAMES)]} {line}")
        elif is_shown:
            clear()
        is_shown = bool(line)

    try:
        with repeating(move, MOVE_SECONDS):
            yield
    finally:
        clear()


@contextmanager
def telling(
    waiting: Waiting, tell: Callable[[str], None], every_seconds: float = PLAIN_SECONDS
) -> Iterator[None]:
    """Calls `tell` with the text of `waiting` every `every_seconds` while the body runs."""
    with repeating(lambda: tell(waiting.line()), every_seconds):
        yield


@contextmanager
def repeating(act: Callable[[], None], seconds: float) -> Iterator[None]:
    """Calls `act` every `seconds` on another thread while the body runs."""
    is_over = threading.Event()

    def repeat() -> None:
        while not is_over.wait(seconds):
            act()

    worker = threading.Thread(target=repeat, name="waiting", daemon=True)
    worker.start()
    try:
        yield
    finally:
        is_over.set()
        worker.join()
