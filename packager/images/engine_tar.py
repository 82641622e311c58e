"""Reads the tar archive that an engine sends as a stream: names and contents of regular files.

Links, folders and devices are skipped. The dialects are those of Go's archive/tar: ustar, pax and GNU
headers. https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html
"""

import re
import tarfile
from collections.abc import Iterator

from installer.bundle.archive.checksums import Readable
from installer.bundle.archive.tar_entries import BLOCK_BYTES
from packager.layers.saved_file import BrokenArchive, SavedFile

LARGEST_EXTENSION_BYTES = 1 << 20
PAX, PAX_FOR_ALL, GNU_LONG_NAME, GNU_LONG_LINK = b"x", b"g", b"L", b"K"
EXTENSIONS = (PAX, PAX_FOR_ALL, GNU_LONG_NAME, GNU_LONG_LINK)
WITHOUT_CONTENT = (
    tarfile.LNKTYPE,
    tarfile.SYMTYPE,
    tarfile.CHRTYPE,
    tarfile.BLKTYPE,
    tarfile.DIRTYPE,
    tarfile.FIFOTYPE,
)
PAX_RECORD = re.compile(rb"(\d{1,9}) ([^=]+)=")


def saved_files(stream: Readable) -> Iterator[SavedFile]:
    """Yields every regular file, in the archive's order. Raises `BrokenArchive`."""
    extended: dict[bytes, bytes] = {}
    while header := _header(stream):
        size_bytes = 0 if header.type in WITHOUT_CONTENT else _size(extended.get(b"size"), header.size)
        name = extended[b"path"].decode("utf-8", "surrogateescape") if b"path" in extended else header.name
        file = SavedFile(name, size_bytes, stream)
        if header.type in EXTENSIONS:
            extended |= _extension(header.type, file)
        else:
            extended = {}
            if header.type not in WITHOUT_CONTENT:
                yield file
        for _unread in file.chunks():
            continue
        _read_exactly(stream, -size_bytes % BLOCK_BYTES)


def _header(stream: Readable) -> tarfile.TarInfo | None:
    """Returns the next header; None for the zeros that end an archive."""
    block = _read_exactly(stream, BLOCK_BYTES)
    if not block.strip(b"\0"):
        return None
    try:
        return tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
    except tarfile.HeaderError as broken:
        raise BrokenArchive from broken


def _size(extended: bytes | None, plain: int) -> int:
    if extended is not None and not extended.isdigit():
        raise BrokenArchive
    size_bytes = plain if extended is None else int(extended)
    if size_bytes < 0:
        raise BrokenArchive
    return size_bytes


def _extension(kind: bytes, file: SavedFile) -> dict[bytes, bytes]:
    """Returns what an extended header says about the file after it."""
    if file.size_bytes > LARGEST_EXTENSION_BYTES:
        raise BrokenArchive
    content = b"".join(file.chunks())
    if kind == GNU_LONG_NAME:
        return {b"path": content.rstrip(b"\0")}
    return dict(_pax_records(content)) if kind == PAX else {}


def _pax_records(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yields records of the form `length key=value` with a line end."""
    at = 0
    while found := PAX_RECORD.match(content, at):
        end = at + int(found[1])
        yield found[2], content[found.end() : end - 1]
        at = max(end, found.end())


def _read_exactly(stream: Readable, size_bytes: int) -> bytes:
    content = b""
    while len(content) < size_bytes:
        chunk = stream.read(size_bytes - len(content))
        if not chunk:
            raise BrokenArchive
        content += chunk
    return content
