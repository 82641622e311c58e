"""Reads folders that other programs are changing: files that vanish meanwhile are skipped.

A running database creates and deletes files, and so does an application with uploads.
"""

import os
from collections.abc import Iterator
from pathlib import Path

GONE = (FileNotFoundError, NotADirectoryError)


def paths_in(folder: Path) -> Iterator[Path]:
    """Yields the direct content of a folder, unordered; nothing if the folder does not exist (any more)."""
    for entry in _entries(folder):
        yield Path(entry.path)


def paths_below(folder: Path) -> Iterator[Path]:
    """Yields every file, folder and link below a folder, unordered; does not follow links.

    Skips the content of unreadable folders.
    """
    try:
        entries = _entries(folder)
    except PermissionError:
        return
    for entry in entries:
        yield Path(entry.path)
        if _is_folder(entry):
            yield from paths_below(Path(entry.path))


def status_of(path: Path) -> os.stat_result | None:
    """Returns the result of `lstat`; None if the path does not exist (any more)."""
    try:
        return path.lstat()
    except GONE:
        return None


def is_empty_folder(path: Path) -> bool:
    """Returns whether it is an empty folder. Raises `OSError` without permission."""
    return path.is_dir() and not any(paths_in(path))


def holds_something(path: Path) -> bool:
    """Returns whether it is a file or a folder that is not empty. Raises `OSError` without permission."""
    return path.is_file() or any(paths_in(path))


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except GONE:
        return []


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir(follow_symlinks=False)
    except OSError:
        return False
