"""The only module that prints. stdout carries results; stderr tells the story; the log file keeps both.

On a terminal, long steps show a progress bar with rate and remaining time; elsewhere, plain lines.
"""

import json
import os
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Literal

from installer.errors import AirlockError
from installer.text import _

if TYPE_CHECKING:
    from rich.table import Table

Advance = Callable[[int], None]
Verbosity = Literal["quiet", "normal", "verbose"]
PLAIN_PROGRESS_SECONDS = 10.0
THOUSAND = 1024


class Console:
    """One person's screen. `log` receives every story line, whatever the verbosity."""

    def __init__(
        self,
        *,
        results: IO[str] | None = None,
        story: IO[str] | None = None,
        answers: IO[str] | None = None,
        log: IO[str] | None = None,
        verbosity: Verbosity = "normal",
        assume_yes: bool = False,
    ) -> None:
        self._results = results or sys.stdout
        self._story = story or sys.stderr
        self._answers = answers or sys.stdin
        self._log = log
        self._verbosity = verbosity
        self.assume_yes = assume_yes

    @property
    def is_interactive(self) -> bool:
        """Whether a person can be asked."""
        return self._answers.isatty() and self._story.isatty()

    @contextmanager
    def logging_to(self, path: Path) -> Iterator[None]:
        """While the body runs, append everything that is told, details too, to the file at `path`."""
        path.parent.mkdir(parents=True, exist_ok=True)
        before = self._log
        with open(path, "a", encoding="utf-8", opener=_private) as log:
            self._log = log
            try:
                yield
            finally:
                self._log = before

    def say(self, line: str = "") -> None:
        """Tell one line of the story."""
        self._write(line, shown=self._verbosity != "quiet")

    def detail(self, line: str) -> None:
        """Tell a line that only `--verbose` and the log file show."""
        self._write(line, shown=self._verbosity == "verbose")

    def warn(self, line: str) -> None:
        """Tell something the person should not miss."""
        self._write(_("Warning: {text}", text=line), shown=True)

    def result(self, text: str) -> None:
        """Print a result on stdout."""
        print(text, file=self._results, flush=True)

    def json(self, document: object) -> None:
        """Print a result for programs on stdout: stable keys, one document."""
        self.result(json.dumps(document, indent=2, ensure_ascii=False))

    def problem(self, error: AirlockError) -> None:
        """What happened, details, what to type next."""
        self._write(_("Error: {text}", text=error.happened), shown=True)
        for line in error.details:
            self._write(f"  {line}", shown=True)
        if error.hint:
            self._write(f"→ {error.hint}", shown=True)

    def failure(self, failure: BaseException) -> None:
        """Tell what went wrong, whatever it is; the log also keeps where in the program a bug was met."""
        if isinstance(failure, AirlockError):
            self.problem(failure)
        elif isinstance(failure, KeyboardInterrupt):
            self._write(_("Interrupted."), shown=True)
        else:
            self._write(_("Error: {text}", text=f"{type(failure).__name__}: {failure}"), shown=True)
            for line in "".join(traceback.format_exception(failure)).splitlines():
                self._write(line, shown=False)

    def table(self, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Show rows under headings, columns aligned also for double-width characters."""
        for line in _rendered(_table(headings, rows)):
            self.say(line)

    @contextmanager
    def step(self, number: int, total: int, title: str) -> Iterator[Callable[[str], None]]:
        """Tell that a step begins, and its result and time when it ends.

        The body may call the yielded function once to give the result's words.
        """
        result = _("done")

        def outcome(words: str) -> None:
            nonlocal result
            result = words

        label = f"[{number:>2}/{total}] {title}"
        self.say(label)
        began = time.monotonic()
        try:
            yield outcome
        except BaseException:
            self._close_step(_("failed"), began)
            raise
        self._close_step(result, began)

    def _close_step(self, result: str, began: float) -> None:
        self.say(f"        {result} ({time.monotonic() - began:.1f} s)")

    @contextmanager
    def progress(self, title: str, total_bytes: int | None) -> Iterator[Advance]:
        """Show how far a long step is; the body calls the yielded function with bytes done."""
        if self._verbosity == "quiet":
            yield lambda size_bytes: None
        elif self._story.isatty():
            with _bar(self._story, title, total_bytes) as advance:
                yield advance
        else:
            yield _PlainProgress(self.say, title, total_bytes).advance

    def confirm(self, question: str, *, default: bool) -> bool:
        """Ask a yes-or-no question. With `--yes` the answer is yes; an empty line takes the default."""
        if self.assume_yes:
            return True
        if not self.is_interactive:
            return False
        return self._ask(f"{question} {_('[Y/n]') if default else _('[y/N]')} ", default)

    def _ask(self, prompt: str, default: bool) -> bool:
        while True:
            print(prompt, end="", file=self._story, flush=True)
            answer = self._answers.readline()
            if not answer:
                return False
            word = answer.strip().lower()
            if not word:
                return default
            if word in ("y", "yes", "예", "네", "n", "no", "아니오", "아니요"):
                return word in ("y", "yes", "예", "네")

    def _write(self, line: str, *, shown: bool) -> None:
        if shown:
            print(line, file=self._story, flush=True)
        if self._log is not None:
            print(f"{time.strftime('%Y-%m-%dT%H:%M:%S')} {line}", file=self._log, flush=True)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, mode=0o600)


class _PlainProgress:
    """Progress without a terminal: a line every few seconds."""

    def __init__(self, say: Callable[[str], None], title: str, total_bytes: int | None) -> None:
        self._say, self._title, self._total_bytes = say, title, total_bytes
        self._done_bytes = 0
        self._began = self._told = time.monotonic()

    def advance(self, size_bytes: int) -> None:
        self._done_bytes += size_bytes
        now = time.monotonic()
        if now - self._told >= PLAIN_PROGRESS_SECONDS:
            self._told = now
            self._say(f"        {self._title}: {self._line(now)}")

    def _line(self, now: float) -> str:
        rate = self._done_bytes / (now - self._began)
        line = f"{size(self._done_bytes)}, {size(int(rate))}/s"
        if self._total_bytes and rate:
            left_seconds = max(0, self._total_bytes - self._done_bytes) / rate
            line += ", " + _("{seconds} s left", seconds=int(left_seconds))
        return line


@contextmanager
def _bar(story: IO[str], title: str, total_bytes: int | None) -> Iterator[Advance]:
    from rich import progress as bars
    from rich.console import Console as RichConsole

    columns = (
        bars.TextColumn("        {task.description}"),
        bars.BarColumn(),
        bars.DownloadColumn(),
        bars.TransferSpeedColumn(),
        bars.TimeRemainingColumn(),
    )
    with bars.Progress(*columns, console=RichConsole(file=story), transient=True) as shown:
        task = shown.add_task(title, total=total_bytes)
        yield lambda size_bytes: shown.advance(task, size_bytes)


def _table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> "Table":
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(*headings, box=box.SIMPLE_HEAD)
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    return table


def _rendered(table: "Table") -> list[str]:
    from io import StringIO

    from rich.console import Console as RichConsole

    page = StringIO()
    RichConsole(file=page, width=110, color_system=None).print(table)
    return [line.rstrip() for line in page.getvalue().splitlines() if line.strip()]


def size(size_bytes: int) -> str:
    """A number of bytes as people read it, in binary thousands: `1536` is `1.5 KiB`."""
    amount = float(size_bytes)
    for unit in ("B", "KiB", "MiB", "GiB"):
        if amount < THOUSAND:
            return f"{amount:.0f} {unit}" if unit == "B" else f"{amount:.1f} {unit}"
        amount /= THOUSAND
    return f"{amount:.1f} TiB"
