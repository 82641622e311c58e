"""A finished package divided into parts and joined again: the same bytes."""

import random
import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from installer.errors import UsageProblem
from packager.compression.output_format import OutputFormat
from packager.division.join import join
from packager.division.split import split
from tests.packager.delta_packages import QUIET, release, write
from tests.packager.division.divided import NAME, SUMS, check, flip, names, part, refused_join
from tests.packager.saved_images import layer


@settings(deadline=None, max_examples=15)
@given(
    st.integers(2000, 200_000), st.integers(2000, 200_000), st.booleans(), st.randoms(use_true_random=False)
)
def test_joined_parts_of_any_size_are_the_package(
    made: Path,
    tmp_path_factory: pytest.TempPathFactory,
    one: int,
    other: int,
    listed: bool,
    dice: random.Random,
) -> None:
    folder = tmp_path_factory.mktemp("divided")
    first = split(made, one, folder / "a", QUIET)
    again = split(dice.choice([first, folder / "a" / NAME, folder / "a" / SUMS]), other, folder / "b", QUIET)
    sizes = [path.stat().st_size for path in sorted((folder / "b").iterdir()) if path.name != SUMS]
    assert (set(sizes[:-1]) <= {other}, 0 < sizes[-1] <= other) == (True, True)
    check(folder / "b")
    if not listed:
        (folder / "b" / SUMS).unlink()
    joined = join([again], folder / "c", QUIET)
    assert joined.read_bytes() == made.read_bytes()
    assert (folder / "c" / SUMS).read_bytes() == made.with_name(SUMS).read_bytes()
    shutil.rmtree(folder)


def test_parts_are_those_of_an_export(tmp_path: Path) -> None:
    big = release("2.1.1", layer(*(f"app/{number}" for number in range(4000))))
    (tmp_path / "a").mkdir()
    whole = write(tmp_path / "a", "2.1.1", big, output_format=OutputFormat("none"))
    (tmp_path / "b").mkdir()
    write(tmp_path / "b", "2.1.1", big, output_format=OutputFormat("none", 10**6))
    split(whole, 10**6, tmp_path / "c", QUIET)
    contents = [{one.name: one.read_bytes() for one in (tmp_path / name).iterdir()} for name in "bc"]
    assert contents[0] == contents[1]
    assert whole.exists()


def test_a_folder_with_the_package_is_refused(package: Path, parts: Path) -> None:
    before = {path: path.read_bytes() for folder in (package.parent, parts) for path in folder.iterdir()}
    for place in (package, part(parts, 1)):
        for folder in (package.parent, parts):
            with pytest.raises(UsageProblem, match="exists already"):
                split(place, 10**6, folder, QUIET)
            with pytest.raises(UsageProblem, match="exists already"):
                join([part(parts, 1)], folder, QUIET)
    assert {path: path.read_bytes() for path in before} == before
    assert len(names(package.parent)) + len(names(parts)) == len(before)


def test_parts_in_several_folders_are_joined(package: Path, parts: Path, tmp_path: Path) -> None:
    media = [tmp_path / name for name in ("one", "two")]
    for medium, moved in zip(media, (part(parts, 2), parts / SUMS), strict=True):
        medium.mkdir()
        moved.rename(medium / moved.name)
    named = [part(parts, 1), part(media[0], 2), media[1] / SUMS]
    assert join(named, tmp_path / "out", QUIET).read_bytes() == package.read_bytes()
    flip(part(media[0], 2))
    told = refused_join(named, tmp_path / "again")
    assert told.details[0] == f"{NAME}.002: is damaged or truncated"
