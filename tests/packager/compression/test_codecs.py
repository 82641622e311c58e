"""What every compression promises: the contract of `Codec`, on all three."""

import hashlib
import platform
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packager.compression.codec import Codec, Compression
from packager.compression.codecs import CHOICES, ENDINGS, codec_of
from packager.compression.gzip_codec import GzipCodec
from packager.compression.zstd_codec import ZstdCodec
from tests.bundle.builders import sha256
from tests.packager.compression.codecs import BLANK, CODECS, by_program

NOISE = random.Random(1).randbytes(300_000)
TEXT = b"the quick brown fox jumps over the lazy dog\n" * 10_000
SAMPLES = (b"", b"x", TEXT, NOISE, NOISE[:100_000] + TEXT)
BLOCK = b"".join(hashlib.sha256(bytes([number])).digest() + bytes(200) for number in range(256)) * 8
KNOWN = {
    "gzip-deflate0.9.0-1-1M-sized": "a24c546fa9ffff5b4613c9fc2a4ef328560f3064142ccf554cb232c242661876",
    "zstd1.5.7-3-23-8M": "f41f488a0bdf97c00b18020cdbb543bbd17ecf32ce5352cca85ebe9a306b0a70",
}


@pytest.mark.parametrize("choice", CHOICES)
@pytest.mark.parametrize("content", SAMPLES)
def test_the_systems_own_program_unpacks_a_member(choice: Compression, content: bytes) -> None:
    assert by_program(choice, codec_of(choice).pack(content)) == content


@pytest.mark.parametrize("choice", CHOICES)
def test_each_compression_has_its_ending(choice: Compression) -> None:
    assert codec_of(choice).ending == ENDINGS[choice]


@given(st.sampled_from(CODECS), st.sampled_from(SAMPLES) | st.binary())
def test_a_member_unpacks_to_what_was_packed(codec: Codec, content: bytes) -> None:
    assert codec.unpack(codec.pack(content)) == content


@given(st.sampled_from(CHOICES), st.binary(max_size=3000), st.integers(0, 300_000))
def test_whatever_fits_fills_its_room_exactly(choice: Compression, content: bytes, more: int) -> None:
    codec = codec_of(choice)
    whole = content + bytes(-len(content) % 512)
    room = codec.bound(len(whole)) + (more if codec.name != "none" else more * 512)
    packed = codec.pack(whole)
    filler = codec.filler(room - len(packed), BLANK)
    assert len(packed + filler) == room
    if codec.name != "none":
        assert by_program(choice, packed + filler) == by_program(choice, filler + packed) == whole


@pytest.mark.parametrize("content", [NOISE, TEXT, b"", BLANK])
@pytest.mark.parametrize("codec", CODECS)
def test_the_bound_holds_for_what_does_not_compress(codec: Codec, content: bytes) -> None:
    whole = content + bytes(-len(content) % 512)
    packed = codec.pack(whole)
    assert codec.filler(codec.bound(len(whole)) - len(packed), BLANK) is not None


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("size_bytes", [-1, 1, 7])
def test_room_that_cannot_be_filled_is_an_error(codec: Codec, size_bytes: int) -> None:
    with pytest.raises(ValueError, match="cannot be filled"):
        codec.filler(size_bytes, BLANK)


@pytest.mark.parametrize(("choice", "smallest"), [("gzip", 30), ("zstd", 8)])
def test_every_room_from_the_smallest_on_can_be_filled(choice: Compression, smallest: int) -> None:
    codec = codec_of(choice)
    limits = (smallest, 0xFFFF, 0xFFFF + smallest, 0xFFFF + 2 * smallest, 2 * 0xFFFF, 1 << 20)
    sizes = {
        near for limit in limits for near in range(limit - smallest, limit + 3 * smallest) if near >= smallest
    }
    assert [size for size in sorted(sizes) if len(codec.filler(size, BLANK)) != size] == []
    assert by_program(choice, codec.filler(0xFFFF + smallest + 1, BLANK)) == b""


def test_gzip_stores_what_does_not_compress() -> None:
    packed = GzipCodec().pack(NOISE)
    assert NOISE[:0xFFFF] in packed
    assert len(packed) - len(NOISE) == 28 + 5 * 5


@pytest.mark.parametrize("codec", [GzipCodec(), ZstdCodec()])
def test_a_damaged_member_and_what_is_not_just_one_is_an_error(codec: Codec) -> None:
    packed = codec.pack(NOISE[:1000] + TEXT)
    flipped = packed[:-500] + bytes([packed[-500] ^ 1]) + packed[-499:]
    for damaged in (flipped, packed[:-8], b"junk" + packed, packed + b"junk", packed + packed, b""):
        with pytest.raises(ValueError, match=r"."):
            codec.unpack(damaged)


@pytest.mark.parametrize("codec", [GzipCodec(), ZstdCodec()])
def test_every_machine_makes_the_same_bytes(codec: Codec) -> None:
    known = KNOWN.get(codec.name)
    if known is None or platform.machine() != "x86_64":
        pytest.skip(f"nobody has noted what {codec.name} makes on {platform.machine()}")
    assert sha256(codec.pack(BLOCK)) == known
