import fcntl
import io
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from installer.bundle.archive.tar_entries import entry
from installer.bundle.layout import IMAGES, MANIFEST
from installer.bundle.manifest.manifest import File
from installer.errors import AnotherRunActive, BadPackage, Refused
from installer.operations.package.unpack import Unpacked, removed_if_bad, unpack
from installer.operations.package.verify import verify_directory
from installer.screen.console import Console
from tests.bundle.builders import (
    CONTENTS,
    a_manifest,
    a_package_directory,
    a_package_file,
    all_contents,
    compressed,
    entries_of,
    root_of,
    sha256,
)


def without_images(contents: dict[str, bytes]) -> dict[str, bytes]:
    """The images stay in the package."""
    return {path: content for path, content in contents.items() if path != IMAGES}


ROOT = root_of(a_manifest())
UNPACKED = without_images(all_contents(a_manifest(), CONTENTS))
QUIET = Console(story=io.StringIO(), verbosity="quiet")


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Path]:
    (tmp_path / "site").mkdir()
    yield tmp_path / "site"


def test_a_package_is_unpacked_exactly_as_its_manifest_lists_it(tmp_path: Path, site: Path) -> None:
    unpacked = unpack(a_package_file(tmp_path), site, QUIET)
    assert unpacked == Unpacked(site / ROOT, is_new=True)
    assert _found(unpacked.directory) == UNPACKED
    assert {path: _mode(site / ROOT / path) for path in ("airlock", MANIFEST, "proxy", ".")} == {
        "airlock": 0o755,
        MANIFEST: 0o644,
        "proxy": 0o755,
        ".": 0o755,
    }
    assert verify_directory(site / ROOT, QUIET) == a_manifest()
    assert _names(site) == [ROOT]


def test_hostile_names_are_unpacked_as_they_are(tmp_path: Path, site: Path) -> None:
    contents = {**CONTENTS, 'it\'s $(touch owned) `x` "y" \\': b"1", "-rf/한글": b"2"}
    unpack(a_package_file(tmp_path, contents), site, QUIET)
    assert _found(site / ROOT) == without_images(all_contents(a_manifest(contents), contents))


def test_images_that_are_not_the_last_are_left_out_just_so(tmp_path: Path, site: Path) -> None:
    package = tmp_path / "package.tar.gz"
    entries = entries_of(a_manifest(), CONTENTS)
    package.write_bytes(compressed([*entries[:2], entries[-1], *entries[2:-1]]))
    unpack(package, site, QUIET)
    assert _found(site / ROOT) == UNPACKED


@pytest.mark.parametrize("length", [100, 900, 1500])
def test_a_package_that_is_cut_off_before_the_images_leaves_nothing(
    tmp_path: Path, site: Path, length: int
) -> None:
    package = a_package_file(tmp_path)
    package.write_bytes(package.read_bytes()[:length])
    with pytest.raises(BadPackage):
        unpack(package, site, QUIET)
    assert _names(site) == []


def test_a_directory_of_the_same_package_is_taken_as_it_is(tmp_path: Path, site: Path) -> None:
    package = a_package_file(tmp_path)
    unpack(package, site, QUIET)
    (site / ROOT / ".env").touch()
    assert unpack(package, site, QUIET) == Unpacked(site / ROOT, is_new=False)
    assert (site / ROOT / ".env").exists()


def test_a_directory_of_the_same_package_elsewhere_is_taken_if_the_command_came_from_there(
    tmp_path: Path, site: Path
) -> None:
    own = a_package_directory(tmp_path / "own")
    assert unpack(a_package_file(tmp_path), site, QUIET, own=own) == Unpacked(own, is_new=False)
    assert _names(site) == []


def test_a_new_directory_goes_again_when_the_package_turns_out_to_be_damaged(
    tmp_path: Path, site: Path
) -> None:
    package = a_package_file(tmp_path)
    for left in ([], [ROOT]):
        unpacked = unpack(package, site, QUIET)
        with pytest.raises(BadPackage), removed_if_bad(unpacked):
            raise BadPackage("damaged")
        assert _names(site) == left
        unpack(package, site, QUIET)  # the second time it is not new


def test_an_altered_package_leaves_nothing_and_tells_all_problems(tmp_path: Path, site: Path) -> None:
    contents = {**CONTENTS, "airlock": b"#!/bin/zh\n", "proxy/nginx.conf": b"", "extra": b"x"}
    with pytest.raises(BadPackage) as refused:
        unpack(a_package_file(tmp_path, contents, a_manifest()), site, QUIET)
    assert refused.value.details == (
        "airlock: is damaged or altered",
        "extra: is not listed in manifest.json",
        "proxy/nginx.conf: has 0 bytes instead of 10",
    )
    assert _names(site) == []


@pytest.mark.parametrize(
    "name", ["../evil", f"{ROOT}/../../evil", "/tmp/airlock-evil", f"{ROOT}/proxy/../../evil"]
)
def test_nothing_is_written_outside(tmp_path: Path, site: Path, name: str) -> None:
    package = tmp_path / "package.tar.gz"
    entries = entries_of(a_manifest(), CONTENTS)
    package.write_bytes(compressed([entries[0], entry(name, b"evil"), *entries[1:]]))
    with pytest.raises(BadPackage):
        unpack(package, site, QUIET)
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["package.tar.gz", "site"]
    assert not Path("/tmp/airlock-evil").exists()


def test_a_folder_that_is_there_is_not_overwritten(tmp_path: Path, site: Path) -> None:
    (site / ROOT).mkdir()
    with pytest.raises(Refused) as refused:
        unpack(a_package_file(tmp_path), site, QUIET)
    assert str(refused.value) == (
        f"{site / ROOT} exists already; unpacking would overwrite it.\n"
        f"Import from it with {site / ROOT}/import-package.sh, or rename it first."
    )


def test_what_a_killed_run_has_left_is_removed(tmp_path: Path, site: Path) -> None:
    left = site / f".{ROOT}.unpacking"
    (left / "proxy").mkdir(parents=True)
    (left / "proxy/old").touch()
    (left / "link").symlink_to("/")
    assert _found(unpack(a_package_file(tmp_path), site, QUIET).directory) == UNPACKED
    assert _names(site) == [ROOT]


def test_a_second_run_at_the_same_time_is_refused(tmp_path: Path, site: Path) -> None:
    staging = site / f".{ROOT}.unpacking"
    staging.mkdir()
    held = os.open(staging, os.O_RDONLY)
    fcntl.flock(held, fcntl.LOCK_EX)
    with pytest.raises(AnotherRunActive):
        unpack(a_package_file(tmp_path), site, QUIET)
    os.close(held)
    assert _names(site) == [staging.name]


def test_a_staging_folder_that_is_a_link_is_not_followed(tmp_path: Path, site: Path) -> None:
    (tmp_path / "precious").mkdir()
    (tmp_path / "precious/file").touch()
    (site / f".{ROOT}.unpacking").symlink_to(tmp_path / "precious")
    with pytest.raises(Refused, match="cannot be written"):
        unpack(a_package_file(tmp_path), site, QUIET)
    assert (tmp_path / "precious/file").exists()


def test_a_package_that_does_not_fit_is_refused_before_anything_is_written(
    tmp_path: Path, site: Path
) -> None:
    manifest = a_manifest()
    files = (*manifest.files, File("large", sha256(b""), 1 << 60, 0o644))
    package = a_package_file(tmp_path, manifest=a_manifest(files=files))
    with pytest.raises(Refused) as refused:
        unpack(package, site, QUIET)
    assert refused.value.happened == f"There is not enough space in {site} to unpack the package."
    assert _names(site) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="mounts a small filesystem, which only root may")
def test_a_full_disk_is_told_and_leaves_nothing(tmp_path: Path, site: Path) -> None:
    package = a_package_file(tmp_path)
    subprocess.run(("mount", "-t", "tmpfs", "-o", "size=400m,nr_inodes=5", "tmpfs", site), check=True)
    try:
        with pytest.raises(Refused) as refused:
            unpack(package, site, QUIET)
        assert _names(site) == []
    finally:
        subprocess.run(("umount", site), check=True)
    assert str(refused.value) == f"The disk of {site} is full.\nMake room, then run the command again."


def test_a_strict_umask_does_not_change_the_modes(tmp_path: Path, site: Path) -> None:
    before = os.umask(0o077)
    try:
        release = unpack(a_package_file(tmp_path), site, QUIET).directory
    finally:
        os.umask(before)
    assert [_mode(release / path) for path in (".", "proxy/nginx.conf", "airlock")] == [0o755, 0o644, 0o755]


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def _found(release: Path) -> dict[str, bytes]:
    found = {
        str(path.relative_to(release)): path.read_bytes() for path in release.rglob("*") if path.is_file()
    }
    order = list(all_contents(a_manifest(), CONTENTS))
    return dict(sorted(found.items(), key=lambda item: (item[0] not in order[:2], item[0])))


def _mode(path: Path) -> int:
    return path.stat().st_mode & 0o7777
