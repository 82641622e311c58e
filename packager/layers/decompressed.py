"""Decompresses layers as containerd's store keeps them, gzip or zstd, in constant memory."""

from collections.abc import Callable, Iterator
from typing import IO, cast

from isal import isal_zlib

from installer.bundle.archive.checksums import CHUNK_BYTES

GZIP_MAGIC = b"\x1f\x8b"
ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
ZSTD_SKIPPABLE = b"\x2a\x4d\x18"  # after a byte from 0x50 to 0x5f
MAGIC_BYTES = 4
BROKEN_GZIP: type[Exception] = isal_zlib.error  # type: ignore[assignment]  # their stub is wrong
GZIP = 31  # window bits for a gzip member

Decompress = Callable[[Iterator[bytes]], Iterator[bytes]]


class Damaged(Exception):
    """Compressed content is damaged or truncated."""


def decompression(start: bytes) -> Decompress | None:
    """Returns the function that decompresses a file with this `start`; None if it is not compressed."""
    if start.startswith(GZIP_MAGIC):
        return _gunzipped
    if start.startswith(ZSTD_MAGIC) or start[1:MAGIC_BYTES] == ZSTD_SKIPPABLE:
        return _unzstd
    return None


def _gunzipped(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Yields the content of a gzip file with any number of members."""
    inflater = isal_zlib.decompressobj(GZIP)
    begun = False
    for chunk in chunks:
        waiting, content = chunk, b""
        while waiting or len(content) == CHUNK_BYTES:
            try:
                content = inflater.decompress(waiting, CHUNK_BYTES)
            except BROKEN_GZIP as broken:
                raise Damaged from broken
            yield content
            waiting, begun = inflater.unconsumed_tail, True
            if inflater.eof:
                waiting, begun, inflater = inflater.unused_data, False, isal_zlib.decompressobj(GZIP)
    if begun:
        raise Damaged


def _unzstd(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Yields the content of a zstd file with any number of frames."""
    import zstandard

    file = cast("IO[bytes]", _File(chunks))
    reader = zstandard.ZstdDecompressor().stream_reader(file, read_across_frames=True)
    try:
        while content := reader.read(CHUNK_BYTES):
            yield content
    except zstandard.ZstdError as broken:
        raise Damaged from broken


class _File:
    """Chunks as a readable file."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._rest = memoryview(b"")

    def read(self, size_bytes: int) -> bytes:
        if not self._rest:
            self._rest = memoryview(next(self._chunks, b""))
        taken, self._rest = self._rest[:size_bytes], self._rest[size_bytes:]
        return bytes(taken)
