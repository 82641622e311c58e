"""A directory without images.tar finds its package: the one that was named, or one beside it."""

import io
import shutil
from pathlib import Path

import pytest

from installer.bundle.layout import IMAGES
from installer.errors import BadPackage, Refused
from installer.operations.package.images_source import ImagesSource, find_source
from installer.screen.console import Console
from tests.bundle.archive.test_parts import split
from tests.bundle.builders import CONTENTS, a_manifest, a_package_directory, a_package_file, root_of

ROOT = root_of(a_manifest())
QUIET = Console(story=io.StringIO(), verbosity="quiet")


@pytest.fixture
def release(tmp_path: Path) -> Path:
    """Unpacked without its images."""
    release = a_package_directory(tmp_path / "site")
    (release / IMAGES).unlink()
    return release


def content_of(source: ImagesSource) -> bytes:
    with source.opened("", QUIET) as (images_tar, prove):
        content = b"".join(iter(images_tar.read_some, b""))
        prove()
    return content


def test_images_in_the_directory_come_first(release: Path) -> None:
    a_package_file(release.parent)
    (release / IMAGES).write_bytes(b"here")
    assert content_of(find_source(release, a_manifest(), None)) == b"here"


def test_the_package_that_was_named_is_taken(release: Path, tmp_path: Path) -> None:
    package = shutil.move(a_package_file(tmp_path), tmp_path / "renamed")
    source = find_source(release, a_manifest(), package)
    assert (source, content_of(source)) == (ImagesSource(package, is_package=True), CONTENTS[IMAGES])


@pytest.mark.parametrize("name", [f"{ROOT}.tar.gz", f"{ROOT}_for_site.tar.gz", f"{ROOT} (1).tar.gz"])
def test_a_package_beside_is_found_by_its_name_and_proven_by_its_manifest(release: Path, name: str) -> None:
    other = a_package_file(release.parent, manifest=a_manifest(built_with="another"))
    other.rename(release.parent / f"{ROOT}.1.tar.gz")
    package = a_package_file(release.parent)
    package.rename(release.parent / name)
    release = release.rename(release.parent / "called otherwise")
    assert content_of(find_source(release, a_manifest(), None)) == CONTENTS[IMAGES]


def test_parts_beside_are_found(release: Path, tmp_path: Path) -> None:
    raw = a_package_file(tmp_path).read_bytes()
    split(release.parent, [raw[at : at + 500] for at in range(0, len(raw), 500)])
    for part in release.parent.glob("vault.tar.gz.*"):
        text = part.read_bytes()
        part.unlink()
        if part.suffix != ".sha256":
            (release.parent / f"{ROOT}.tar.gz{part.suffix}").write_bytes(text)
    assert content_of(find_source(release, a_manifest(), None)) == CONTENTS[IMAGES]


def test_what_was_looked_at_is_told_when_nothing_fits(release: Path) -> None:
    a_package_file(release.parent, manifest=a_manifest(built_with="another"))
    (release.parent / f"{ROOT}.tar.zst").write_text("text")
    with pytest.raises(Refused) as refused:
        find_source(release, a_manifest(), None)
    assert str(refused.value) == "\n".join(
        (
            f"{release} has no images.tar, and its package is not beside it.",
            f"  {ROOT}.tar.gz: belongs to another release",
            f"  {ROOT}.tar.zst: {ROOT}.tar.zst is not a package.",
            "  it is neither gzip, zstd nor tar",
            f"Specify the package: ./import-package.sh /path/to/{ROOT}.tar.gz",
        )
    )


def test_a_named_package_of_another_release_is_refused_and_a_broken_one_told(release: Path) -> None:
    other = a_package_file(release.parent, manifest=a_manifest(built_with="another"))
    with pytest.raises(Refused):
        find_source(release, a_manifest(), other)
    other.write_bytes(b"text")
    with pytest.raises(BadPackage):
        find_source(release, a_manifest(), other)
