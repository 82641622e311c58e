"""Reads a tar archive strictly as a stream: one header at a time, then as much content as it announces.

The standard library's `tarfile` ends silently at a broken header and ignores what follows the end.
"""

import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from installer.bundle.archive.gzip_stream import Damaged
from installer.bundle.archive.tar_entries import BLOCK_BYTES
from installer.text import _

LONGEST_PAX_BYTES = 8192
CHECKSUM_PLACE, MAGIC_PLACE = slice(148, 156), slice(257, 265)
POSIX_MAGIC = b"ustar\x0000"  # in other dialects, the bytes after the name have another meaning


class Blocks(Protocol):
    """A stream in pieces: `read_some()` returns the next bytes, none at the end. Raises `Damaged`."""

    def read_some(self) -> bytes | memoryview: ...


@dataclass(frozen=True)
class Entry:
    """A header of an archive. `type` is tar's type flag; path and numbers are as found."""

    path: str
    type: bytes
    size_bytes: int
    mode: int
    owner: tuple[int, int]

    @property
    def is_file(self) -> bool:
        """Returns whether it is a regular file."""
        return self.type == tarfile.REGTYPE

    @property
    def is_folder(self) -> bool:
        """Returns whether it is a folder."""
        return self.type == tarfile.DIRTYPE


class TarStream:
    """Reads the entries of an archive in order; unread content is skipped."""

    def __init__(self, stream: Blocks) -> None:
        self._stream = stream
        self._damage: Damaged | None = None
        self._waiting = memoryview(b"")
        self._left_bytes = 0
        self._padding_bytes = 0

    def next_entry(self) -> Entry | None:
        """Returns the next header, or None after a complete end of the archive. Raises `Damaged`."""
        self._skip_to_header()
        block = self._exactly(BLOCK_BYTES)
        if not any(block):
            self._expect_end()
            return None
        entry = _parsed(block)
        if entry.type == tarfile.XHDTYPE:
            entry = self._extended(entry)
        self._expect_content(entry)
        return entry

    def content(self) -> Iterator[bytes | memoryview]:
        """Yields the unread rest of the current entry's content. Raises `Damaged`."""
        while self._left_bytes:
            chunk = self._some(self._left_bytes)
            self._left_bytes -= len(chunk)
            yield chunk

    def _skip_to_header(self) -> None:
        for _chunk in self.content():
            continue
        padding, self._padding_bytes = self._exactly(self._padding_bytes), 0
        if any(padding):
            raise Damaged(_("there are stray bytes between its entries"))

    def _extended(self, header: Entry) -> Entry:
        """Returns the entry after a pax header, with the path and size from the pax header."""
        if header.size_bytes > LONGEST_PAX_BYTES:
            raise Damaged(_("it has an extended header of {size} bytes", size=header.size_bytes))
        self._expect_content(header)
        records = _pax_records(b"".join(self.content()))
        self._skip_to_header()
        entry = _parsed(self._exactly(BLOCK_BYTES))
        if entry.type == tarfile.XHDTYPE:
            raise Damaged(_("an extended header follows another"))
        size = records.get("size", str(entry.size_bytes))
        if not (size.isascii() and size.isdigit() and len(size) < len(str(1 << 64))):
            raise Damaged(_("an extended header is broken"))
        return Entry(records.get("path", entry.path), entry.type, int(size), entry.mode, entry.owner)

    def _expect_content(self, entry: Entry) -> None:
        self._left_bytes = entry.size_bytes
        self._padding_bytes = -entry.size_bytes % BLOCK_BYTES

    def _expect_end(self) -> None:
        rest = self._exactly(BLOCK_BYTES)
        while len(rest):
            if any(rest):
                raise Damaged(_("there are stray bytes after its end"))
            rest, self._waiting = self._waiting or self._read(), memoryview(b"")

    def _exactly(self, size_bytes: int) -> memoryview:
        found = bytearray()
        while len(found) < size_bytes:
            found += self._some(size_bytes - len(found))
        return memoryview(found)

    def _some(self, size_bytes: int) -> memoryview:
        if not len(self._waiting):
            self._waiting = self._read()
            if not len(self._waiting):
                raise Damaged(_("it ends too early"))
        chunk, self._waiting = self._waiting[:size_bytes], self._waiting[size_bytes:]
        return chunk

    def _read(self) -> memoryview:
        """Returns the next bytes of the stream, or raises the `Damaged` that it raised before."""
        if self._damage:
            raise self._damage
        try:
            return memoryview(self._stream.read_some())
        except Damaged as damage:
            self._damage = damage
            raise


def _parsed(block: memoryview) -> Entry:
    try:
        header = tarfile.TarInfo.frombuf(bytes(block), "utf-8", "surrogateescape")
    except tarfile.HeaderError as problem:
        raise Damaged(_("a header of an entry is broken ({problem})", problem=problem)) from problem
    if header.size < 0 or block[MAGIC_PLACE] != POSIX_MAGIC or block[CHECKSUM_PLACE] != _checksum(block):
        raise Damaged(_("a header of an entry is not POSIX ustar"))
    return Entry(header.name, header.type, header.size, header.mode, (header.uid, header.gid))


def _checksum(block: memoryview) -> bytes:
    """Returns a header's checksum in its only allowed form, so that no byte can change unnoticed."""
    blank = len(block[CHECKSUM_PLACE]) * ord(" ")
    return b"%06o\0 " % (sum(block) - sum(block[CHECKSUM_PLACE]) + blank)


def _pax_records(raw: bytes) -> dict[str, str]:
    """Parses records `length key=value\\n`; only `path` and `size`, each at most once. Raises `Damaged`."""
    records: dict[str, str] = {}
    while raw:
        length, blank, _rest = raw.partition(b" ")
        if not blank or not length.isdigit() or not len(length) < int(length) <= len(raw):
            raise Damaged(_("an extended header is broken"))
        key, equals, value = (
            raw[len(length) + 1 : int(length)].decode("utf-8", "surrogateescape").partition("=")
        )
        if key not in ("path", "size") or key in records or not equals or not value.endswith("\n"):
            raise Damaged(_("an extended header is broken"))
        records[key] = value[:-1]
        raw = raw[int(length) :]
    return records
