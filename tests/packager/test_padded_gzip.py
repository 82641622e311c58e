"""A gzip member of an exact size."""

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packager.padded_gzip import padded_bound, padded_member


@given(st.binary(max_size=2000), st.integers(0, 200_000))
def test_a_padded_member_has_exactly_its_size(content: bytes, more: int) -> None:
    size_bytes = padded_bound(len(content)) + more
    packed = padded_member(content, size_bytes)
    assert (len(packed), gzip.decompress(packed)) == (size_bytes, content)


def test_a_member_that_does_not_fit_is_an_error() -> None:
    with pytest.raises(ValueError, match="do not fit"):
        padded_member(bytes(range(256)), 100)
