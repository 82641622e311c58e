"""Shows the progress of a long step: a bar with rate and remaining time on a terminal, else plain lines."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import IO, cast

from installer.text import _

Advance = Callable[[int], None]
PLAIN_PROGRESS_SECONDS = 10.0
THOUSAND = 1024
TELLING_PART = 100  # the remaining time is unknown until a hundredth is done
BAR_COLUMNS = 20


class PlainProgress:
    """Progress without a terminal: a line every few seconds."""

    def __init__(
        self,
        say: Callable[[str], None],
        title: str,
        total_bytes: int | None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._say, self._title, self._total_bytes, self._clock = say, title, total_bytes, clock
        self._done_bytes = 0
        self._began = self._told = clock()

    def advance(self, size_bytes: int) -> None:
        """Counts bytes that are done."""
        self._done_bytes += size_bytes
        now = self._clock()
        if now - self._told >= PLAIN_PROGRESS_SECONDS:
            self._told = now
            self._say(f"{self._title}: {self._line(now)}")

    def _line(self, now: float) -> str:
        rate = self._done_bytes / (now - self._began)
        line = f"{size(self._done_bytes)}, {size(int(rate))}/s"
        if self._total_bytes and self._done_bytes * TELLING_PART >= self._total_bytes:
            left_seconds = max(0, self._total_bytes - self._done_bytes) / rate
            line += ", " + _("{seconds} s left", seconds=int(left_seconds))
        return line


@contextmanager
def bar(story: IO[str], title: str, total_bytes: int | None) -> Iterator[Advance]:
    """Shows a bar on a terminal while the body calls the yielded function with bytes done."""
    from rich import progress as bars
    from rich.console import Console as RichConsole

    from installer.screen.progress_columns import Amount, Rate

    columns = (
        bars.TextColumn("{task.description}"),
        bars.BarColumn(BAR_COLUMNS),
        Amount(),
        Rate(),
        bars.TimeRemainingColumn(),
    )
    screen = RichConsole(file=cast(IO[str], Lasting(story)))
    with bars.Progress(*columns, console=screen, transient=True) as shown:
        task = shown.add_task(title, total=total_bytes)
        yield lambda size_bytes: shown.advance(task, size_bytes)


class Lasting:
    """A terminal that may be closed: output is then lost, and the work continues."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Writes the text if possible."""
        with suppress(OSError):
            self._stream.write(text)
        return len(text)

    @property
    def encoding(self) -> str:
        """Returns the terminal's encoding: a bar is drawn with its characters."""
        return getattr(self._stream, "encoding", None) or "utf-8"

    def flush(self) -> None:
        """Flushes if possible."""
        with suppress(OSError):
            self._stream.flush()

    def isatty(self) -> bool:
        """Returns whether it is still a terminal."""
        return self._stream.isatty()


def size(size_bytes: int) -> str:
    """Returns a number of bytes in readable form, in units of 1024: `1536` is `1.5 KiB`."""
    amount = float(size_bytes)
    for unit in ("B", "KiB", "MiB", "GiB"):
        if amount < THOUSAND:
            return f"{amount:.0f} {unit}" if unit == "B" else f"{amount:.1f} {unit}"
        amount /= THOUSAND
    return f"{amount:.1f} TiB"
