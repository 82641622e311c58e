"""Members that say their size are unpacked side by side, and all that is wrong with them is noticed."""

import gzip
import io
import random
import struct
from collections.abc import Callable
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from installer.bundle.archive.gzip_stream import OUTPUT_BYTES, Damaged
from installer.system.reading.gzip_members import GzipMembers
from packager.compression.gzip_codec import GzipCodec

CODEC = GzipCodec()
NOISE = random.Random(1).randbytes(5000)
SIZE_AT = 16
contents = st.lists(st.sampled_from((b"", b"text" * 1000, NOISE, bytes(OUTPUT_BYTES))), max_size=9)


class Slow(io.BytesIO):
    """Gives out less than it is asked for."""

    def read(self, size_bytes: int | None = -1, /) -> bytes:
        return super().read(min(size_bytes or 1, 7001))


def unpacked(raw: bytes) -> bytes:
    with closing(GzipMembers(Slow(raw))) as members:
        pieces = list(iter(members.read_some, b""))
        assert members.read_some() == b""
    assert max(map(len, pieces), default=0) <= OUTPUT_BYTES
    return b"".join(pieces)


@given(contents, contents, contents)
def test_members_come_in_their_order_whether_they_say_their_size_or_not(
    sized: list[bytes], plain: list[bytes], more: list[bytes]
) -> None:
    raw = [*map(CODEC.pack, sized), *map(gzip.compress, plain), *map(CODEC.pack, more)]
    if raw:
        assert unpacked(b"".join(raw)) == b"".join((*sized, *plain, *more))


def test_filled_up_members_are_nothing() -> None:
    assert unpacked(CODEC.filler(200_000, b"") + CODEC.pack(NOISE) + CODEC.filler(30, b"")) == NOISE


def test_every_cut_is_noticed() -> None:
    raw = CODEC.pack(NOISE[:200]) + CODEC.pack(b"second")
    borders = {0, len(CODEC.pack(NOISE[:200])), len(raw)}
    for length in set(range(len(raw))) - borders:
        with pytest.raises(Damaged, match="it ends too early"):
            unpacked(raw[:length])


def sized(size_bytes: int) -> Callable[[bytes], bytes]:
    return lambda raw: raw[:SIZE_AT] + struct.pack("<I", size_bytes) + raw[SIZE_AT + 4 :]


@pytest.mark.parametrize(
    "damage",
    [
        sized(0),
        sized(20),
        sized(len(CODEC.pack(NOISE)) - 1),
        sized(len(CODEC.pack(NOISE)) + 1),
        sized(3 << 20),
        sized(0xFFFFFFFF),
        lambda raw: raw[:-8] + b"\1" + raw[-7:],
        lambda raw: raw[:-1] + b"\1",
    ],
)
def test_a_member_that_is_not_what_it_says_is_damaged(damage: Callable[[bytes], bytes]) -> None:
    good = CODEC.pack(NOISE)
    with closing(GzipMembers(Slow(good + damage(good) + good))) as members:
        assert members.read_some() == NOISE
        for _again in range(3):
            with pytest.raises(Damaged, match="its compression is broken"):
                members.read_some()


def test_a_member_that_swells_is_refused_in_constant_memory() -> None:
    swelling = gzip.compress(bytes(500 << 20), mtime=0)
    header = good_header(len(swelling) + 10)
    with pytest.raises(Damaged, match="does not have its stated size"):
        unpacked(header + swelling[10:])


def good_header(size_bytes: int) -> bytes:
    return sized(size_bytes)(CODEC.pack(b""))[:20]
