"""A gzip member padded to an exact size, to be written into a place kept for it."""

import struct

from installer.system.gzip_threads import member

HEADER = b"\x1f\x8b\x08\x04" + bytes(4) + b"\x02\x03"  # deflate, extra field, no time, Unix
LARGEST_EXTRA_BYTES = 0xFFFF
EMPTY_MEMBER_BYTES = 22


def padded_member(content: bytes, size_bytes: int) -> bytes:
    """`content` as gzip of exactly `size_bytes`: empty members with an extra field fill the room.

    Raises `ValueError` when it does not fit.
    """
    packed = member(content, level=9)
    missing = size_bytes - len(packed)
    fillers = []
    while missing:
        extra_bytes = min(missing - EMPTY_MEMBER_BYTES, LARGEST_EXTRA_BYTES)
        if 0 < missing - EMPTY_MEMBER_BYTES - extra_bytes < EMPTY_MEMBER_BYTES:
            extra_bytes -= EMPTY_MEMBER_BYTES
        if extra_bytes < 0:
            raise ValueError(f"{len(packed)} bytes do not fit into {size_bytes}")
        fillers.append(_filler(extra_bytes))
        missing -= EMPTY_MEMBER_BYTES + extra_bytes
    return packed + b"".join(fillers)


def padded_bound(content_bytes: int) -> int:
    """Room in which any content of this size fits as a padded member."""
    return content_bytes + content_bytes // 500 + 1024


def _filler(extra_bytes: int) -> bytes:
    """An empty gzip member of 22 bytes and an extra field."""
    return HEADER + struct.pack("<H", extra_bytes) + bytes(extra_bytes) + b"\x03\x00" + bytes(8)
