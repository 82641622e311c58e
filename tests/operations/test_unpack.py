import fcntl
import io
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from installer.bundle.archive import entry
from installer.bundle.manifest import File
from installer.console import Console
from installer.errors import AnotherRunActive, BadPackage, Refused
from installer.operations.unpack import unpack
from installer.operations.verify import verify_directory
from tests.bundle.builders import (
    CONTENTS,
    a_manifest,
    a_package_file,
    all_contents,
    compressed,
    entries_of,
    root_of,
    sha256,
)

ROOT = root_of(a_manifest())
QUIET = Console(story=io.StringIO(), verbosity="quiet")


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Path]:
    (tmp_path / "site").mkdir()
    yield tmp_path / "site"


def test_a_package_is_unpacked_exactly_as_its_manifest_lists_it(tmp_path: Path, site: Path) -> None:
    release = unpack(a_package_file(tmp_path), site, QUIET)
    assert release == site / ROOT
    assert _found(release) == all_contents(a_manifest(), CONTENTS)
    assert {path: _mode(release / path) for path in ("airlock", "images.tar", "proxy", ".")} == {
        "airlock": 0o755,
        "images.tar": 0o644,
        "proxy": 0o755,
        ".": 0o755,
    }
    assert verify_directory(release, QUIET) == a_manifest()
    assert _names(site) == [ROOT]


def test_hostile_names_are_unpacked_as_they_are(tmp_path: Path, site: Path) -> None:
    contents = {**CONTENTS, 'it\'s $(touch owned) `x` "y" \\': b"1", "-rf/한글": b"2"}
    release = unpack(a_package_file(tmp_path, contents), site, QUIET)
    assert _found(release) == all_contents(a_manifest(contents), contents)


@pytest.mark.parametrize("place", [0.1, 0.5, 0.9, 0.999])
def test_a_package_that_is_cut_off_leaves_nothing(tmp_path: Path, site: Path, place: float) -> None:
    package = a_package_file(tmp_path)
    raw = package.read_bytes()
    package.write_bytes(raw[: int(len(raw) * place)])
    with pytest.raises(BadPackage):
        unpack(package, site, QUIET)
    assert _names(site) == []


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
    assert _found(unpack(a_package_file(tmp_path), site, QUIET)) == all_contents(a_manifest(), CONTENTS)
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
    assert refused.value.happened == f"There is too little room in {site} to unpack the package."
    assert _names(site) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="mounts a small filesystem, which only root may")
def test_a_full_disk_is_told_and_leaves_nothing(tmp_path: Path, site: Path) -> None:
    package = a_package_file(tmp_path)
    subprocess.run(("mount", "-t", "tmpfs", "-o", "size=200m,nr_inodes=5", "tmpfs", site), check=True)
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
        release = unpack(a_package_file(tmp_path), site, QUIET)
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
