"""What the bytes of a package file are for: regions by name, and the places that say nothing of content."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import zstandard

from tests.faults.every_byte import MASKS

GZIP_HEADER_BYTES, GZIP_TRAILER_BYTES, EXTRA_FIELD = 10, 8, 0x04
TEXT_HINT, UNUSED_BIT = 0x01, 0x10  # one bit of gzip's flags, one of zstd's frame header: nobody reads them
SKIPPABLE, SKIPPABLE_HEADER_BYTES = b"\x2a\x4d\x18", 8
ZSTD_MAGIC_BYTES = 4


@dataclass(frozen=True)
class Region:
    """Bytes of one purpose. `meaningless`: they may change without changing the content."""

    name: str
    places: range
    meaningless: bool = False


def regions_of(raw: bytes) -> tuple[Region, ...]:
    """All of a package file, without a gap."""
    if raw.startswith(b"\x1f\x8b"):
        return tuple(_gzip(raw))
    if b"ustar" in raw[:512]:
        return (Region("tar", range(len(raw))),)
    return tuple(_zstd(raw))


def is_meaningless(raw: bytes, regions: tuple[Region, ...], place: int) -> bool:
    """Whether the byte at `place`, changed by its mask, cannot change the content."""
    region = next(one for one in regions if place in one.places)
    mask = MASKS[place % len(MASKS)]
    if region.name == "flags":
        return mask == TEXT_HINT
    if region.name == "descriptor":
        return mask == UNUSED_BIT
    if region.name == "skippable magic" and place == region.places.start:
        return (raw[place] ^ mask) & 0xF0 == raw[place] & 0xF0
    return region.meaningless


def _gzip(raw: bytes) -> Iterator[Region]:
    at = 0
    while at < len(raw):
        member = zlib.decompressobj(31)
        member.decompress(raw[at:])
        end = len(raw) - len(member.unused_data)
        yield Region("magic and method", range(at, at + 3))
        yield Region("flags", range(at + 3, at + 4))
        yield Region("time, level, system", range(at + 4, at + GZIP_HEADER_BYTES), meaningless=True)
        packed = at + GZIP_HEADER_BYTES
        if raw[at + 3] & EXTRA_FIELD:
            extra_bytes = int.from_bytes(raw[packed : packed + 2], "little")
            yield Region("length of the extra field", range(packed, packed + 2))
            yield Region("extra field", range(packed + 2, packed + 2 + extra_bytes), meaningless=True)
            packed += 2 + extra_bytes
        yield Region("packed", range(packed, end - GZIP_TRAILER_BYTES))
        yield Region("checksum and length", range(end - GZIP_TRAILER_BYTES, end))
        at = end


def _zstd(raw: bytes) -> Iterator[Region]:
    at = 0
    while at < len(raw):
        if raw[at + 1 : at + 4] == SKIPPABLE:
            content = at + SKIPPABLE_HEADER_BYTES
            end = content + int.from_bytes(raw[at + 4 : content], "little")
            yield Region("skippable magic", range(at, at + 4))
            yield Region("length of what is skipped", range(at + 4, content))
            yield Region("skipped", range(content, end), meaningless=True)
        else:
            frame = zstandard.ZstdDecompressor().decompressobj()
            frame.decompress(raw[at:])
            end = len(raw) - len(frame.unused_data)
            yield Region("magic", range(at, at + ZSTD_MAGIC_BYTES))
            yield Region("descriptor", range(at + ZSTD_MAGIC_BYTES, at + ZSTD_MAGIC_BYTES + 1))
            yield Region("packed", range(at + ZSTD_MAGIC_BYTES + 1, end))
        at = end
