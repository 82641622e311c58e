"""A delta without its Python: verified as it is, and made whole from the directory or package of its base."""

import io
from dataclasses import replace
from pathlib import Path

import pytest

from installer.bundle.manifest.manifest import Base, File, Manifest
from installer.errors import BadPackage, Refused
from installer.operations.package.base_files import copy_base_files, find_base_files, lacks_files
from installer.operations.package.inspect_ import describe
from installer.operations.package.unpack import unpack
from installer.operations.package.verify import verified, verify, verify_directory
from installer.operations.preflight.findings.finding import failed, ok
from installer.operations.preflight.host.base_python import judge_base_python
from installer.operations.services.sweep_files import sweep_files
from installer.screen.console import Console
from tests.bundle.builders import (
    CONTENTS,
    a_manifest,
    a_package_directory,
    a_package_file,
    compressed,
    entries_of,
    root_of,
)

QUIET = Console(story=io.StringIO(), verbosity="quiet")
PYTHON = {"runtime/bin/python3": b"\x7fELF", "runtime/lib/python311.zip": b"PK", "runtime/lib/x/a.so": b""}
WITH_PYTHON = {**CONTENTS, **PYTHON}


def with_programs(manifest: Manifest) -> Manifest:
    programs = ("runtime/bin/python3",)
    files = tuple(replace(one, mode=0o755) if one.path in programs else one for one in manifest.files)
    return replace(manifest, files=files)


OLD = with_programs(a_manifest(WITH_PYTHON, application=replace(a_manifest().application, version="2.1.1")))
BASE = Base("customer_vault", "2.1.1", "1" * 64, (), tuple(sorted(PYTHON)))
DELTA = with_programs(a_manifest(WITH_PYTHON, format=3, base=BASE))
PLACE = root_of(OLD)


@pytest.fixture
def release(tmp_path: Path) -> Path:
    """The delta, unpacked by hand: without its Python."""
    return a_package_directory(tmp_path, CONTENTS, DELTA)


def base_directory(folder: Path) -> Path:
    return a_package_directory(folder, WITH_PYTHON, OLD)


def python_in(release: Path) -> dict[str, tuple[bytes, int]]:
    paths = (path for path in (release / "runtime").rglob("*") if path.is_file())
    return {
        path.relative_to(release).as_posix(): (path.read_bytes(), path.stat().st_mode & 0o777)
        for path in paths
    }


WHOLE = {
    path: (content, 0o755 if path == "runtime/bin/python3" else 0o644) for path, content in PYTHON.items()
}


def test_it_is_verified_without_its_python_as_a_file_and_unpacked(release: Path, tmp_path: Path) -> None:
    said = "Customer Vault 2.1.2: 7 files verified, 16.6 KiB. Its Python is not here: it is that of 2.1.1."
    for place in (release, a_package_file(tmp_path, CONTENTS, DELTA)):
        assert verified(verify(place, QUIET)) == said


def test_inspect_says_whose_python_it_is() -> None:
    assert "Leaves out its Python, 6 B: that of 2.1.1" in describe(DELTA)


def test_a_package_that_leaves_out_files_and_has_them_is_refused(tmp_path: Path) -> None:
    package = tmp_path / "package.tar.gz"
    package.write_bytes(compressed(entries_of(DELTA, WITH_PYTHON)))
    with pytest.raises(BadPackage) as refused:
        verify(package, QUIET)
    assert refused.value.details == tuple(
        f"{path}: is not listed in manifest.json" for path in sorted(PYTHON)
    )


def test_it_is_unpacked_without_its_python(tmp_path: Path) -> None:
    package = a_package_file(tmp_path, CONTENTS, DELTA)
    (tmp_path / "site").mkdir()
    unpacked = unpack(package, tmp_path / "site", QUIET).directory
    assert lacks_files(unpacked, DELTA)
    assert verify_directory(unpacked, QUIET) == DELTA


@pytest.mark.parametrize("path", sorted(PYTHON))
def test_a_python_that_is_there_in_part_is_damage(release: Path, path: str) -> None:
    (release / path).parent.mkdir(parents=True)
    (release / path).write_bytes(PYTHON[path])
    with pytest.raises(BadPackage) as refused:
        verify_directory(release, QUIET)
    assert refused.value.details == tuple(f"{one}: is missing" for one in sorted(PYTHON) if one != path)


def test_an_empty_folder_of_that_name_is_filled(release: Path, tmp_path: Path) -> None:
    (release / "runtime").mkdir()
    assert lacks_files(release, DELTA)
    copy_base_files(base_directory(tmp_path), DELTA, release)
    assert python_in(release) == WHOLE


@pytest.mark.parametrize("where", ["beside", "elsewhere", "package"])
def test_it_is_made_whole_from_its_base(release: Path, tmp_path: Path, where: str) -> None:
    if where == "package":
        place = a_package_file(tmp_path, WITH_PYTHON, OLD)
    else:
        folder = tmp_path if where == "beside" else tmp_path / "elsewhere"
        place = base_directory(folder).rename(folder / "현장 old")
    likely = [place] if where == "elsewhere" else []
    assert find_base_files(DELTA, release, likely) == place
    copy_base_files(place, DELTA, release)
    assert python_in(release) == WHOLE
    assert not lacks_files(release, DELTA)
    assert verify_directory(release, QUIET) == DELTA
    assert list((release / ".airlock").iterdir()) == []


@pytest.mark.parametrize("damage", ["flipped", "missing", "longer", "folder"])
def test_a_base_with_another_python_is_passed_over(release: Path, tmp_path: Path, damage: str) -> None:
    path = base_directory(tmp_path) / "runtime/lib/python311.zip"
    content = path.read_bytes()
    path.unlink()
    if damage == "folder":
        path.mkdir()
    elif damage != "missing":
        path.write_bytes(b"pK" if damage == "flipped" else content + b"x")
    assert find_base_files(DELTA, release, [tmp_path / "nowhere"]) is None


def test_packages_that_lack_it_too_or_are_none_are_passed_over(release: Path, tmp_path: Path) -> None:
    older = replace(OLD, format=3, base=replace(BASE, version="2.1.0"))
    a_package_file(tmp_path, CONTENTS, older)
    (tmp_path / f"{PLACE}_of_another.tar.gz").write_bytes(b"?")
    assert find_base_files(DELTA, release, []) is None


def test_a_base_that_changes_meanwhile_leaves_nothing(release: Path, tmp_path: Path) -> None:
    place = base_directory(tmp_path)
    assert find_base_files(DELTA, release, []) == place
    (place / "runtime/lib/python311.zip").write_bytes(b"pK")
    with pytest.raises(Refused) as refused:
        copy_base_files(place, DELTA, release)
    assert refused.value.happened == (f"{place}: runtime/lib/python311.zip changed while it was being read.")
    assert lacks_files(release, DELTA)
    assert list((release / ".airlock").iterdir()) == []


def test_what_a_killed_copy_left_is_swept_away(release: Path) -> None:
    left = release / ".airlock/.runtime.0123456789abcdef/runtime"
    left.mkdir(parents=True)
    (left / "file").touch()
    sweep_files(release)
    assert list((release / ".airlock").iterdir()) == []


def test_a_base_that_is_nowhere_is_told_with_what_to_copy_here(release: Path, tmp_path: Path) -> None:
    assert judge_base_python(DELTA, release, None) == failed(
        "The package leaves out its Python, which is that of 2.1.1 and is missing here.",
        [
            f"needed: {PLACE}, whose manifest.json has the SHA-256 {'1' * 64}",
            f"searched: the directory of the old release, and all directories in {tmp_path}",
        ],
        hint=f"Copy {PLACE}.tar.gz to {tmp_path}, or ask the vendor for the whole package of 2.1.2.",
    )
    assert judge_base_python(DELTA, release, tmp_path) == ok(
        f"The Python that the package leaves out is in {tmp_path}"
    )


def test_a_package_that_leaves_out_no_file_lacks_none(tmp_path: Path) -> None:
    assert not lacks_files(a_package_directory(tmp_path), a_manifest())
    assert DELTA.left_out_files == tuple(
        File(one.path, one.sha256, one.size_bytes, one.mode) for one in OLD.files if one.path in PYTHON
    )
