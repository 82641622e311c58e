"""Reads written files back once and compares them with what was meant to be written.

A CRC-32 is enough: a disk makes errors, it does not forge data. The files' SHA-256 protects their receivers.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from isal.isal_zlib import crc32, crc32_combine

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

    def __add__(self, behind: "Stretch") -> "Stretch":
        """Returns this stretch and the one that follows it as one."""
        combined = crc32_combine(self.crc32, behind.crc32, behind.size_bytes)
        return Stretch(self.size_bytes + behind.size_bytes, combined)


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
    paths: Sequence[Path], expected: Stretch, advance: Callable[[int], None]
) -> tuple[WrittenFile, ...]:
    """Reads the files, whose contents one after another must be this stretch, and returns them.

    Raises `Failed` if the disk returns different bytes.
    """
    written, found = [], Stretch()
    for path in paths:
        tally = Tally()
        for chunk in _chunks(path):
            tally.count(chunk)
            found = found.with_more(chunk)
            advance(len(chunk))
        written.append(WrittenFile(path.name, tally.sha256, tally.size_bytes))
    if found != expected:
        raise Failed(
            _(
                "Data read back from the disk of {path} differs from the data written.",
                path=paths[0].parent.parent,
            ),
            hint=_("Write the package to another disk: --output FOLDER"),
        )
    return tuple(written)


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb", buffering=0) as file:
        while chunk := file.read(CHUNK_BYTES):
            yield chunk
