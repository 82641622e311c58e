"""Files and folders that are gone afterwards, whenever Ctrl-C or `kill` ends the program.

Their names stand before they exist. `tempfile` learns a name from what it has made already, and a signal in
between leaves that behind.
"""

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from installer.system.process.signals import uninterrupted


@contextmanager
def temporary_folder(parent: Path, prefix: str) -> Iterator[Path]:
    """A new folder in `parent`, for this user only, removed afterwards with all that is in it.

    Raises `OSError` when it cannot be made.
    """
    folder = parent / f"{prefix}{_unused()}"
    try:
        folder.mkdir(mode=0o700)
        yield folder
    finally:
        with uninterrupted():
            shutil.rmtree(folder, ignore_errors=True)


def name_beside(path: Path) -> Path:
    """A hidden name in the folder of `path` that nothing has."""
    return path.with_name(f".{path.name}.{_unused()}")


def _unused() -> str:
    return secrets.token_hex(8)
