import gzip
import io
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from installer.bundle.archive.gzip_stream import OUTPUT_BYTES, Damaged, GzipStream


@given(st.lists(st.binary(max_size=3000), min_size=1, max_size=4))
def test_all_members_are_read_one_after_another(members: list[bytes]) -> None:
    assert _read(b"".join(map(gzip.compress, members))) == b"".join(members)


def test_a_member_with_a_name_and_extra_bytes_in_its_header_is_read() -> None:
    named = io.BytesIO()
    with gzip.GzipFile("name.tar", "wb", fileobj=named) as file:
        file.write(b"content")
    plain = gzip.compress(b"more", mtime=0)
    padded = plain[:3] + b"\x04" + plain[4:10] + b"\x05\x00extra" + plain[10:]
    assert _read(named.getvalue() + padded) == b"contentmore"


def test_no_piece_is_larger_than_promised_whatever_the_compression() -> None:
    stream = GzipStream(io.BytesIO(gzip.compress(bytes(50_000_000))))
    pieces = list(iter(stream.read_some, b""))
    assert sum(map(len, pieces)) == 50_000_000
    assert max(map(len, pieces)) <= OUTPUT_BYTES


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "it is empty"),
        (b"plain text", "its compression is broken"),
        (gzip.compress(b"x") + b"garbage", "its compression is broken"),
        (gzip.compress(b"x") + bytes(10), "its compression is broken"),
        (gzip.compress(b"x") + b"\x1f", "it ends too early"),
        (gzip.compress(b"x")[:-8] + bytes(8), "its compression is broken"),
        (gzip.compress(b"x")[:-4] + b"\2\0\0\0", "its compression is broken"),
    ],
)
def test_what_is_not_whole_gzip_is_damaged(raw: bytes, reason: str) -> None:
    with pytest.raises(Damaged, match=reason):
        _read(raw)


def test_every_cut_is_noticed_and_stays_noticed() -> None:
    raw = gzip.compress(random.Random(1).randbytes(500)) + gzip.compress(b"second")
    for length in set(range(1, len(raw))) - {len(gzip.compress(random.Random(1).randbytes(500)))}:
        stream = GzipStream(io.BytesIO(raw[:length]))
        for _again in range(2):
            with pytest.raises(Damaged, match="it ends too early"):
                while stream.read_some():
                    continue


def _read(raw: bytes) -> bytes:
    stream = GzipStream(io.BytesIO(raw))
    return b"".join(iter(stream.read_some, b""))
