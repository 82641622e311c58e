"""Compares two folders by what the file system knows of their files, without reading them."""

import os
import stat
from collections.abc import Mapping
from pathlib import Path

from installer.system.files.live_tree import paths_below, status_of

Look = tuple[int, int, int]


def is_same_tree(one: Path, other: Path) -> bool:
    """Returns whether both hold the same names, types, sizes and times: a copy that nobody wrote to."""
    return _looks(one) == _looks(other)


def _looks(top: Path) -> Mapping[str, Look]:
    looks = {}
    for path in (top, *paths_below(top)):
        status = status_of(path)
        if status is not None:
            looks[os.path.relpath(path, top)] = _look(status)
    return looks


def _look(status: os.stat_result) -> Look:
    """Returns type, size and time; of a folder no size and of a link only the type: these may differ."""
    kind = stat.S_IFMT(status.st_mode)
    if kind == stat.S_IFLNK:
        return kind, 0, 0
    return kind, 0 if kind == stat.S_IFDIR else status.st_size, status.st_mtime_ns
