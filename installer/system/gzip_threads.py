"""Writes gzip in blocks, on all processors, in constant memory.

Each block is a separate gzip member: any `gzip -d` reads them as one stream, and the bytes do not depend on
the number of processors. zlib releases Python's lock while it works.
"""

import os
import zlib
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Protocol

BLOCK_BYTES = 1 << 20
MOST_THREADS = 8  # each keeps some blocks in memory
GZIP = 31  # zlib's window bits for a gzip member: header without name or time


class Writable(Protocol):
    """A stream that accepts bytes."""

    def write(self, content: bytes, /) -> object: ...


def member(content: bytes, level: int, strategy: int = zlib.Z_DEFAULT_STRATEGY) -> bytes:
    """Returns a gzip member, with the same bytes for the same content."""
    compressor = zlib.compressobj(level, zlib.DEFLATED, GZIP, strategy=strategy)
    return compressor.compress(content) + compressor.flush()


class GzipWriter:
    """A writer that compresses into `file`; the last blocks are written when the context ends."""

    def __init__(self, file: Writable, pack: Callable[[bytes], bytes]) -> None:
        self._file = file
        self._pack = pack
        self._threads = min(os.cpu_count() or 1, MOST_THREADS)
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
        """Adds bytes to the stream."""
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
        self._waiting.append(self._pool.submit(self._pack, block))
        while len(self._waiting) > 2 * self._threads:
            self._file.write(self._waiting.popleft().result())
