"""One byte changed anywhere in a package: refused before the engine or the disk has anything of it.

What can change unnoticed is enumerated: bytes that no reader looks at, and codes that say the same.
"""

import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from installer.errors import BadPackage
from installer.operations.package.verify import verify_file
from packager.compression.codec import Compression
from tests.faults.every_byte import (
    QUIET,
    Outcome,
    a_package,
    decompressed_otherwise,
    flipped,
    import_to_the_door,
)
from tests.faults.regions import Region, is_meaningless, regions_of

PART_BYTES = 3000
STRIDE = {"gzip": 23, "zstd": 61, "none": 211}
STRIDE_WHEN_THERE_IS_TIME = {"gzip": 1, "zstd": 7, "none": 19}


@pytest.fixture
def folder() -> Iterator[Path]:
    """In memory: thousands of unpacked packages need no disk."""
    with tempfile.TemporaryDirectory(dir="/dev/shm") as name:
        (Path(name) / "site").mkdir()
        (Path(name) / "package").mkdir()
        yield Path(name)


@pytest.mark.parametrize("compression", ["gzip", "zstd", "none"])
def test_a_changed_byte_is_refused_before_anything_has_changed(
    folder: Path, compression: Compression
) -> None:
    _flip_everywhere(folder, compression, STRIDE[compression])


@pytest.mark.long
@pytest.mark.parametrize("compression", ["gzip", "zstd", "none"])
def test_each_changed_byte_is_refused_before_anything_changes(folder: Path, compression: Compression) -> None:
    _flip_everywhere(folder, compression, STRIDE_WHEN_THERE_IS_TIME[compression])


def _flip_everywhere(folder: Path, compression: Compression, stride: int) -> None:
    (package,) = a_package(folder / "package", compression)
    raw = package.read_bytes()
    regions, untouched = regions_of(raw), import_to_the_door(package, folder / "site")
    assert (untouched.is_refused, untouched.left) == (False, ("customer_vault_2.1.2_package",))
    wrong = []
    for place in _places(regions, stride):
        package.write_bytes(flipped(raw, place))
        outcome = import_to_the_door(package, folder / "site")
        if not _is_right(outcome, untouched, raw, place, regions):
            wrong.append((place, outcome.is_refused, outcome.left))
    assert wrong == []


def _is_right(
    outcome: Outcome, untouched: Outcome, raw: bytes, place: int, regions: tuple[Region, ...]
) -> bool:
    if is_meaningless(raw, regions, place):
        return outcome == untouched
    if outcome.is_harmless:
        return True
    region = next(one for one in regions if place in one.places)
    says_the_same = decompressed_otherwise(flipped(raw, place)) == decompressed_otherwise(raw)
    return region.name == "packed" and says_the_same and outcome == untouched


def _places(regions: Iterable[Region], stride: int) -> list[int]:
    """The ends of each region, and some between them."""
    places = {
        place for one in regions for place in (*one.places[:1], *one.places[-1:], *one.places[::stride])
    }
    return sorted(places)


@pytest.mark.parametrize("compression", ["gzip", "zstd", "none"])
def test_a_changed_byte_of_a_part_is_refused_and_the_part_is_named(
    folder: Path, compression: Compression
) -> None:
    parts = a_package(folder / "package", compression, PART_BYTES)
    for part in parts:
        raw = part.read_bytes()
        for place in (0, len(raw) // 2, len(raw) - 1):
            part.write_bytes(flipped(raw, place))
            assert import_to_the_door(parts[0], folder / "site").is_harmless, (part.name, place)
            assert _details(parts[0]) == (f"{part.name}: is damaged or truncated",)
        part.write_bytes(raw)
    assert not import_to_the_door(parts[0], folder / "site").is_refused


def test_a_changed_byte_in_the_list_of_the_parts_is_refused(folder: Path) -> None:
    parts = a_package(folder / "package", "gzip", PART_BYTES)
    sums = parts[0].with_name(parts[0].name.replace(".001", ".sha256"))
    raw = sums.read_bytes()
    for place in range(0, len(raw), 5):
        sums.write_bytes(flipped(raw, place))
        assert import_to_the_door(parts[0], folder / "site").is_harmless, place


def _details(package: Path) -> tuple[str, ...]:
    with pytest.raises(BadPackage) as refused:
        verify_file(package, QUIET)
    return refused.value.details
