"""gzip by libdeflate: what `tar -xzf` reads on any server, made several times faster than gzip makes it.

Each member says its own size in an extra field, so that a reader can unpack several at a time.

The same block must always give the same bytes. ISA-L is faster, but its level 2 (isal 1.9.1, several threads)
now and then finds other matches in the same content: right, but not the same. libdeflate never did, which
`test_same_bytes` proves with many processes; it takes more of a processor, and makes smaller packages.
"""

import struct
from importlib.metadata import version

import deflate
from isal import isal_zlib

from packager.compression.block_proof import unfaithful

LEVEL = 1
LEAST_GAIN = 50  # a block that does not become smaller by one part in fifty is stored
STORED_BYTES = 0xFFFF
EMPTY = b"\x03\x00" + bytes(8)  # nothing, packed, and its checksum and length
GZIP_HEADER_BYTES = 10
HEADER = struct.Struct(
    "<4B4x2BH2sHI"
)  # no time, unknown system; extra bytes, a subfield of 4 bytes: the size
SIZE_FIELD_BYTES = 8
LARGEST_FILLING_BYTES = 0xFFFF - SIZE_FIELD_BYTES
EMPTY_MEMBER_BYTES = HEADER.size + len(EMPTY)


class GzipCodec:
    """The default."""

    name = f"gzip-deflate{version('deflate')}-{LEVEL}-1M-sized"
    ending = ".tar.gz"
    block_bytes = 1 << 20

    def pack(self, block: bytes) -> bytes:
        """One member, stored when compressing wins next to nothing: then it unpacks at once."""
        body = bytes(deflate.gzip_compress(block, LEVEL)[GZIP_HEADER_BYTES:])
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

    The checksum is ISA-L's, so that a mistake in one of the two libraries is found.
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
