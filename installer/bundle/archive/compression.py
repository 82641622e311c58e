"""Decompresses a package file; detects gzip, zstd or no compression by its first bytes.

Decompressing zstd needs a library or a program, and so it is passed in from `installer.system.reading.zstd`.
"""

from collections.abc import Callable

from installer.bundle.archive.checksums import CHUNK_BYTES, Readable
from installer.bundle.archive.gzip_stream import Damaged, GzipStream
from installer.bundle.archive.tar_stream import Blocks
from installer.text import _

HEAD_BYTES = 512
TAR_MAGIC, TAR_MAGIC_AT = b"ustar", 257
GZIP_MAGIC = b"\x1f\x8b"
ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
SKIPPABLE_FRAME = b"\x2a\x4d\x18"  # zstd's, after a byte 0x50 to 0x5f

Unpack = Callable[[Readable], Blocks]


class NoZstd(Exception):
    """The stream is compressed with zstd, and the reader passed no decompressor for it."""


def decompressed(file: Readable, unzstd: Unpack | None = None) -> Blocks:
    """Returns the decompressed content of a file, with any compression. Raises `Damaged`, `NoZstd`."""
    head = read_up_to(HEAD_BYTES, file)
    whole = Resumed(head, file)
    if head.startswith(GZIP_MAGIC):
        return GzipStream(whole)
    if head.startswith(ZSTD_MAGIC) or head[1:4] == SKIPPABLE_FRAME:
        if unzstd is None:
            raise NoZstd
        return unzstd(whole)
    if head[TAR_MAGIC_AT:].startswith(TAR_MAGIC):
        return _Plain(whole)
    raise Damaged(_("it is neither gzip, zstd nor tar") if head else _("it is empty"))


def read_up_to(size_bytes: int, file: Readable) -> bytes:
    """Reads this number of bytes; fewer only at the end."""
    pieces = []
    while size_bytes and (piece := file.read(size_bytes)):
        pieces.append(piece)
        size_bytes -= len(piece)
    return b"".join(pieces)


class Resumed:
    """A stream whose beginning has already been read."""

    def __init__(self, head: bytes, rest: Readable) -> None:
        self._head, self._rest = head, rest

    def read(self, size_bytes: int, /) -> bytes:
        if not self._head:
            return self._rest.read(size_bytes)
        chunk, self._head = self._head[:size_bytes], self._head[size_bytes:]
        return chunk


class _Plain:
    """A stream that is not compressed."""

    def __init__(self, file: Readable) -> None:
        self._file = file

    def read_some(self) -> bytes:
        return self._file.read(CHUNK_BYTES)
