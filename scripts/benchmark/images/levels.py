"""Measures speed and size of compressors and levels on real layers, to choose the levels for packages."""

import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import deflate
import zstandard
from isal import igzip_lib

from benchmark.images import layers

MIB = 1 << 20
WINDOW_BITS = 15
GZIP = 31  # zlib's window bits for a gzip member
SAMPLE = (layers.DEBIAN, layers.NODE_LIBRARIES)

Pack = Callable[[bytes], bytes]


@dataclass(frozen=True)
class Way:
    """A way to compress blocks of `block_bytes`."""

    name: str
    block_bytes: int
    pack: Pack


@dataclass(frozen=True)
class Level:
    """The result of a way on the sample: `ratio` of bytes, speed of one core."""

    name: str
    block_bytes: int
    ratio: float
    bytes_per_second: float


def measured(ways: Sequence[Way]) -> tuple[Level, ...]:
    """Measures each way on the sample, in processor time, so that other programs have no influence."""
    sample = [layers.layer_file(layer) for layer in SAMPLE]
    return tuple(_measured(way, sample) for way in ways)


def all_ways() -> tuple[Way, ...]:
    """Returns all candidates, and gzip's level 6, which `tar -z` uses."""
    return (
        *(Way(f"libdeflate {level}", MIB, libdeflate(level)) for level in (1, 2, 6)),
        *(Way(f"isal {level}", MIB, isal(level)) for level in (0, 1, 2, 3)),
        *(Way(f"zlib {level}", MIB, _zlib(level)) for level in (1, 6)),
        *(Way(f"zstd {level}", 8 * MIB, _zstd(level)) for level in (1, 3, 5, 9)),
        *(Way(f"zstd {level}, long distance", 8 * MIB, _zstd(level, 23)) for level in (1, 3)),
        Way("zstd 3, long distance", 64 * MIB, _zstd(3, 26)),
    )


def _measured(way: Way, sample: Sequence[Path]) -> Level:
    content = packed = 0
    seconds = 0.0
    for block in blocks_of(sample, way.block_bytes):
        began = time.process_time()
        packed += len(way.pack(block))
        seconds += time.process_time() - began
        content += len(block)
    return Level(way.name, way.block_bytes, packed / content, content / seconds)


def blocks_of(sample: Sequence[Path], block_bytes: int) -> Iterator[bytes]:
    """Yields the files in blocks; the last block of each may be shorter."""
    for path in sample:
        with path.open("rb") as file:
            yield from iter(lambda: file.read(block_bytes), b"")


def libdeflate(level: int) -> Pack:
    """Returns libdeflate as packages use it."""
    return lambda block: bytes(deflate.gzip_compress(block, level))


def isal(level: int) -> Pack:
    """Returns ISA-L as packages used it in the past."""
    return lambda block: igzip_lib.compress(
        block, level, igzip_lib.COMP_GZIP, igzip_lib.MEM_LEVEL_SMALL, WINDOW_BITS
    )


def _zlib(level: int) -> Pack:
    def pack(block: bytes) -> bytes:
        packer = zlib.compressobj(level, zlib.DEFLATED, GZIP)
        return packer.compress(block) + packer.flush()

    return pack


def _zstd(level: int, window: int = 0) -> Pack:
    """Returns zstd; a `window` (the exponent of its size) enables long distance matching."""
    how = {"window_log": window, "enable_ldm": True} if window else {}
    parameters = zstandard.ZstdCompressionParameters.from_level(level, **how)
    return lambda block: zstandard.ZstdCompressor(compression_params=parameters).compress(block)
