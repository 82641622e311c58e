"""A package is read where it lies: whole or in parts, with every compression, by every means to undo it."""

import gzip
import importlib.util
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from installer.bundle.archive.compression import NoZstd
from installer.bundle.archive.gzip_stream import Damaged
from installer.bundle.archive.tar_entries import END_OF_ARCHIVE
from installer.bundle.package_stream import PackageStream
from installer.errors import BadPackage, Refused, UsageProblem
from installer.system.reading import zstd
from installer.system.reading.package_reader import find_package, open_package
from installer.system.reading.zstd import LibraryBlocks, Unzstd
from installer.system.reading.zstd_program import ProgramBlocks
from tests.bundle.archive.test_parts import split
from tests.bundle.builders import CONTENTS, a_manifest, all_contents, entries_of

TAR = b"".join(entries_of(a_manifest(), CONTENTS)) + END_OF_ARCHIVE
ALL = all_contents(a_manifest(), CONTENTS)


def frames(content: bytes) -> bytes:
    """zstd in several frames with a skippable one between, as a writer leaves room for the head."""
    packer = zstandard.ZstdCompressor(write_checksum=True)
    packed = [packer.compress(content[at : at + 5000]) for at in range(0, len(content), 5000)]
    return b"\x50\x2a\x4d\x18\x05\x00\x00\x00house".join(packed)


COMPRESSIONS: dict[str, Callable[[bytes], bytes]] = {
    "tar": bytes,
    "tar.gz": lambda content: gzip.compress(content, mtime=0),
    "tar.zst": frames,
}


def content_of(place: Path) -> dict[str, bytes]:
    with open_package(find_package(place), lambda _bytes: None) as stream:
        return {member.path: b"".join(member.content) for member in stream.members()}


@pytest.mark.parametrize("ending", COMPRESSIONS)
def test_a_package_is_read_whatever_it_is_compressed_with_and_called(tmp_path: Path, ending: str) -> None:
    (tmp_path / f"vault.{ending}").write_bytes(COMPRESSIONS[ending](TAR))
    assert content_of(tmp_path / f"vault.{ending}") == ALL
    (tmp_path / f"vault.{ending}").rename(tmp_path / "renamed")
    assert content_of(tmp_path / "renamed") == ALL


@pytest.mark.parametrize("ending", COMPRESSIONS)
def test_parts_are_read_without_joining_them(tmp_path: Path, ending: str) -> None:
    packed = COMPRESSIONS[ending](TAR)
    parts = [packed[at : at + 300] for at in range(0, len(packed), 300)]
    assert content_of(split(tmp_path, parts)) == ALL


@pytest.mark.parametrize("ending", COMPRESSIONS)
@pytest.mark.parametrize("sums", [True, False])
def test_a_damaged_part_is_named(tmp_path: Path, ending: str, sums: bool) -> None:
    packed = bytearray(COMPRESSIONS[ending](TAR))
    parts = [packed[at : at + 700] for at in range(0, len(packed), 700)]
    place = split(tmp_path, parts, sums=sums)
    damaged = tmp_path / f"{place.name}.002"
    damaged.write_bytes(bytes(byte ^ 1 for byte in damaged.read_bytes()))
    with pytest.raises(BadPackage) as refused:
        content_of(place)
    named = f"{damaged.name}: is damaged or truncated" if sums else f"The error was found in {place.name}."
    assert any(line.startswith(named) for line in refused.value.details)


def test_the_checksum_file_of_a_whole_package_names_it(tmp_path: Path) -> None:
    (tmp_path / "vault.tar.gz").write_bytes(COMPRESSIONS["tar.gz"](TAR))
    (tmp_path / "vault.tar.gz.sha256").touch()
    assert content_of(tmp_path / "vault.tar.gz.sha256") == ALL


def test_what_is_not_there_or_may_not_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageProblem, match="does not exist"):
        find_package(tmp_path / "nothing")
    with pytest.raises(Refused, match="cannot be read: Is a directory"):
        content_of(tmp_path)


# zstd


def test_a_reader_without_zstd_says_so(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(frames(TAR))
    with (tmp_path / "x").open("rb") as file, pytest.raises(NoZstd):
        PackageStream(file, "x")


def test_a_machine_that_cannot_decompress_zstd_refuses_with_what_to_type(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "x").write_bytes(frames(TAR))
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(zstd, "LIBRARY", "no_such_library")
    monkeypatch.setattr(zstd, "STANDARD_LIBRARY", "no_such_library")
    with pytest.raises(Refused, match="--compression gzip"):
        content_of(tmp_path / "x")


PROGRAM = pytest.param(ProgramBlocks, marks=pytest.mark.skipif(not shutil.which("zstd"), reason="needs zstd"))
STANDARD = pytest.param(
    zstd.StandardBlocks,
    marks=pytest.mark.skipif(
        importlib.util.find_spec("compression") is None, reason="needs Python 3.14 or newer"
    ),
)


def through(means: Callable[..., "ProgramBlocks | LibraryBlocks"], path: Path) -> bytes:
    with path.open("rb") as file:
        blocks = means(file)
        try:
            return b"".join(iter(blocks.read_some, b""))
        finally:
            if isinstance(blocks, ProgramBlocks):
                blocks.close()


@pytest.mark.parametrize("means", [PROGRAM, LibraryBlocks, STANDARD])
def test_all_frames_are_read(means: Callable[..., ProgramBlocks], tmp_path: Path) -> None:
    content = bytes(5_000_000) + TAR
    (tmp_path / "x").write_bytes(frames(content))
    assert through(means, tmp_path / "x") == content


@pytest.mark.parametrize("means", [PROGRAM, LibraryBlocks, STANDARD])
def test_damage_is_told(means: Callable[..., ProgramBlocks], tmp_path: Path) -> None:
    packed = bytearray(frames(TAR))
    packed[len(packed) // 2] ^= 0x10
    (tmp_path / "x").write_bytes(packed)
    with pytest.raises(Damaged, match="its compression is broken"):
        through(means, tmp_path / "x")


@pytest.mark.parametrize("means", [PROGRAM, STANDARD])
def test_an_end_that_is_cut_off_is_told(means: Callable[..., ProgramBlocks], tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(frames(TAR)[:-2])
    with pytest.raises(Damaged):
        through(means, tmp_path / "x")


@pytest.mark.skipif(not shutil.which("zstd"), reason="needs zstd")
def test_a_program_that_is_not_read_to_its_end_does_not_stay(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(frames(bytes(50_000_000)))
    with (tmp_path / "x").open("rb") as file, Unzstd() as unzstd:
        assert unzstd(file).read_some()
    assert not subprocess.run(
        ("pgrep", "-P", str(os.getpid()), "zstd"), check=False, capture_output=True
    ).stdout
