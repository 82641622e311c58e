"""Reports a bug in Airlock: writes the details for a developer to a file, and shows its path.

Nothing here may fail: the bug itself is always shown.
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
    """Writes the report to the first writable folder; without one, returns the whole report as details."""
    happened = _("This is a bug in Airlock. We are sorry.")
    lines = (f"airlock {VERSION}, Python {sys.version}", *_lines(bug))
    path = _kept(lines)
    if path is None:
        return Bug(happened, details=lines)
    hint = _("Please send this file to the vendor of the package: {path}", path=path)
    return Bug(happened, details=[_name(bug)], hint=hint)


def _lines(bug: Exception) -> list[str]:
    try:
        return bug_lines(bug)
    except Exception as second:  # an error whose __str__ fails
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
    """Yields the folder for temporary files, then the user's home directory."""
    with suppress(OSError):  # there is no folder for temporary files
        yield Path(tempfile.gettempdir())
    with suppress(RuntimeError):  # there is no home directory
        yield Path.home()
