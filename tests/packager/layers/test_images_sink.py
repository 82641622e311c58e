"""Where images.tar goes: hashed whole, though layers may come as they were packed before."""

import hashlib
import io

import pytest

from packager.compression.codec import Codec
from packager.compression.packer import Packer
from packager.layers.images_sink import ImagesSink
from tests.packager.compression.codecs import CODECS

LAYER = b"a layer's entry " * 200_000


class Record:
    """Keeps the members apart."""

    def __init__(self) -> None:
        self.members: list[bytes] = []

    def write(self, member: bytes) -> None:
        self.members.append(member)


def written(codec: Codec, record: Record) -> tuple[str, int, bytes]:
    """Digest, size and packed bytes of one images.tar; the layer comes from the record if it holds one."""
    file = io.BytesIO()
    with Packer(file, codec) as packer:
        sink = ImagesSink(packer)
        sink.write(b"first")
        if record.members:
            sink.reuse(record.members, len(LAYER))
        else:
            with sink.recording(record):
                sink.write(LAYER)
        sink.write(b"last")
    return sink.sha256, sink.size_bytes, file.getvalue()


@pytest.mark.parametrize("codec", CODECS)
def test_a_reused_layer_gives_the_same_package(codec: Codec) -> None:
    record = Record()
    sha256, size_bytes, packed = written(codec, record)
    whole = b"first" + LAYER + b"last"
    assert (sha256, size_bytes) == (hashlib.sha256(whole).hexdigest(), len(whole))
    assert written(codec, record) == (sha256, size_bytes, packed)


def test_a_member_that_was_cut_off_is_an_error() -> None:
    record = Record()
    written(CODECS[0], record)
    record.members[-1] = record.members[-1][:-9]
    with pytest.raises(ValueError, match="different length"):
        written(CODECS[0], record)


@pytest.mark.parametrize("contents", [[], [b"ab"], [b"ab", b"cd"]])
def test_members_that_hold_more_or_less_than_they_should_are_an_error(contents: list[bytes]) -> None:
    members = map(CODECS[0].pack, contents)
    with (
        Packer(io.BytesIO(), CODECS[0]) as packer,
        pytest.raises(ValueError, match="different size"),
    ):
        ImagesSink(packer).reuse(members, len(b"abc"))
