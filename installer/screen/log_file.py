"""A log file: what is told, line by line with its local time and offset, and why the work ended."""

import os
import traceback
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import IO

import click

from installer.errors import AirlockError, Declined, Refused
from installer.text import _

TOLD_BY_CLICK = (click.exceptions.Exit, click.ClickException)  # a help page, a wrong command line

INTERRUPTED = (KeyboardInterrupt, click.Abort)


class LogFile:
    """Appends to the file at `path`, which only its owner may read. What a full disk does not take is lost.

    Raises `Refused` when the file cannot be opened.
    """

    def __init__(self, path: Path) -> None:
        self._file = _opened(path)

    def write(self, line: str) -> None:
        """Append a line."""
        print_line(f"{datetime.now().astimezone().isoformat(timespec='seconds')} {line}", self._file)

    def ended_by(self, failure: BaseException) -> None:
        """Append why the work ended; of a mistake in the program, where it was met."""
        if not isinstance(failure, TOLD_BY_CLICK):
            for line in (*reason_lines(failure), *bug_lines(failure)):
                self.write(line)

    def close(self) -> None:
        """Append no more."""
        with suppress(OSError):
            self._file.close()


def error_lines(error: AirlockError) -> Iterator[str]:
    """What happened, details, what to type next."""
    yield error.happened if isinstance(error, Declined) else _("Error: {text}", text=error.happened)
    for line in error.details:
        yield f"  {line}"
    if error.hint:
        yield f"→ {error.hint}"


def reason_lines(failure: BaseException) -> list[str]:
    """What went wrong, whatever it is."""
    if isinstance(failure, AirlockError):
        return list(error_lines(failure))
    if isinstance(failure, INTERRUPTED):
        return [_("Interrupted.")]
    return [_("Error: {text}", text=f"{type(failure).__name__}: {failure}")]


def bug_lines(failure: BaseException) -> list[str]:
    """Where in the program a mistake of it was met; nothing of another failure."""
    if isinstance(failure, (AirlockError, *INTERRUPTED)):
        return []
    return "".join(traceback.format_exception(failure)).splitlines()


def print_line(line: str, stream: IO[str], end: str = "\n") -> None:
    """A terminal that is gone or a full disk must not stop the work that the line tells of.

    Nor may a signal's handler that speaks amid another line: Python raises `RuntimeError` then.
    """
    with suppress(OSError, RuntimeError):
        try:
            print(line, end=end, file=stream, flush=True)
        except UnicodeEncodeError:
            print(line.encode("ascii", "backslashreplace").decode(), end=end, file=stream, flush=True)


def _opened(path: Path) -> IO[str]:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return open(path, "a", encoding="utf-8", errors="backslashreplace", opener=_private)
    except OSError as obstacle:
        raise Refused(
            _("The log {path} cannot be written: {problem}.", path=path, problem=obstacle.strerror),
            hint=_("Run the command with sudo, or in a directory that you may write to."),
        ) from obstacle


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, mode=0o600)
