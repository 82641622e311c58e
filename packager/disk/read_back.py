"""Reads written files back once and compares them with what was meant to be written.

A CRC-32 is enough: a disk makes errors, it does not forge data. The files' SHA-256 protects their receivers.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from isal.isal_zlib import crc32

from installer.bundle.archive.checksums import CHUNK_BYTES, Tally
from installer.errors import Failed
from installer.text import _


@dataclass(frozen=True)
class WrittenFile:
    """A file of the package on the disk."""

    name: str
    sha256: str
    size_bytes: int


@dataclass(frozen=True)
class Stretch:
    """A number of consecutive bytes with this CRC-32."""

    size_bytes: int = 0
    crc32: int = 0

    def with_more(self, content: bytes | memoryview) -> "Stretch":
        """Returns this stretch extended by the content."""
        return Stretch(self.size_bytes + len(content), crc32(content, self.crc32))


class Stretched:
    """Passes bytes on and computes their stretch."""

    def __init__(self, write: Callable[[bytes], object]) -> None:
        self._write = write
        self.stretch = Stretch()

    def write(self, content: bytes) -> None:
        """Adds bytes."""
        self.stretch = self.stretch.with_more(content)
        self._write(content)


def read_back(
    paths: Sequence[Path], stretches: Sequence[Stretch], advance: Callable[[int], None]
) -> tuple[WrittenFile, ...]:
    """Reads the files, whose contents one after another must be these stretches, and returns them.

    Raises `Failed` if the disk returns different bytes.
    """
    files = [_Reader(path, advance) for path in paths]
    wanted = _Wanted(stretches)
    for file in files:
        for chunk in file.chunks():
            wanted.compare(chunk)
    if not wanted.is_all_there:
        raise Failed(
            _(
                "Data read back from the disk of {path} differs from the data written.",
                path=paths[0].parent.parent,
            ),
            hint=_("Write the package to another disk: --output FOLDER"),
        )
    return tuple(file.written for file in files)


class _Reader:
    """A file whose digest is known after it was read."""

    def __init__(self, path: Path, advance: Callable[[int], None]) -> None:
        self._path, self._advance = path, advance
        self._tally = Tally()

    def chunks(self) -> Iterator[bytes]:
        with self._path.open("rb", buffering=0) as file:
            while chunk := file.read(CHUNK_BYTES):
                self._tally.count(chunk)
                self._advance(len(chunk))
                yield chunk

    @property
    def written(self) -> WrittenFile:
        return WrittenFile(self._path.name, self._tally.sha256, self._tally.size_bytes)


class _Wanted:
    """The expected content, stretch by stretch."""

    def __init__(self, stretches: Sequence[Stretch]) -> None:
        self._left = deque(stretches)
        self._found = Stretch()
        self._is_right = True

    @property
    def is_all_there(self) -> bool:
        """Returns whether exactly these stretches were read."""
        return self._is_right and not self._left

    def compare(self, chunk: bytes) -> None:
        """Compares the next bytes."""
        rest = memoryview(chunk)
        while len(rest) and self._left:
            missing = self._left[0].size_bytes - self._found.size_bytes
            piece, rest = rest[:missing], rest[missing:]
            self._found = self._found.with_more(piece)
            if len(piece) == missing:
                self._is_right &= self._found == self._left.popleft()
                self._found = Stretch()
        self._is_right &= not len(rest)
