"""Writes tar entries that depend only on path, size, mode and content.

They have no owner and no time, and are plain POSIX ustar with the path in UTF-8; a pax header is added only
for a path or size that does not fit. To read them, see tar_stream.py.
"""

import tarfile

BLOCK_BYTES = 512
END_OF_ARCHIVE = bytes(2 * BLOCK_BYTES)


def entry(path: str, content: bytes, mode: int = 0o644) -> bytes:
    """Returns a whole entry: header, content, padding."""
    return entry_header(path, len(content), mode) + content + entry_padding(len(content))


def entry_header(path: str, size_bytes: int, mode: int = 0o644) -> bytes:
    """Returns the block or blocks before a file's content."""
    header = tarfile.TarInfo(path)
    header.size = size_bytes
    header.mode = mode
    try:
        return header.tobuf(tarfile.USTAR_FORMAT, "utf-8", "strict")
    except ValueError:  # the path or the size is too long for ustar
        return header.tobuf(tarfile.PAX_FORMAT, "utf-8", "strict")


def entry_padding(size_bytes: int) -> bytes:
    """Returns the zero bytes after a file's content that fill its last block."""
    return bytes(-size_bytes % BLOCK_BYTES)
