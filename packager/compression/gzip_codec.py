"""gzip by ISA-L: what `tar -xzf` reads on any server, made several times faster than gzip makes it.

Each member says its own size in an extra field, so that a reader can unpack several at a time.

The level decides whether every machine gives the same bytes. Seen with isal 1.9.1 under qemu: levels 0 to 2
do on all x86-64 processors with SSE4.2; level 3 finds other matches with AVX2, and others again with AVX-512.
"""

import struct

import deflate
from isal import ISAL_VERSION, igzip_lib, isal_zlib

from packager.compression.proof import unfaithful

LEVEL = 2
MEMORY = igzip_lib.MEM_LEVEL_SMALL  # more of it makes longer deflate blocks, which fit their content less
WINDOW_BITS = 15
LEAST_GAIN = 50  # a block that does not become smaller by one part in fifty is stored
STORED_BYTES = 0xFFFF
EMPTY = b"\x03\x00" + bytes(8)  # nothing, packed, and its checksum and length
ISAL_HEADER_BYTES = 10
HEADER = struct.Struct(
    "<4B4x2BH2sHI"
)  # no time, unknown system; extra bytes, a subfield of 4 bytes: the size
SIZE_FIELD_BYTES = 8
LARGEST_FILLING_BYTES = 0xFFFF - SIZE_FIELD_BYTES
EMPTY_MEMBER_BYTES = HEADER.size + len(EMPTY)


class GzipCodec:
    """The default."""

    name = f"gzip-isal{ISAL_VERSION}-{LEVEL}-{MEMORY}-1M-sized"
    ending = ".tar.gz"
    block_bytes = 1 << 20

    def pack(self, block: bytes) -> bytes:
        """One member, stored when compressing wins next to nothing: then it unpacks at once."""
        packed = igzip_lib.compress(block, LEVEL, igzip_lib.COMP_GZIP, MEMORY, WINDOW_BITS)
        body = packed[ISAL_HEADER_BYTES:]
        if len(body) > len(block) - len(block) // LEAST_GAIN:
            body = _stored(block)
        packed = _member(body)
        if not _is_faithful(packed, block):
            raise unfaithful()
        return packed

    def bound(self, content_bytes: int) -> int:
        """Also for what does not compress."""
        return content_bytes + content_bytes // 500 + 1024

    def filler(self, size_bytes: int, blank: bytes) -> bytes:
        """Empty members with as much in their extra field."""
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
        """The content of one member, which says its own size."""
        if len(member) < EMPTY_MEMBER_BYTES or HEADER.unpack_from(member)[-1] != len(member):
            raise ValueError("a gzip member is not as long as it says")
        try:
            return deflate.gzip_decompress(member, self.block_bytes)
        except deflate.DeflateError as problem:
            raise ValueError(str(problem)) from problem


def _is_faithful(packed: bytes, block: bytes) -> bool:
    """Whether the member holds the block, and nothing stands behind it.

    libdeflate unpacks it: it is faster than ISA-L at that, and does not share its mistakes.
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
    """A member of packed bytes with their trailer; the header says its size, and may be filled up."""
    size_bytes = HEADER.size + filling_bytes + len(body)
    extra_bytes = SIZE_FIELD_BYTES + filling_bytes
    header = HEADER.pack(0x1F, 0x8B, 8, 4, 0, 0xFF, extra_bytes, b"AL", 4, size_bytes)
    return b"".join((header, bytes(filling_bytes), body))
