"""The package file: written in one pass, verified, and never half there."""

import gzip
import io
import random
import resource
import subprocess
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from installer.bundle.archive.tar_entries import END_OF_ARCHIVE, entry
from installer.bundle.manifest.manifest import (
    Application,
    File,
    Image,
    Layer,
    Manifest,
    Requirements,
    Source,
)
from installer.bundle.manifest.manifest_file import parse_manifest
from installer.errors import Refused
from installer.screen.console import Console
from installer.system.reading.package_reader import find_package, open_package
from packager.compression.codec import Compression
from packager.compression.codecs import CHOICES, codec_of
from packager.compression.output_format import DEFAULT_OUTPUT_FORMAT, OutputFormat
from packager.file.package_file import PackedFile, write_package
from packager.layers.images_sink import ImagesSink
from tests.bundle.builders import sha256

LAYERS = (b"a layer " * 9000, random.Random(1).randbytes(70_000), b"")
IMAGE = Image(
    "shop/web:1",
    f"sha256:{'a' * 64}",
    "linux/amd64",
    tuple(Layer(f"sha256:{sha256(content)}", len(content)) for content in LAYERS),
)
EXPECTED = (IMAGE,)
ROOT = "shop_1_package"
FILES = (
    PackedFile("docker-compose.yml", b"services: {}\n"),
    PackedFile("import-package.sh", b"#!/bin/sh\n", 0o755),
    PackedFile("airlock", b"#!/bin/sh\n", 0o755),
    PackedFile("installer.pyz", b"PK", 0o755),
    PackedFile("conf/it's $(touch hacked).txt", b"quoted"),
)


def manifest(files: tuple[File, ...], images: tuple[Image, ...]) -> Manifest:
    return Manifest(
        2, Application("shop", "Shop", "1", "shop"), Source(None, None, False, None), "test", "linux/amd64",
        ("docker-compose.yml",), images, None, files, (), (), None, None,
        Requirements("20.10", "2.0"), (),
    )  # fmt: skip


def save(sink: ImagesSink) -> tuple[Image, ...]:
    for content in LAYERS:
        sink.boundary()
        sink.write(entry(f"blobs/sha256/{sha256(content)}", content))
        sink.boundary()
    sink.write(entry("manifest.json", b"[]") + END_OF_ARCHIVE)
    return (IMAGE,)


def quiet() -> Console:
    return Console(results=io.StringIO(), story=io.StringIO(), verbosity="quiet")


def packed(
    folder: Path,
    files: tuple[PackedFile, ...] = FILES,
    describe: Callable[[tuple[File, ...], tuple[Image, ...]], Manifest] = manifest,
    save: Callable[[ImagesSink], tuple[Image, ...]] = save,
    output_format: OutputFormat = DEFAULT_OUTPUT_FORMAT,
) -> Path:
    target = folder / f"p{output_format.ending}"
    write_package(target, ROOT, files, EXPECTED, save, describe, quiet(), output_format)
    return output_format.first_file(target)


def test_it_unpacks_with_tar_and_proves_itself_with_sha256sum(tmp_path: Path) -> None:
    subprocess.run(("tar", "-xzf", packed(tmp_path)), cwd=tmp_path, check=True)
    root = tmp_path / ROOT
    subprocess.run(("sha256sum", "--check", "--strict", "SHA256SUMS"), cwd=root, check=True)
    found = {
        file.path: oct(file.mode) for file in parse_manifest((root / "manifest.json").read_bytes()).files
    }
    assert found == {**{file.path: oct(file.mode) for file in FILES}, "images.tar": "0o644"}
    with tarfile.open(root / "images.tar") as images:
        assert "manifest.json" in images.getnames()


def test_busybox_reads_it_too(tmp_path: Path) -> None:
    busybox = Path("/bin/busybox")
    if not busybox.exists():
        pytest.skip("there is no busybox on this machine")
    subprocess.run((busybox, "tar", "-xzf", packed(tmp_path)), cwd=tmp_path, check=True)
    assert (tmp_path / ROOT / "images.tar").exists()


def test_the_manifest_comes_first_and_the_images_last(tmp_path: Path) -> None:
    with tarfile.open(packed(tmp_path)) as archive:
        names = archive.getnames()
    assert (names[:2], names[-1]) == ([f"{ROOT}/manifest.json", f"{ROOT}/SHA256SUMS"], f"{ROOT}/images.tar")


def test_the_same_inputs_give_the_same_bytes(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    assert packed(tmp_path).read_bytes() == packed(tmp_path / "other", FILES[::-1]).read_bytes()


def test_a_file_is_read_from_its_place_piece_by_piece(tmp_path: Path) -> None:
    (tmp_path / "big").write_bytes(b"x" * 3_000_000)
    package = packed(tmp_path, (*FILES, PackedFile("big", tmp_path / "big")))
    with tarfile.open(package) as archive:
        big = archive.extractfile(f"{ROOT}/big")
        assert big and big.read() == b"x" * 3_000_000


OUTPUT_FORMATS = tuple(OutputFormat(choice, size) for choice in CHOICES for size in (None, 30_000, 700))


@pytest.mark.parametrize("output_format", OUTPUT_FORMATS, ids=str)
def test_a_site_reads_the_same_package_from_every_output_format(
    output_format: OutputFormat, tmp_path: Path
) -> None:
    place = find_package(packed(tmp_path, output_format=output_format))
    with open_package(place, lambda size: None) as package:
        found = {member.path: b"".join(map(bytes, member.content)) for member in package.members()}
    assert found.keys() == {"manifest.json", "SHA256SUMS", "images.tar", *(file.path for file in FILES)}
    assert {file.path: found[file.path] for file in FILES} == {file.path: file.content for file in FILES}
    whole = packed(tmp_path)
    with tarfile.open(whole) as archive:
        manifest_there = archive.extractfile(f"{ROOT}/manifest.json")
        assert manifest_there and found["manifest.json"] == manifest_there.read()


@pytest.mark.parametrize("output_format", OUTPUT_FORMATS, ids=str)
def test_the_by_hand_way_reads_every_output_format(output_format: OutputFormat, tmp_path: Path) -> None:
    packed(tmp_path, output_format=output_format)
    (sums,) = tmp_path.glob("*.sha256")
    subprocess.run(("sha256sum", "--check", "--strict", "--quiet", sums.name), cwd=tmp_path, check=True)
    names = [line.split("  ")[1] for line in sums.read_text().splitlines()]
    program = {"gzip": "--gzip", "zstd": "--zstd", "none": "--no-auto-compress"}[output_format.compression]
    whole = b"".join((tmp_path / name).read_bytes() for name in names)
    subprocess.run(("tar", program, "-x"), cwd=tmp_path, input=whole, check=True)
    words = ("sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS")
    subprocess.run(words, cwd=tmp_path / ROOT, check=True)


@pytest.mark.parametrize("compression", CHOICES)
def test_a_layer_stands_on_its_own_in_the_compressed_package(
    compression: Compression, tmp_path: Path
) -> None:
    package = packed(tmp_path, output_format=OutputFormat(compression)).read_bytes()
    codec = codec_of(compression)
    layers = [entry(f"blobs/sha256/{sha256(content)}", content) for content in LAYERS]
    assert [codec.pack(layer) in package for layer in layers] == [True] * 3


def interrupting(sink: ImagesSink) -> tuple[Image, ...]:
    sink.write(b"begun")
    raise KeyboardInterrupt


def test_an_interrupted_export_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        packed(tmp_path, save=interrupting)
    assert list(tmp_path.iterdir()) == []


def test_an_old_package_stays_when_the_new_one_fails(tmp_path: Path) -> None:
    (tmp_path / "p.tar.gz").write_bytes(b"old")
    with pytest.raises(KeyboardInterrupt):
        packed(tmp_path, save=interrupting)
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("p.tar.gz", b"old")]


def test_a_package_that_does_not_verify_is_not_kept(tmp_path: Path) -> None:
    def lying(files: tuple[File, ...], images: tuple[Image, ...]) -> Manifest:
        return manifest(
            (File(files[0].path, "0" * 64, files[0].size_bytes, files[0].mode), *files[1:]), images
        )

    with pytest.raises(ValueError, match="does not list what was written"):
        packed(tmp_path, describe=lying)
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def nothing_over_40_000_bytes() -> Iterator[None]:
    """As a disk that fills in the middle: the system refuses to write on."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, limits[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, limits)


@pytest.mark.usefixtures("nothing_over_40_000_bytes")
@pytest.mark.parametrize("output_format", [OutputFormat(), OutputFormat("none", 50_000)], ids=str)
def test_a_write_that_fails_is_told_and_leaves_no_file(output_format: OutputFormat, tmp_path: Path) -> None:
    with pytest.raises(Refused, match=f"{tmp_path} cannot be written: File too large"):
        packed(tmp_path, output_format=output_format)
    assert list(tmp_path.iterdir()) == []


class Growing(PackedFile):
    """A file that somebody writes to while it is packed."""

    @property
    def size_bytes(self) -> int:
        return super().size_bytes - 1


def test_a_file_that_changes_meanwhile_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"grown\.log changed while it was being packed"):
        packed(tmp_path, (*FILES, Growing("grown.log", b"more")))
    assert list(tmp_path.iterdir()) == []


def test_pythons_gzip_reads_the_padding_too(tmp_path: Path) -> None:
    with gzip.open(packed(tmp_path)) as file:
        assert file.read(len(ROOT)) == ROOT.encode()
