"""Creates temporary files and folders that are deleted even if Ctrl-C or `kill` ends the program.

Their names are chosen before they are created. `tempfile` knows a name only after creation, and a signal in
between would leave the file behind.
"""

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from installer.system.process.signals import uninterrupted

UNUSED_BYTES = 8
UNFINISHED = f".*.{'[0-9a-f]' * 2 * UNUSED_BYTES}"  # a pattern of the names of `name_beside`


@contextmanager
def temporary_folder(parent: Path, prefix: str) -> Iterator[Path]:
    """Creates a folder in `parent`, for this user only, and deletes it afterwards with all its content.

    Raises `OSError` if it cannot be created.
    """
    folder = parent / f"{prefix}{_unused()}"
    try:
        folder.mkdir(mode=0o700)
        yield folder
    finally:
        with uninterrupted():
            shutil.rmtree(folder, ignore_errors=True)


def name_beside(path: Path) -> Path:
    """Returns an unused hidden name in the folder of `path`."""
    return path.with_name(f".{path.name}.{_unused()}")


def _unused() -> str:
    return secrets.token_hex(UNUSED_BYTES)
