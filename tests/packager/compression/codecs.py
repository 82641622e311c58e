"""What the tests of all compressions share."""

import subprocess

from packager.compression.codec import Compression
from packager.compression.codecs import CHOICES, codec_of

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
