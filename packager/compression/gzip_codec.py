"""Compresses with gzip by libdeflate: `tar -xzf` reads it on any server, and it is several times faster.

Each member stores its own size in an extra field, so that a reader may decompress several members at a time.

The same block must always give the same bytes. ISA-L is faster, but its level 2 (isal 1.9.1, several threads)
sometimes finds different matches in the same content: correct, but not the same bytes. libdeflate never did,
which `test_same_bytes` verifies with many processes; it uses more CPU time and makes smaller packages.
"""

import struct
from importlib.metadata import version

import deflate
from isal import isal_zlib

from packager.compression.block_proof import unfaithful

LEVEL = 1
SMALL_FILES_LEVEL = 12  # a tenth smaller than level 1, of 30 MB that are not kept in a cache
LEAST_GAIN = 50  # a block that does not shrink by at least 1/50 is stored
STORED_BYTES = 0xFFFF
EMPTY = b"\x03\x00" + bytes(8)  # empty content, compressed, with its checksum and length
GZIP_HEADER_BYTES = 10
HEADER = struct.Struct(
    "<4B4x2BH2sHI"
)  # no time, unknown system; then the extra field with a subfield of 4 bytes: the size
SIZE_FIELD_BYTES = 8
LARGEST_FILLING_BYTES = 0xFFFF - SIZE_FIELD_BYTES
EMPTY_MEMBER_BYTES = HEADER.size + len(EMPTY)


class GzipCodec:
    """The default codec."""

    name = f"gzip-deflate{version('deflate')}-{LEVEL}-1M-sized"
    ending = ".tar.gz"
    block_bytes = 1 << 20
    level = LEVEL

    def pack(self, block: bytes) -> bytes:
        """Returns one member; stores the block if compression saves almost nothing: then it reads fast."""
        body = bytes(deflate.gzip_compress(block, self.level)[GZIP_HEADER_BYTES:])
        if len(body) > len(block) - len(block) // LEAST_GAIN:
            body = _stored(block)
        packed = _member(body)
        if not _is_faithful(packed, block):
            raise unfaithful()
        return packed

    def bound(self, content_bytes: int) -> int:
        """Returns a bound that also holds for incompressible content."""
        return content_bytes + content_bytes // 500 + 1024

    def filler(self, size_bytes: int, blank: bytes) -> bytes:
        """Returns empty members with the filling in their extra field."""
        fillers = []
        while size_bytes:
            filling = min(size_bytes - EMPTY_MEMBER_BYTES, LARGEST_FILLING_BYTES)
            if 0 < size_bytes - EMPTY_MEMBER_BYTES - filling < EMPTY_MEMBER_BYTES:
                filling -= EMPTY_MEMBER_BYTES
            if filling < 0:
                raise ValueError(f"{size_bytes} bytes cannot be filled with empty members")
            fillers.append(_member(EMPTY, filling))
            size_bytes -= EMPTY_MEMBER_BYTES + filling
        return b"".join(fillers)

    def unpack(self, member: bytes) -> bytes | bytearray:
        """Returns the content of one member, which stores its own size."""
        if len(member) < EMPTY_MEMBER_BYTES or HEADER.unpack_from(member)[-1] != len(member):
            raise ValueError("a gzip member has a different length than its header says")
        try:
            return deflate.gzip_decompress(member, self.block_bytes)
        except deflate.DeflateError as problem:
            raise ValueError(str(problem)) from problem


class SmallFilesCodec(GzipCodec):
    """The default codec for everything but the images: smaller, and slower."""

    name = f"gzip-deflate{version('deflate')}-{SMALL_FILES_LEVEL}-1M-sized"
    level = SMALL_FILES_LEVEL


def _is_faithful(packed: bytes, block: bytes) -> bool:
    """Returns whether the member contains exactly the block and nothing else.

    The checksum comes from ISA-L, so that an error in one of the two libraries is found.
    """
    try:
        unpacked = deflate.gzip_decompress(packed, len(block))
    except deflate.DeflateError:
        return False
    return unpacked == block and packed.endswith(_trailer(block))


def _trailer(block: bytes) -> bytes:
    return struct.pack("<II", isal_zlib.crc32(block), len(block) & 0xFFFFFFFF)


def _stored(block: bytes) -> bytes:
    pieces = [block[at : at + STORED_BYTES] for at in range(0, len(block), STORED_BYTES)] or [b""]
    blocks = [
        struct.pack("<BHH", number == len(pieces), len(piece), len(piece) ^ 0xFFFF) + piece
        for number, piece in enumerate(pieces, 1)
    ]
    return b"".join((*blocks, _trailer(block)))


def _member(body: bytes, filling_bytes: int = 0) -> bytes:
    """Returns a member with these compressed bytes; its header has the size and optional filling."""
    size_bytes = HEADER.size + filling_bytes + len(body)
    extra_bytes = SIZE_FIELD_BYTES + filling_bytes
    header = HEADER.pack(0x1F, 0x8B, 8, 4, 0, 0xFF, extra_bytes, b"AL", 4, size_bytes)
    return b"".join((header, bytes(filling_bytes), body))
