"""Shows that something is waited for: a line that moves on a terminal, else a plain line now and then."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

FRAMES = "-\\|/"  # letters that every terminal has
MOVE_SECONDS = 0.125
PLAIN_SECONDS = 20.0


class Waiting:
    """What is waited for now, and since when."""

    def __init__(self, words: str) -> None:
        self._words, self._began = words, time.monotonic()

    def now(self, words: str) -> None:
        """From now on this is waited for."""
        self._words = words

    def line(self) -> str:
        """What is waited for, and for how long already."""
        return f"{self._words} ({time.monotonic() - self._began:.0f} s)"


class Following(Waiting):
    """What is waited for is what this function says; for an empty line nothing is shown."""

    def __init__(self, line: Callable[[], str]) -> None:
        super().__init__("")
        self._line = line

    def line(self) -> str:
        """What the function says now."""
        return self._line()


@contextmanager
def moving(waiting: Waiting, show: Callable[[str], None], clear: Callable[[], None]) -> Iterator[None]:
    """While the body runs, show a moving line many times a second; `clear` at the end."""
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
    """While the body runs, tell every so often what is waited for."""
    with repeating(lambda: tell(waiting.line()), every_seconds):
        yield


@contextmanager
def repeating(act: Callable[[], None], seconds: float) -> Iterator[None]:
    """While the body runs, act every so often on another thread."""
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
