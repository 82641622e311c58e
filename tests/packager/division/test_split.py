"""Packages that are damaged, or none at all, are refused in words."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from installer.bundle.archive.checksums import dump_sums
from installer.errors import BadPackage, Refused, UsageProblem
from packager.division.join import join
from packager.division.split import split
from tests.bundle.builders import sha256
from tests.packager.delta_packages import QUIET
from tests.packager.division.divided import NAME, PART_BYTES, SUMS, flip, names, refused_join


def test_a_package_that_differs_from_its_checksum_is_refused(package: Path, tmp_path: Path) -> None:
    flip(package)
    with pytest.raises(BadPackage) as refused:
        split(package, PART_BYTES, tmp_path / "out", QUIET)
    assert (refused.value.happened, refused.value.exit_code) == (f"{NAME} is damaged or altered.", 4)
    assert refused.value.details[1] == f"SHA-256 of the file: {sha256(package.read_bytes())}"
    assert names(tmp_path / "out") == []


@pytest.mark.parametrize("damage", [flip, lambda path: path.write_bytes(path.read_bytes()[:-PART_BYTES])])
def test_without_a_checksum_the_manifest_finds_the_damage(
    package: Path, tmp_path: Path, damage: Callable[[Path], object]
) -> None:
    package.with_name(SUMS).unlink()
    split(package, PART_BYTES, tmp_path / "whole", QUIET)
    damage(package)
    with pytest.raises(BadPackage, match="is damaged or altered"):
        split(package, PART_BYTES, tmp_path / "out", QUIET)
    assert names(tmp_path / "out") == []


def test_a_checksum_file_of_something_else_is_refused(package: Path, tmp_path: Path) -> None:
    for content in (b"", b"garbage\n", dump_sums({"other.tar": "0" * 64})):
        package.with_name(SUMS).write_bytes(content)
        with pytest.raises(BadPackage, match=f"does not list {NAME}"):
            split(package, PART_BYTES, tmp_path / "out", QUIET)


def test_a_list_of_the_parts_says_nothing_about_a_file_joined_by_hand(parts: Path, tmp_path: Path) -> None:
    whole = b"".join(path.read_bytes() for path in sorted(parts.iterdir()) if path.name != SUMS)
    (parts / NAME).write_bytes(whole)
    split(parts / NAME, PART_BYTES + 1, tmp_path / "out", QUIET)
    (parts / NAME).write_bytes(whole[:-PART_BYTES])
    with pytest.raises(BadPackage):
        split(parts / NAME, PART_BYTES + 1, tmp_path / "other", QUIET)


@pytest.mark.parametrize("content", [b"", b"text\n" * 1000])
def test_what_is_no_package_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / NAME).write_bytes(content)
    with pytest.raises(BadPackage, match=f"{NAME} is not a package"):
        split(tmp_path / NAME, PART_BYTES, tmp_path / "out", QUIET)
    with pytest.raises(UsageProblem, match="is not a part of a package"):
        join([tmp_path / NAME], tmp_path / "out", QUIET)
    shutil.copy(tmp_path / NAME, tmp_path / f"{NAME}.001")
    assert refused_join([tmp_path / f"{NAME}.001"], tmp_path / "out").exit_code == 4


def test_what_does_not_exist_is_refused(tmp_path: Path) -> None:
    for name in (NAME, f"{NAME}.001"):
        with pytest.raises(UsageProblem, match="does not exist"):
            split(tmp_path / name, PART_BYTES, tmp_path, QUIET)
        with pytest.raises(UsageProblem, match="does not exist"):
            join([tmp_path / name], tmp_path, QUIET)


def test_more_parts_than_999_are_refused_before_anything_is_written(package: Path, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="more than 999 parts") as refused:
        split(package, 10, tmp_path / "out", QUIET)
    assert refused.value.hint == "Specify larger parts: --size 4GB"
    assert not (tmp_path / "out").exists()
