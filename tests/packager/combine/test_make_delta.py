"""A delta of two finished packages: the bytes of the one that an export would have made."""

import subprocess
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from installer.bundle.manifest.manifest import Requirements
from installer.bundle.manifest.manifest_file import dump_manifest
from installer.errors import BadPackage, Refused, UsageProblem
from packager.combine.combine import combine
from packager.combine.make_delta import make_delta
from packager.compression.output_format import OutputFormat
from packager.contents.render import render_documents
from packager.deltas.export_base import Since, since_release
from packager.deltas.previous_release import read_previous
from packager.git.git_source import NO_GIT
from packager.plan.export_plan import plan_export
from packager.project.project import find_project
from tests.packager.delta_packages import NOTHING, PYTHON, QUIET, manifest_of, release, since, write
from tests.packager.projects import shop
from tests.packager.saved_images import layer

FIRST = release("2.1.1", layer("app/1"))
SECOND = release("2.1.2", layer("app/1"), layer("app/2"))
OLD, NEW = "shop_2.1.1_package.tar.gz", "shop_2.1.2_package.tar.gz"
DELTA = "shop_2.1.2_package_since_2.1.1.tar.gz"


def guides(
    folder: Path, base: Since | None, output_format: OutputFormat, *, leaves_out_python: bool = False
) -> dict[str, bytes]:
    """The guides of 2.1.2, as an export after 2.1.1 writes them."""
    plan = plan_export(find_project(folder), "2.1.2", NO_GIT, folder, since=base, output_format=output_format)
    requirements = Requirements("20.10", "2.0")
    return render_documents(plan, "linux/amd64", requirements, "2.1.1", leaves_out_python=leaves_out_python)


def write_both(
    folder: Path,
    output_format: OutputFormat = OutputFormat(),  # noqa: B008  it is frozen
    python: Mapping[str, bytes] = NOTHING,
) -> Path:
    """Writes both whole packages, and returns the delta as an export writes it, in a folder of its own."""
    exported = folder / "exported"
    exported.mkdir()
    project = shop(folder / "project")
    old = write(folder, "2.1.1", FIRST, name="shop", python=python)
    written = guides(project, None, output_format)
    write(folder, "2.1.2", SECOND, None, output_format, "shop", guides=written, python=python)
    expected = guides(
        project, since_release(read_previous(old)), output_format, leaves_out_python=bool(python)
    )
    base = replace(since(old, SECOND), files=tuple(sorted(python)))
    return write(exported, "2.1.2", SECOND, base, output_format, "shop", guides=expected, python=python)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("packages")
    write_both(folder)
    return folder


def refused(old: Path, new: Path, output: Path, error: type[Exception] = UsageProblem) -> tuple[str, str]:
    """What a refusal says, and what to do next; nothing is written."""
    with pytest.raises(error) as told:
        make_delta(old, new, output, QUIET)
    assert not output.exists()
    assert isinstance(told.value, (UsageProblem, Refused, BadPackage))
    return told.value.happened, told.value.hint


@pytest.mark.parametrize("compression", ["gzip", "zstd", "none"])
def test_it_has_the_bytes_of_an_exported_one(tmp_path: Path, compression: str) -> None:
    output_format = OutputFormat(compression)  # type: ignore[arg-type]
    expected = write_both(tmp_path, output_format)
    new = tmp_path / f"shop_2.1.2_package{output_format.ending}"
    made = make_delta(tmp_path / OLD, new, tmp_path / "made", QUIET)
    assert (made.name, made.read_bytes()) == (expected.name, expected.read_bytes())
    assert sorted(path.name for path in made.parent.iterdir()) == [made.name, f"{made.name}.sha256"]


def test_it_leaves_out_the_python_that_the_old_release_has_and_gets_it_back(tmp_path: Path) -> None:
    expected = write_both(tmp_path, python=PYTHON)
    made = make_delta(tmp_path / OLD, tmp_path / NEW, tmp_path / "made", QUIET)
    assert made.read_bytes() == expected.read_bytes()
    listed = subprocess.run(("tar", "-tzf", made), capture_output=True, text=True, check=True).stdout
    assert "/runtime/" not in listed
    whole = combine([tmp_path / OLD, made], tmp_path / "whole", QUIET)
    assert whole.read_bytes() == (tmp_path / NEW).read_bytes()


def test_another_python_stays_in_the_delta(tmp_path: Path) -> None:
    old = write(tmp_path, "2.1.1", FIRST, name="shop", python=PYTHON)
    newer = {**PYTHON, "runtime/lib/python311.zip": b"PK newer"}
    new = write(tmp_path, "2.1.2", SECOND, name="shop", python=newer)
    manifest = manifest_of(make_delta(old, new, tmp_path / "made", QUIET))[0]
    assert (manifest.format, manifest.left_out_files) == (2, ())


def test_combined_with_its_base_it_is_the_new_package_again(folder: Path, tmp_path: Path) -> None:
    made = make_delta(folder / OLD, folder / NEW, tmp_path, QUIET)
    assert (
        combine([folder / OLD, made], tmp_path / "whole", QUIET).read_bytes() == (folder / NEW).read_bytes()
    )


def test_the_old_release_may_be_its_manifest_or_its_directory(folder: Path, tmp_path: Path) -> None:
    subprocess.run(("tar", "-xzf", folder / OLD, "-C", tmp_path), check=True)
    directory = tmp_path / "shop_2.1.1_package"
    whole = (folder / "exported" / DELTA).read_bytes()
    for number, old in enumerate((directory, directory / "manifest.json")):
        assert make_delta(old, folder / NEW, tmp_path / str(number), QUIET).read_bytes() == whole


def test_packages_in_parts_are_read_and_written(tmp_path: Path) -> None:
    big = release("2.1.2", layer(*(f"app/{number}" for number in range(4000))))
    old = write(tmp_path, "2.1.1", FIRST, name="shop")
    parts = OutputFormat("none", 10**6)
    write(tmp_path, "2.1.2", big, name="shop", output_format=parts)
    new = tmp_path / "shop_2.1.2_package.tar.002"
    made = make_delta(old, new, tmp_path / "made", QUIET, part_bytes=10**6)
    assert made.name == "shop_2.1.2_package_since_2.1.1.tar.001"
    assert manifest_of(made)[0].left_out == since(old, big).layers


def test_a_delta_may_be_the_old_release(folder: Path, tmp_path: Path) -> None:
    third = release("2.1.3", layer("app/3"))
    new = write(tmp_path, "2.1.3", third, name="shop")
    made = make_delta(folder / "exported" / DELTA, new, tmp_path / "made", QUIET)
    assert made.name == "shop_2.1.3_package_since_2.1.2.tar.gz"
    assert manifest_of(made)[0].base == since(folder / "exported" / DELTA, third)


def test_packages_of_two_applications_make_no_delta(folder: Path, tmp_path: Path) -> None:
    other = write(tmp_path, "2.1.1", FIRST)
    assert refused(other, folder / NEW, tmp_path / "none") == (
        "A package of shop cannot build on vault.",
        "Specify a package, a manifest.json or an inventory of this application.",
    )


def test_packages_for_two_platforms_make_no_delta(folder: Path, tmp_path: Path) -> None:
    old, described = tmp_path / "old.json", dump_manifest(manifest_of(folder / OLD)[0])
    old.write_bytes(described.replace(b"linux/amd64", b"linux/arm64"))
    assert refused(old, folder / NEW, tmp_path / "none", Refused) == (
        "The base of the package is for another platform.",
        "Specify a base for the same platform, or export the whole release.",
    )


def test_a_release_makes_no_delta_on_itself(folder: Path, tmp_path: Path) -> None:
    happened, _hint = refused(folder / NEW, folder / NEW, tmp_path / "none")
    assert happened == "2.1.2 cannot build on itself."


def test_the_wrong_order_is_told_with_the_right_one(folder: Path, tmp_path: Path) -> None:
    old, new = folder / OLD, folder / NEW
    assert refused(new, old, tmp_path / "none") == (
        "2.1.2 is newer than 2.1.1.",
        f"Specify the older package first: airlock delta {old} {new}",
    )


def test_a_delta_as_the_new_release_is_told_how_to_become_whole(folder: Path, tmp_path: Path) -> None:
    delta = folder / "exported" / DELTA
    assert refused(folder / OLD, delta, tmp_path / "none", Refused) == (
        f"{delta} is a delta itself.",
        f"Make the whole package first: airlock combine BASE {delta}",
    )


@pytest.mark.parametrize("place", [-200, -6], ids=["layers", "end"])
def test_a_damaged_new_package_leaves_nothing(folder: Path, tmp_path: Path, place: int) -> None:
    raw = bytearray((folder / NEW).read_bytes())
    raw[place] ^= 1
    (tmp_path / NEW).write_bytes(raw)
    with pytest.raises(BadPackage) as told:
        make_delta(folder / OLD, tmp_path / NEW, tmp_path / "out", QUIET)
    assert told.value.happened == f"{NEW} is damaged or altered."
    assert list((tmp_path / "out").iterdir()) == []


def test_what_is_no_package_is_told(folder: Path, tmp_path: Path) -> None:
    foreign = tmp_path / "secret.tar.gz.age"
    foreign.write_bytes(b"age-encryption.org/v1\n")
    assert (
        refused(folder / OLD, foreign, tmp_path / "none", BadPackage)[0]
        == f"{foreign.name} is not a package."
    )
    happened, _hint = refused(foreign, folder / NEW, tmp_path / "none", BadPackage)
    assert happened == "The package of the previous release cannot be read."


def test_the_delta_never_replaces_a_package_that_it_is_made_of(folder: Path, tmp_path: Path) -> None:
    old = tmp_path / DELTA
    old.write_bytes((folder / OLD).read_bytes())
    with pytest.raises(UsageProblem, match="The result would overwrite"):
        make_delta(old, folder / NEW, tmp_path, QUIET)
    assert old.read_bytes() == (folder / OLD).read_bytes()
