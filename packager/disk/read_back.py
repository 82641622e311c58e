"""Reads back what was written, once, and compares it with what was meant to be written.

A CRC-32 is enough for that: a disk errs, it does not deceive. Whoever gets the files has their SHA-256.
"""

import hashlib
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from isal.isal_zlib import crc32

from installer.bundle.archive.checksums import CHUNK_BYTES
from installer.errors import Failed
from installer.text import _


@dataclass(frozen=True)
class WrittenFile:
    """A file of the package as it lies on the disk."""

    name: str
    sha256: str
    size_bytes: int


@dataclass(frozen=True)
class Stretch:
    """So many bytes with this CRC-32: what was written in one go."""

    size_bytes: int = 0
    crc32: int = 0

    def with_more(self, content: bytes | memoryview) -> "Stretch":
        """This one and what follows it."""
        return Stretch(self.size_bytes + len(content), crc32(content, self.crc32))


class Stretched:
    """Passes bytes on and knows the stretch they make."""

    def __init__(self, write: Callable[[bytes], object]) -> None:
        self._write = write
        self.stretch = Stretch()

    def write(self, content: bytes) -> None:
        """Add bytes."""
        self.stretch = self.stretch.with_more(content)
        self._write(content)


def read_back(
    paths: Sequence[Path], stretches: Sequence[Stretch], advance: Callable[[int], None]
) -> tuple[WrittenFile, ...]:
    """The files, which one behind the other hold these stretches.

    Raises `Failed` when the disk gives back other bytes.
    """
    files = [_Reader(path, advance) for path in paths]
    wanted = _Wanted(stretches)
    for file in files:
        for chunk in file.chunks():
            wanted.compare(chunk)
    if not wanted.is_all_there:
        raise Failed(
            _("The disk of {path} does not give back what was written.", path=paths[0].parent.parent),
            hint=_("Write the package to another disk: --output FOLDER"),
        )
    return tuple(file.written for file in files)


class _Reader:
    """A file whose digest is known once it was read."""

    def __init__(self, path: Path, advance: Callable[[int], None]) -> None:
        self._path, self._advance = path, advance
        self._digest = hashlib.sha256()
        self._size_bytes = 0

    def chunks(self) -> Iterator[bytes]:
        with self._path.open("rb", buffering=0) as file:
            while chunk := file.read(CHUNK_BYTES):
                self._digest.update(chunk)
                self._size_bytes += len(chunk)
                self._advance(len(chunk))
                yield chunk

    @property
    def written(self) -> WrittenFile:
        return WrittenFile(self._path.name, self._digest.hexdigest(), self._size_bytes)


class _Wanted:
    """What must come, stretch by stretch."""

    def __init__(self, stretches: Sequence[Stretch]) -> None:
        self._left = deque(stretches)
        self._found = Stretch()
        self._is_right = True

    @property
    def is_all_there(self) -> bool:
        """Whether exactly the stretches have come."""
        return self._is_right and not self._left

    def compare(self, chunk: bytes) -> None:
        """The next bytes."""
        rest = memoryview(chunk)
        while len(rest) and self._left:
            missing = self._left[0].size_bytes - self._found.size_bytes
            piece, rest = rest[:missing], rest[missing:]
            self._found = self._found.with_more(piece)
            if len(piece) == missing:
                self._is_right &= self._found == self._left.popleft()
                self._found = Stretch()
        self._is_right &= not len(rest)
