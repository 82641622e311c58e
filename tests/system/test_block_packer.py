"""Gzip in blocks: readable by every gzip, the same bytes every time."""

import gzip
import io
import random
import subprocess

import pytest

from installer.system.block_packer import BLOCK_BYTES, BlockPacker

NOISE = random.Random(1).randbytes(3 * BLOCK_BYTES + 7)


def fast(block: bytes) -> bytes:
    return gzip.compress(block, 1, mtime=0)


def written(*chunks: bytes) -> bytes:
    file = io.BytesIO()
    with BlockPacker(file, fast) as packed:
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
    with pytest.raises(KeyError), BlockPacker(io.BytesIO(), fast) as packed:
        packed.write(NOISE)
        raise KeyError
