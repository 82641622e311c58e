"""What a directory is recognised by when it was renamed: its inode, and the digests of its compose files."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from installer.system.files.files import rebased


@dataclass(frozen=True)
class DirectoryMark:
    """`digests`: SHA-256 by path, relative to the directory, of the files that lie in it."""

    inode: int
    digests: tuple[tuple[str, str], ...]


def mark_of(directory: Path, files: Iterable[str]) -> DirectoryMark | None:
    """The mark of a directory and those of its `files` that are there; None where it may not be looked at."""
    try:
        inside = [rebased(directory / file, directory, Path()) for file in files]
        here = sorted(path for path in inside if not path.is_absolute() and (directory / path).is_file())
        digests = tuple((str(path), _sha256(directory / path)) for path in here)
        return DirectoryMark(directory.stat().st_ino, digests)
    except OSError:
        return None


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
