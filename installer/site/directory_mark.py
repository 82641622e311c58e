"""Recognises a renamed directory by its inode and the digests of its compose files."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from installer.system.files.files import rebased


@dataclass(frozen=True)
class DirectoryMark:
    """The mark of a directory. `digests` are (path relative to the directory, SHA-256) of files inside it."""

    inode: int
    digests: tuple[tuple[str, str], ...]


def mark_of(directory: Path, files: Iterable[str]) -> DirectoryMark | None:
    """Returns the mark of a directory and those of its `files` that exist; None if it cannot be read."""
    try:
        inside = [rebased(directory / file, directory, Path()) for file in files]
        here = sorted(path for path in inside if not path.is_absolute() and (directory / path).is_file())
        digests = tuple((str(path), _sha256(directory / path)) for path in here)
        return DirectoryMark(directory.stat().st_ino, digests)
    except OSError:
        return None


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
