"""Compresses in blocks, on all processors, in constant memory.

Each block becomes a member (gzip) or frame (zstd) of its own, verified by the thread that made it. The bytes
depend on the content and the boundaries only, not on the number of processors or the size of the writes.
"""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from itertools import starmap
from types import TracebackType
from typing import Protocol

from packager.compression.codec import Codec

MOST_THREADS = 8
MOST_WAITING_BYTES = 16 << 20  # of content that is being compressed or waits to be written
Content = bytes | bytearray


class Writable(Protocol):
    """An object that bytes can be written to."""

    def write(self, content: bytes, /) -> object: ...


class Packer:
    """Compresses what is written into `file`; writes the rest when the context ends."""

    def __init__(self, file: Writable, codec: Codec, threads: int | None = None) -> None:
        self._file = file
        self._codec = codec
        self._most_waiting = MOST_WAITING_BYTES // codec.block_bytes
        self._pool = ThreadPoolExecutor(min(threads or os.cpu_count() or 1, MOST_THREADS, self._most_waiting))
        self._waiting: deque[Future[bytes]] = deque()
        self._pieces: list[memoryview] = []
        self._room_bytes = codec.block_bytes
        self._record: Writable | None = None

    @property
    def codec(self) -> Codec:
        """Returns the codec in use."""
        return self._codec

    def __enter__(self) -> "Packer":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self._finish()
        finally:
            self._pool.shutdown(wait=True, cancel_futures=True)

    def write(self, content: bytes) -> None:
        """Adds bytes to the stream."""
        rest = memoryview(content)
        while len(rest):
            piece, rest = rest[: self._room_bytes], rest[self._room_bytes :]
            self._pieces.append(piece)
            self._room_bytes -= len(piece)
            if not self._room_bytes:
                self.boundary()

    def boundary(self) -> None:
        """Starts a new member for the bytes that follow."""
        if not self._pieces:
            return
        block = _joined(self._pieces)
        self._pieces, self._room_bytes = [], self._codec.block_bytes
        self._waiting.append(self._pool.submit(self._codec.pack, block))
        self._write_until(self._most_waiting)

    def unpacked(self, members: Iterable[bytes], receive: Callable[[Content], object]) -> Iterator[bytes]:
        """Yields earlier members of such a packer once `receive` has their content. Raises `ValueError`.

        `receive` is called in the order of the members, by the thread that unpacked: on another processor a
        SHA-256 takes clearly longer, since the content must be read from memory.
        """
        waiting: deque[tuple[bytes, Future[None]]] = deque()
        previous: Future[None] | None = None
        for member in members:
            previous = self._pool.submit(self._unpack_in_turn, member, receive, previous)
            waiting.append((member, previous))
            if len(waiting) == self._most_waiting:
                yield _done(*waiting.popleft())
        yield from starmap(_done, waiting)

    def _unpack_in_turn(
        self, member: bytes, receive: Callable[[Content], object], before: Future[None] | None
    ) -> None:
        content = self._codec.unpack(member)
        if before:
            before.result()
        receive(content)

    def write_packed(self, packed: bytes) -> None:
        """Writes a member that such a packer made earlier; call `boundary` first."""
        self._write_until(0)
        self._put(packed)

    @contextmanager
    def recording(self, file: Writable) -> Iterator[None]:
        """Also writes the members made in the body to `file`, one at a time, with boundaries at both ends."""
        self._finish()
        self._record = file
        try:
            yield
            self._finish()
        finally:
            self._record = None

    def _finish(self) -> None:
        self.boundary()
        self._write_until(0)

    def _write_until(self, waiting: int) -> None:
        while len(self._waiting) > waiting:
            self._put(self._waiting.popleft().result())

    def _put(self, packed: bytes) -> None:
        self._file.write(packed)
        if self._record:
            self._record.write(packed)


def _done(member: bytes, unpacked: Future[None]) -> bytes:
    unpacked.result()
    return member


def _joined(pieces: list[memoryview]) -> bytes:
    """Returns one block, without copying content that came as one piece."""
    whole = pieces[0].obj
    if len(pieces) == 1 and isinstance(whole, bytes) and len(whole) == len(pieces[0]):
        return whole
    return b"".join(pieces)
