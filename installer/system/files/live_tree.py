"""Reads folders that other programs are changing: files that vanish meanwhile are skipped.

A running database creates and deletes files, and so does an application with uploads.
"""

import os
from collections.abc import Collection, Iterator
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


def folders_in(folder: Path) -> tuple[Path, ...]:
    """Returns the folders, and links to folders, directly in `folder`, sorted; none without permission."""
    try:
        return tuple(path for path in sorted(paths_in(folder)) if path.is_dir())
    except OSError:
        return ()


def is_empty_folder(path: Path, *, but_for: Collection[str] = ()) -> bool:
    """Returns whether it is a folder, or a link to one, that certainly contains only files with these names.

    Raises `OSError` without permission.
    """
    return path.is_dir() and all(inside.name in but_for for inside in paths_in(path))


def is_removable_folder(path: Path) -> bool:
    """Returns whether it is a folder, not a link, that is certainly empty: `rmdir` deletes no data.

    Raises `OSError` without permission.
    """
    return not path.is_symlink() and is_empty_folder(path)


def may_hold_something(path: Path) -> bool:
    """Returns whether it is a file, a folder that is not empty, or one without permission to read it.

    Only its own user can read a database's folder: unreadable content counts as data.
    """
    try:
        return path.is_file() or any(paths_in(path))
    except PermissionError:
        return True


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
