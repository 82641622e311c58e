"""Looks at folders that somebody else works in: what vanishes meanwhile is left out instead of failing.

A running database comes and goes with files, and an application with uploads.
"""

import os
from collections.abc import Iterator
from pathlib import Path

GONE = (FileNotFoundError, NotADirectoryError)


def paths_in(folder: Path) -> Iterator[Path]:
    """What is directly in a folder, in no order; nothing where there is no folder (any more)."""
    for entry in _entries(folder):
        yield Path(entry.path)


def paths_below(folder: Path) -> Iterator[Path]:
    """Every file, folder and link below a folder, in no order; a link is not followed.

    What is in a folder that may not be read is left out.
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
    """What `lstat` says; None where there is nothing (any more)."""
    try:
        return path.lstat()
    except GONE:
        return None


def is_empty_folder(path: Path) -> bool:
    """Whether it is a folder, and nothing is in it. Raises `OSError` where one may not look."""
    return path.is_dir() and not any(paths_in(path))


def holds_something(path: Path) -> bool:
    """Whether it is a file, or a folder with something in it. Raises `OSError` where one may not look."""
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
