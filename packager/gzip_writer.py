"""Writes gzip in blocks, on all processors, in constant memory.

Each block is a gzip member of its own: any `gzip -d` reads them as one stream, and the bytes do not depend
on the number of processors. A member can be padded to an exact size, to be written into a place kept for it.
"""

import os
import struct
import zlib
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import IO

BLOCK_BYTES = 1 << 20
# Measured on 219 MB of layers with 2 processors: level 4 takes 3.5 s for 75.6 MB, level 6 8.7 s for 74.0 MB.
LEVEL = 4
GZIP = 31  # zlib's window bits for a gzip member: header without name or time
HEADER = b"\x1f\x8b\x08\x04" + bytes(4) + b"\x02\x03"  # deflate, extra field, no time, Unix
LARGEST_EXTRA_BYTES = 0xFFFF
EMPTY_MEMBER_BYTES = 22


class GzipWriter:
    """Compresses what is written into `file`; the rest follows when the context ends."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._threads = os.cpu_count() or 1
        self._pool = ThreadPoolExecutor(self._threads)
        self._waiting: deque[Future[bytes]] = deque()
        self._block = bytearray()

    def __enter__(self) -> "GzipWriter":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self._finish()
        finally:
            self._pool.shutdown(wait=True, cancel_futures=True)

    def write(self, chunk: bytes) -> None:
        """Add bytes to the stream."""
        self._block += chunk
        while len(self._block) >= BLOCK_BYTES:
            self._start(bytes(self._block[:BLOCK_BYTES]))
            del self._block[:BLOCK_BYTES]

    def _finish(self) -> None:
        if self._block:
            self._start(bytes(self._block))
        while self._waiting:
            self._file.write(self._waiting.popleft().result())

    def _start(self, block: bytes) -> None:
        self._waiting.append(self._pool.submit(member, block))
        while len(self._waiting) > 2 * self._threads:
            self._file.write(self._waiting.popleft().result())


def member(content: bytes, level: int = LEVEL) -> bytes:
    """One gzip member: always the same bytes for the same content."""
    compressor = zlib.compressobj(level, zlib.DEFLATED, GZIP)
    return compressor.compress(content) + compressor.flush()


def padded_member(content: bytes, size_bytes: int) -> bytes:
    """`content` as gzip of exactly `size_bytes`: empty members with an extra field fill the room.

    Raises `ValueError` when it does not fit.
    """
    packed = member(content, level=9)
    missing = size_bytes - len(packed)
    fillers = []
    while missing:
        extra_bytes = min(missing - EMPTY_MEMBER_BYTES, LARGEST_EXTRA_BYTES)
        if 0 < missing - EMPTY_MEMBER_BYTES - extra_bytes < EMPTY_MEMBER_BYTES:
            extra_bytes -= EMPTY_MEMBER_BYTES
        if extra_bytes < 0:
            raise ValueError(f"{len(packed)} bytes do not fit into {size_bytes}")
        fillers.append(_filler(extra_bytes))
        missing -= EMPTY_MEMBER_BYTES + extra_bytes
    return packed + b"".join(fillers)


def padded_bound(content_bytes: int) -> int:
    """Room in which any content of this size fits as a padded member."""
    return content_bytes + content_bytes // 500 + 1024


def _filler(extra_bytes: int) -> bytes:
    """An empty gzip member of 22 bytes and an extra field."""
    return HEADER + struct.pack("<H", extra_bytes) + bytes(extra_bytes) + b"\x03\x00" + bytes(8)
