"""The report of a mistake in Airlock: a file with all that a developer needs, and its path for the person.

Nothing here may fail: whatever happens, the mistake itself is told.
"""

import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from installer import VERSION
from installer.errors import Bug
from installer.screen.log_file import bug_lines
from installer.text import _


def reported(bug: Exception) -> Bug:
    """Keep the report in the first place that takes it; where none does, tell all of it."""
    happened = _("This is a mistake in Airlock itself; we are sorry.")
    lines = (f"airlock {VERSION}, Python {sys.version}", *_lines(bug))
    path = _kept(lines)
    if path is None:
        return Bug(happened, details=lines)
    hint = _("Please send this file to those who gave you the package: {path}", path=path)
    return Bug(happened, details=[_name(bug)], hint=hint)


def _lines(bug: Exception) -> list[str]:
    try:
        return bug_lines(bug)
    except Exception as second:  # an error whose own words fail
        return [type(bug).__name__, f"({type(second).__name__})"]


def _name(bug: Exception) -> str:
    try:
        return f"{type(bug).__name__}: {bug}"
    except Exception:
        return type(bug).__name__


def _kept(lines: Sequence[str]) -> Path | None:
    content = "".join(f"{line}\n" for line in lines).encode("utf-8", "backslashreplace")
    for folder in _folders():
        with suppress(OSError):
            descriptor, path = tempfile.mkstemp(prefix="airlock-report-", suffix=".txt", dir=folder)
            with os.fdopen(descriptor, "wb") as report:
                report.write(content)
            return Path(path)
    return None


def _folders() -> Iterator[Path]:
    """Where files for a while belong, else the person's own folder."""
    with suppress(OSError):  # there is no folder for temporary files
        yield Path(tempfile.gettempdir())
    with suppress(RuntimeError):  # nor a home
        yield Path.home()
