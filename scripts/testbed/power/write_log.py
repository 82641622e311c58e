"""Reads and appends the log of a disk: each write with its bytes, and each flush, in order."""

import mmap
import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

BLOCK_BYTES = 4096  # the sector of the loop device: every write is of whole blocks
HEADER = struct.Struct("<QQ")
FLUSH = 2**64 - 1


@dataclass(frozen=True)
class Record:
    """A write of `length` bytes to `offset`, whose bytes are at `position` of the log; or a flush."""

    offset: int
    length: int
    position: int

    @property
    def is_flush(self) -> bool:
        return self.offset == FLUSH

    @property
    def blocks(self) -> Iterator[tuple[int, int]]:
        """Yields each block that is written, and where its bytes are in the log."""
        for done in range(0, self.length, BLOCK_BYTES):
            yield (self.offset + done) // BLOCK_BYTES, self.position + done


class WriteLog:
    """Appends to a log. Returns where the bytes of a write are."""

    def __init__(self, path: Path) -> None:
        self.file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        self._end = os.fstat(self.file).st_size

    def write(self, offset: int, content: bytes | memoryview) -> Record:
        """Appends a write."""
        os.writev(self.file, (HEADER.pack(offset, len(content)), content))
        record = Record(offset, len(content), self._end + HEADER.size)
        self._end = record.position + record.length
        return record

    def flush(self) -> None:
        """Appends a flush."""
        self.write(FLUSH, b"")


def records_of(path: Path) -> list[Record]:
    """Returns the complete records of a log; a moment of the disk is how many of them have happened."""
    if not path.exists() or not path.stat().st_size:
        return []
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as log:
        return list(_records(log))


def _records(log: mmap.mmap) -> Iterator[Record]:
    position = HEADER.size
    while position <= len(log):
        offset, length = HEADER.unpack_from(log, position - HEADER.size)
        if position + length > len(log):
            return
        yield Record(offset, length, position)
        position += length + HEADER.size
