"""A package in numbered parts: read as one, and whatever part is not right is named."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from installer.bundle.archive.checksums import dump_sums
from installer.bundle.archive.parts import find_parts
from installer.bundle.archive.parts_reader import PartsReader
from installer.errors import BadPackage
from tests.bundle.builders import sha256

NAME = "vault.tar.gz"
PART_BYTES = 1000
CONTENT = bytes(range(256)) * 14  # four parts, the last one smaller
PARTS = [CONTENT[at : at + PART_BYTES] for at in range(0, len(CONTENT), PART_BYTES)]


def split(folder: Path, parts: list[bytes] = PARTS, *, sums: bool = True) -> Path:
    """Parts in a folder, with their checksums; gives back the name that they have in common."""
    names = [f"{NAME}.{number:03}" for number in range(1, len(parts) + 1)]
    for name, content in zip(names, parts, strict=True):
        (folder / name).write_bytes(content)
    if sums:
        digests = {name: sha256(content) for name, content in zip(names, parts, strict=True)}
        (folder / f"{NAME}.sha256").write_bytes(dump_sums(digests))
    return folder / NAME


def read(place: Path) -> bytes:
    parts = find_parts(place)
    assert parts is not None
    reader = PartsReader(parts)
    return b"".join(iter(lambda: reader.read(333), b""))


def problems_of(place: Path) -> tuple[str, ...]:
    with pytest.raises(BadPackage) as refused:
        read(place)
    return refused.value.details


@pytest.mark.parametrize("sums", [True, False])
@pytest.mark.parametrize("ending", ["", ".001", ".003", ".sha256"])
def test_any_of_them_names_all_of_them(tmp_path: Path, ending: str, sums: bool) -> None:
    place = split(tmp_path, sums=sums)
    assert read(place.with_name(place.name + ending)) == CONTENT


def test_what_has_no_parts_is_no_package_in_parts(tmp_path: Path) -> None:
    (tmp_path / "vault.tar.gz.20260101").touch()
    (tmp_path / "vault.tar.gz.sha256").touch()
    places = (NAME, "vault.tar.gz.20260101", "vault.tar.gz.sha256", "notes", "nowhere/x")
    assert [find_parts(tmp_path / name) for name in places] == [None] * 5


def test_a_whole_file_comes_before_its_parts_unless_a_part_was_named(tmp_path: Path) -> None:
    split(tmp_path).write_bytes(CONTENT)
    assert find_parts(tmp_path / NAME) is None
    assert read(tmp_path / f"{NAME}.001") == CONTENT


def test_more_than_999_parts_keep_their_order(tmp_path: Path) -> None:
    parts = [number.to_bytes(2, "big") for number in range(1, 1101)]
    assert read(split(tmp_path, parts)) == b"".join(parts)


def rename(folder: Path, old: str, new: str) -> None:
    (folder / f"{NAME}.{old}").rename(folder / f"{NAME}.{new}")


def exchange(folder: Path, one: str, other: str) -> None:
    rename(folder, one, "kept")
    rename(folder, other, one)
    rename(folder, "kept", other)


def flip(folder: Path, number: str) -> None:
    file = folder / f"{NAME}.{number}"
    content = bytearray(file.read_bytes())
    content[500] ^= 1
    file.write_bytes(content)


def cut(folder: Path, number: str) -> None:
    file = folder / f"{NAME}.{number}"
    file.write_bytes(file.read_bytes()[:-1])


@pytest.mark.parametrize(
    ("damage", "named"),
    [
        (lambda f: (f / f"{NAME}.002").unlink(), [f"{NAME}.002: is missing"]),
        (lambda f: (f / f"{NAME}.004").unlink(), [f"{NAME}.004: is missing"]),
        (
            lambda f: rename(f, "002", "005"),
            [f"{NAME}.002: is missing", f"{NAME}.005: does not belong to this package"],
        ),
        (
            lambda f: shutil.copy(f / f"{NAME}.002", f / f"{NAME}.005"),
            [f"{NAME}.005: does not belong to this package"],
        ),
        (
            lambda f: exchange(f, "001", "003"),
            [
                f"{NAME}.001: is {NAME}.003 under another name",
                f"{NAME}.003: is {NAME}.001 under another name",
            ],
        ),
        (
            lambda f: shutil.copy(f / f"{NAME}.001", f / f"{NAME}.002"),
            [f"{NAME}.002: is {NAME}.001 under another name"],
        ),
        (lambda f: cut(f, "002"), [f"{NAME}.002: has 999 bytes instead of 1000"]),
        (lambda f: cut(f, "004"), [f"{NAME}.004: is damaged or truncated"]),
        (lambda f: flip(f, "001"), [f"{NAME}.001: is damaged or truncated"]),
        (
            lambda f: (flip(f, "001"), flip(f, "003")),
            [f"{NAME}.001: is damaged or truncated", f"{NAME}.003: is damaged or truncated"],
        ),
    ],
)
def test_every_part_that_is_not_right_is_named(
    tmp_path: Path, damage: Callable[[Path], object], named: list[str]
) -> None:
    place = split(tmp_path)
    damage(tmp_path)
    assert problems_of(place) == tuple(named)


@pytest.mark.parametrize(
    ("damage", "named"),
    [
        (lambda f: (f / f"{NAME}.002").unlink(), [f"{NAME}.002: is missing"]),
        (
            lambda f: rename(f, "002", "0002"),
            [f"{NAME}.0002: does not belong to this package", f"{NAME}.002: is missing"],
        ),
        (
            lambda f: shutil.copy(f / f"{NAME}.002", f / f"{NAME}.0002"),
            [f"{NAME}.0002: does not belong to this package"],
        ),
        (lambda f: cut(f, "001"), [f"{NAME}.001: has 999 bytes instead of 1000"]),
        (lambda f: (f / f"{NAME}.004").write_bytes(b""), [f"{NAME}.004: has 0 bytes instead of 1000"]),
    ],
)
def test_without_checksums_numbers_and_sizes_are_judged(
    tmp_path: Path, damage: Callable[[Path], object], named: list[str]
) -> None:
    place = split(tmp_path, sums=False)
    damage(tmp_path)
    assert problems_of(place) == tuple(named)


@pytest.mark.parametrize(
    "sums", [b"", b"what?\n", b"\xff\n", f"{sha256(PARTS[0])}  other.001\n".encode(), b"0" * 64 + b"  "]
)
def test_a_list_of_checksums_that_is_none_is_named(tmp_path: Path, sums: bytes) -> None:
    place = split(tmp_path)
    (tmp_path / f"{NAME}.sha256").write_bytes(sums)
    assert problems_of(place) == (f"{NAME}.sha256: is damaged or truncated",)


def test_a_list_that_was_cut_off_does_not_pass_for_a_shorter_one(tmp_path: Path) -> None:
    place = split(tmp_path)
    sums = tmp_path / f"{NAME}.sha256"
    sums.write_bytes(sums.read_bytes()[:170])
    assert problems_of(place) == (f"{NAME}.sha256: is damaged or truncated",)
