"""Compresses a package: its members are recorded, and used again in later packages.

Each block is verified by the thread that packed it.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from itertools import starmap

from installer.system.block_packer import BlockPacker, Writable
from packager.compression.codec import Codec

Content = bytes | bytearray


class Packer(BlockPacker):
    """A packer of blocks with `codec`."""

    def __init__(self, file: Writable, codec: Codec, threads: int | None = None) -> None:
        super().__init__(file, codec.pack, codec.block_bytes, threads)
        self.codec = codec
        self._record: Writable | None = None

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
        content = self.codec.unpack(member)
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

    def _put(self, packed: bytes) -> None:
        super()._put(packed)
        if self._record:
            self._record.write(packed)


def _done(member: bytes, unpacked: Future[None]) -> bytes:
    unpacked.result()
    return member
