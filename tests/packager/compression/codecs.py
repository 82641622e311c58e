"""What the tests of all compressions share."""

import subprocess

from packager.compression.choose import CHOICES, codec_of
from packager.compression.codec import Codec, Compression

CODECS = tuple(codec_of(choice) for choice in CHOICES)
PROGRAMS: dict[Compression, tuple[str, ...]] = {
    "gzip": ("gzip", "-dc"),
    "zstd": ("zstd", "-dcq"),
    "none": ("cat",),
}
BLANK = bytes(512)


def by_program(choice: Compression, packed: bytes) -> bytes:
    """What the system's own program unpacks."""
    return subprocess.run(PROGRAMS[choice], input=packed, capture_output=True, check=True).stdout


def unpacked(codec: Codec, packed: bytes, piece_bytes: int = 1 << 20) -> bytes:
    """What the codec's own unpacker makes of it, fed in pieces."""
    unpacker = codec.unpacker()
    pieces = (packed[at : at + piece_bytes] for at in range(0, len(packed), piece_bytes))
    content = b"".join(content for piece in pieces for content in unpacker.unpack(piece))
    unpacker.finish()
    return content
