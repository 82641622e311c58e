"""Packing in blocks on several threads."""

import io
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from packager.compression.codec import Codec, Compression
from packager.compression.codecs import CHOICES, codec_of
from packager.compression.packer import Packer
from tests.packager.compression.codecs import CODECS, by_program

LAYER = random.Random(2).randbytes(50_000) + b"layer " * 500_000


def packed(codec: Codec, *contents: bytes, threads: int = 2) -> bytes:
    file = io.BytesIO()
    with Packer(file, codec, threads) as packer:
        for content in contents:
            packer.write(content)
    return file.getvalue()


@pytest.mark.parametrize("choice", CHOICES)
def test_the_systems_own_program_unpacks_the_stream(choice: Compression) -> None:
    assert by_program(choice, packed(codec_of(choice), LAYER, b"", LAYER[:7])) == LAYER + LAYER[:7]


@pytest.mark.parametrize("codec", CODECS)
def test_the_bytes_depend_neither_on_threads_nor_on_how_they_were_handed_over(codec: Codec) -> None:
    content = LAYER * 3
    pieces = [content[at : at + 99_991] for at in range(0, len(content), 99_991)]
    assert packed(codec, content, threads=1) == packed(codec, *pieces, threads=8)


@pytest.mark.parametrize("codec", CODECS)
def test_behind_a_boundary_the_bytes_depend_only_on_what_follows(codec: Codec) -> None:
    file = io.BytesIO()
    with Packer(file, codec) as packer:
        packer.write(b"before")
        packer.boundary()
        packer.boundary()
        packer.write(LAYER)
        packer.boundary()
        packer.write(b"behind")
    assert file.getvalue() == packed(codec, b"before") + packed(codec, LAYER) + packed(codec, b"behind")


@pytest.mark.parametrize("codec", CODECS)
def test_a_record_holds_what_was_packed_meanwhile_and_can_be_used_again(codec: Codec) -> None:
    file, record = io.BytesIO(), io.BytesIO()
    with Packer(file, codec) as packer:
        packer.write(b"before")
        with packer.recording(record):
            packer.write(LAYER)
        packer.write(b"behind")
    assert record.getvalue() == packed(codec, LAYER)
    again = io.BytesIO()
    with Packer(again, codec) as packer:
        packer.write(b"before")
        packer.boundary()
        packer.write_packed(record.getvalue()[:9])
        packer.write_packed(record.getvalue()[9:])
        packer.write(b"behind")
    assert again.getvalue() == file.getvalue()


@settings(deadline=None, max_examples=30)
@given(st.sampled_from(CHOICES), st.lists(st.one_of(st.none(), st.binary(max_size=300)), max_size=8))
def test_whatever_is_written_with_whatever_boundaries_is_read_back(
    choice: Compression, writes: list[bytes | None]
) -> None:
    file = io.BytesIO()
    with Packer(file, codec_of(choice)) as packer:
        for content in writes:
            if content is None:
                packer.boundary()
            else:
                packer.write(content)
        packer.write(b"end")  # `gzip` takes nothing for damage
    assert by_program(choice, file.getvalue()) == b"".join(content for content in writes if content) + b"end"


class Failing(io.BytesIO):
    """A disk that is full."""

    def write(self, content: object, /) -> int:
        raise OSError(28, "No space left on device")


def test_a_full_disk_is_told_by_whoever_wrote() -> None:
    with pytest.raises(OSError, match="No space"), Packer(Failing(), codec_of("gzip")) as packer:
        packer.write(LAYER)


def test_a_failure_inside_leaves_nothing_running() -> None:
    with pytest.raises(KeyError), Packer(io.BytesIO(), codec_of("gzip")) as packer:
        packer.write(LAYER * 2)
        raise KeyError
