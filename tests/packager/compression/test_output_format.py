"""How large a part may be, as a person writes it."""

import pytest

from installer.errors import UsageProblem
from packager.compression.output_format import parse_part_size


@pytest.mark.parametrize(
    ("text", "size_bytes"),
    [
        ("4GB", 4_000_000_000),
        ("4 gb", 4_000_000_000),
        ("700MB", 700_000_000),
        ("4GiB", 4 << 30),
        ("1.44MB", 1_440_000),
        ("1MB", 1_000_000),
    ],
)
def test_a_size_is_read_as_a_person_writes_it(text: str, size_bytes: int) -> None:
    assert parse_part_size(text) == size_bytes


@pytest.mark.parametrize("text", ["", "4", "4G", "GB", "-4GB", "4TB", "4GB 2", "1e3GB", "nanGB", "4,5GB"])
def test_what_is_no_size_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(UsageProblem) as refused:
        parse_part_size(text)
    assert refused.value.happened == f"{text} is not a valid size."
    assert refused.value.hint == "Specify a size such as 4GB, 700MB or 4GiB: --split 4GB"
    with pytest.raises(UsageProblem, match="--size 4GB"):
        parse_part_size(text, "--size")


@pytest.mark.parametrize("text", ["0GB", "0.5MB", "0.999999MB"])
def test_parts_that_are_too_small_are_refused(text: str) -> None:
    with pytest.raises(UsageProblem, match=r"at least 1MB"):
        parse_part_size(text)
