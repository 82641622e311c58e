"""Recognises the files of SQLite databases below a folder, by their name and their first bytes."""

import os
import stat
from itertools import chain, islice
from pathlib import Path

from installer.system.files.live_tree import paths_below

MAGIC = b"SQLite format 3\0"
ENDINGS = (".db", ".db3", ".sqlite", ".sqlite3", ".s3db", ".sdb")
MOST_PATHS = 20_000  # an application's uploads may be millions


def has_sqlite_file(place: Path) -> bool:
    """Returns whether `place`, or one of the first files below it, is a SQLite database."""
    return any(map(_is_sqlite, islice(chain([place], paths_below(place)), MOST_PATHS)))


def _is_sqlite(path: Path) -> bool:
    if not path.name.lower().endswith(ENDINGS):
        return False
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return False
    try:
        return stat.S_ISREG(os.fstat(descriptor).st_mode) and os.read(descriptor, len(MAGIC)) == MAGIC
    except OSError:  # a disk that does not give it: another check says so
        return False
    finally:
        os.close(descriptor)
