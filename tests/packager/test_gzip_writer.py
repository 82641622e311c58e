"""Gzip in blocks: readable by every gzip, the same bytes every time."""

import gzip
import io
import random
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packager.gzip_writer import BLOCK_BYTES, GzipWriter, padded_bound, padded_member

NOISE = random.Random(1).randbytes(3 * BLOCK_BYTES + 7)


def written(*chunks: bytes) -> bytes:
    file = io.BytesIO()
    with GzipWriter(file) as packed:
        for chunk in chunks:
            packed.write(chunk)
    return file.getvalue()


def test_what_is_written_is_read_back_by_the_gzip_program() -> None:
    packed = written(NOISE[:5], NOISE[5:], b"end")
    assert (
        subprocess.run(("gzip", "-dc"), input=packed, capture_output=True, check=True).stdout
        == NOISE + b"end"
    )


def test_the_bytes_do_not_depend_on_how_they_were_handed_over() -> None:
    assert written(NOISE) == written(*(NOISE[at : at + 1000] for at in range(0, len(NOISE), 1000)))


def test_a_failure_inside_leaves_nothing_running() -> None:
    with pytest.raises(KeyError), GzipWriter(io.BytesIO()) as packed:
        packed.write(NOISE)
        raise KeyError


@given(st.binary(max_size=2000), st.integers(0, 200_000))
def test_a_padded_member_has_exactly_its_size(content: bytes, more: int) -> None:
    size_bytes = padded_bound(len(content)) + more
    packed = padded_member(content, size_bytes)
    assert (len(packed), gzip.decompress(packed)) == (size_bytes, content)


def test_a_member_that_does_not_fit_is_an_error() -> None:
    with pytest.raises(ValueError, match="do not fit"):
        padded_member(NOISE, 100)
