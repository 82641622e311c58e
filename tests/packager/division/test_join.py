"""Parts that are missing, damaged or of another package are refused in words."""

import shutil
from pathlib import Path

import pytest

from packager.compression.output_format import OutputFormat
from packager.division.join import join
from packager.division.split import split
from tests.packager.delta_packages import QUIET, release, write
from tests.packager.division.divided import NAME, PART_BYTES, SUMS, flip, part, refused_join
from tests.packager.saved_images import layer


@pytest.mark.parametrize("listed", [True, False])
def test_a_missing_part_is_named(parts: Path, tmp_path: Path, listed: bool) -> None:
    if not listed:
        (parts / SUMS).unlink()
    part(parts, 2).unlink()
    told = refused_join([part(parts, 1)], tmp_path / "out")
    assert (told.exit_code, told.details) == (4, (f"{NAME}.002: is missing",))


@pytest.mark.parametrize("listed", [True, False])
def test_missing_last_parts_are_noticed(parts: Path, tmp_path: Path, listed: bool) -> None:
    if not listed:
        (parts / SUMS).unlink()
    sorted(parts.glob("*.0??"))[-1].unlink()
    told = refused_join([part(parts, 1)], tmp_path / "out")
    assert told.exit_code == 4


@pytest.mark.parametrize("listed", [True, False])
def test_a_damaged_part_is_named(parts: Path, tmp_path: Path, listed: bool) -> None:
    if not listed:
        (parts / SUMS).unlink()
    flip(part(parts, 2), 15_000)
    told = refused_join([part(parts, 1)], tmp_path / "out")
    assert (told.exit_code, f"{NAME}.002: is damaged or truncated" in told.details) == (4, listed)


def test_parts_of_another_name_are_refused(parts: Path, tmp_path: Path) -> None:
    other = tmp_path / "shop_1.0_package.tar.gz.002"
    shutil.copy(part(parts, 2), other)
    told = refused_join([part(parts, 1), other], tmp_path / "out")
    assert told.happened == "The parts belong to different packages."
    assert told.details[1] == f"{other}: shop_1.0_package.tar.gz"


@pytest.mark.parametrize("part_bytes", [PART_BYTES, PART_BYTES + 1])
def test_parts_of_another_build_are_refused(parts: Path, tmp_path: Path, part_bytes: int) -> None:
    (tmp_path / "b").mkdir()
    built = write(
        tmp_path / "b", "2.1.1", release("2.1.1", layer("app/other")), output_format=OutputFormat("none")
    )
    split(built, part_bytes, tmp_path / "other", QUIET)
    named = [part(parts, 1), part(tmp_path / "other", 2)]
    told = refused_join(named, tmp_path / "out")
    assert told.happened == "The parts belong to different packages."
    assert told.details[0] == f"{parts / SUMS} lists other digests"
    (tmp_path / "other" / SUMS).unlink()
    told = refused_join(named, tmp_path / "out")
    assert told.details[-1] == (
        "Parts of another build, or of another size, of this package do not fit either."
    )
    (parts / SUMS).unlink()
    assert refused_join(named, tmp_path / "out").exit_code == 4


def test_two_files_for_one_part_are_refused(parts: Path, tmp_path: Path) -> None:
    shutil.copy(part(parts, 2), tmp_path)
    told = refused_join([part(parts, 2), part(tmp_path, 2)], tmp_path / "out")
    assert (told.exit_code, "was specified twice" in told.happened) == (2, True)
    join([part(parts, 2), part(parts, 2)], tmp_path / "out", QUIET)
