"""Writes a log file: each message with local time and offset, and the error that ends the command."""

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

TOLD_BY_CLICK = (click.exceptions.Exit, click.ClickException)  # a help page, a usage error

INTERRUPTED = (KeyboardInterrupt, click.Abort)


class LogFile:
    """A log that appends to the file at `path`, readable only by its owner. On a full disk, lines are lost.

    Raises `Refused` if the file cannot be opened.
    """

    def __init__(self, path: Path) -> None:
        self._file = _opened(path)

    def write(self, line: str) -> None:
        """Appends a line."""
        print_line(f"{datetime.now().astimezone().isoformat(timespec='seconds')} {line}", self._file)

    def ended_by(self, failure: BaseException) -> None:
        """Appends the failure that ended the command; for a bug, also its traceback."""
        if not isinstance(failure, TOLD_BY_CLICK):
            for line in (*reason_lines(failure), *bug_lines(failure)):
                self.write(line)

    def close(self) -> None:
        """Closes the file."""
        with suppress(OSError):
            self._file.close()


def error_lines(error: AirlockError) -> Iterator[str]:
    """Yields what happened, details, and the next command to run."""
    yield error.happened if isinstance(error, Declined) else _("Error: {text}", text=error.happened)
    for line in error.details:
        yield f"  {line}"
    if error.hint:
        yield f"→ {error.hint}"


def reason_lines(failure: BaseException) -> list[str]:
    """Returns the lines that describe any failure."""
    if isinstance(failure, AirlockError):
        return list(error_lines(failure))
    if isinstance(failure, INTERRUPTED):
        return [_("Interrupted.")]
    return [_("Error: {text}", text=f"{type(failure).__name__}: {failure}")]


def bug_lines(failure: BaseException) -> list[str]:
    """Returns the traceback of a bug; nothing for other failures."""
    if isinstance(failure, (AirlockError, *INTERRUPTED)):
        return []
    return "".join(traceback.format_exception(failure)).splitlines()


def print_line(line: str, stream: IO[str], end: str = "\n") -> None:
    """Prints a line; a closed terminal or a full disk does not raise, because it must not stop the work.

    A signal handler that prints in the middle of another line does not raise either (Python's
    `RuntimeError`).
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
            hint=_("Run the command with sudo, or in a folder that you may write to."),
        ) from obstacle


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, mode=0o600)
