"""Reads gzip strictly, in constant memory: checks each member's checksum and length; allows no extra bytes.

The standard library's `gzip` does not distinguish a truncated file from one with trailing garbage, and
ignores padding silently; `zlib` with window bits 31 reads one member and checks its header and trailer.
"""

import zlib

from installer.bundle.archive.checksums import Readable
from installer.text import _

GZIP_MEMBER = 31
INPUT_BYTES = 1 << 16
OUTPUT_BYTES = 1 << 20


class Damaged(Exception):
    """The stream violates its format; the message says how."""


def broken(problem: object) -> Damaged:
    """Returns the error for corrupt compressed data."""
    return Damaged(_("its compression is broken ({problem})", problem=problem))


def too_early() -> Damaged:
    """Returns the error for a truncated stream."""
    return Damaged(_("it ends too early"))


class GzipStream:
    """Decompresses all gzip members of a stream, one after another."""

    def __init__(self, compressed: Readable) -> None:
        self._compressed = compressed
        self._member: zlib._Decompress | None = None
        self._waiting = b""
        self._is_empty = True

    def read_some(self) -> bytes:
        """Returns the next bytes, at most 1 MiB; empty at the end. Raises `Damaged`."""
        while self._member is not None or self._begin_member():
            content = self._inflate()
            if content:
                return content
        return b""

    def _begin_member(self) -> bool:
        self._waiting = self._waiting or self._compressed.read(INPUT_BYTES)
        if not self._waiting:
            if self._is_empty:
                raise Damaged(_("it is empty"))
            return False
        self._is_empty = False
        self._member = zlib.decompressobj(GZIP_MEMBER)
        return True

    def _inflate(self) -> bytes:
        assert self._member is not None
        try:
            content = self._member.decompress(self._waiting, OUTPUT_BYTES)
        except zlib.error as problem:
            raise broken(problem) from problem
        if self._member.eof:
            self._waiting, self._member = self._member.unused_data, None
            return content
        self._waiting = self._member.unconsumed_tail
        if not content and not self._waiting:
            self._waiting = self._compressed.read(INPUT_BYTES)
            if not self._waiting:
                raise too_early()
        return content
