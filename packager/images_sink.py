"""Where images.tar goes while it is made: hashed, packed layer by layer, or taken as it was packed before."""

import hashlib
from collections import deque
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass
from typing import IO

from packager.compression.codec import Codec
from packager.compression.packer import Packer, Writable

PACKED_CHUNK_BYTES = 1 << 18
PIECES_AHEAD = 4  # of at most one block each


class ImagesSink:
    """Takes images.tar and knows its digest and size."""

    def __init__(self, packer: Packer) -> None:
        self._packer = packer
        self._digest = hashlib.sha256()
        self.size_bytes = 0

    @property
    def packer(self) -> str:
        """Names the compressor: members recorded under the same name may be used again."""
        return self._packer.codec.name

    @property
    def sha256(self) -> str:
        """The digest of all content so far."""
        return self._digest.hexdigest()

    def write(self, content: bytes) -> None:
        """Add content."""
        self._count(content)
        self._packer.write(content)

    def boundary(self) -> None:
        """What follows begins a new member."""
        self._packer.boundary()

    def recording(self, file: Writable) -> AbstractContextManager[None]:
        """What is packed in the body is also written to `file`, which has all of it when the context ends."""
        return self._packer.recording(file)

    def reuse(self, packed: IO[bytes], told: Callable[[bytes], object]) -> None:
        """Add members that were recorded earlier as they are; boundaries at both ends.

        `told` gets what they hold, piece by piece. Raises `ValueError` for damaged members; then the package
        is spoilt.
        """
        self._packer.boundary()
        with closing(_ahead(_unpacked(packed, self._packer.codec))) as pieces:
            for piece in pieces:
                self._count(piece.content)
                told(piece.content)
                self._packer.write_packed(piece.packed)

    def _count(self, content: bytes) -> None:
        self._digest.update(content)
        self.size_bytes += len(content)


@dataclass(frozen=True)
class _Piece:
    """What was unpacked, and the packed bytes that are used up with it."""

    content: bytes
    packed: bytes


def _unpacked(packed: IO[bytes], codec: Codec) -> Iterator[_Piece]:
    unpacker = codec.unpacker()
    for chunk in iter(lambda: packed.read(PACKED_CHUNK_BYTES), b""):
        for content in unpacker.unpack(chunk):
            yield _Piece(content, b"")
        yield _Piece(b"", chunk)
    unpacker.finish()


def _ahead(pieces: Iterator[_Piece]) -> Generator[_Piece, None, None]:
    """The pieces, made by another thread while those before are used."""
    thread = ThreadPoolExecutor(1)
    waiting = deque(thread.submit(next, pieces, None) for _number in range(PIECES_AHEAD))
    try:
        while piece := waiting.popleft().result():
            waiting.append(thread.submit(next, pieces, None))
            yield piece
    finally:
        thread.shutdown(cancel_futures=True)
