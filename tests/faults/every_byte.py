"""A small package as it is really written, and an import of it up to the engine's door."""

import io
import shutil
import subprocess
from dataclasses import dataclass, replace
from pathlib import Path

from installer.bundle.archive.tar_entries import END_OF_ARCHIVE, entry
from installer.bundle.images.docker_archive import blob_path, metadata
from installer.bundle.images.load_stream import Selection, load_stream
from installer.bundle.layout import MANIFEST
from installer.bundle.manifest.manifest import File, Image, Manifest
from installer.bundle.manifest.manifest_file import parse_manifest
from installer.errors import BadPackage
from installer.operations.package.images_source import find_source
from installer.operations.package.unpack import removed_if_bad, unpack
from installer.screen.console import Console
from packager.compression.codec import Compression
from packager.compression.output_format import OutputFormat
from packager.file.package_file import PackedFile, write_package
from packager.layers.images_sink import ImagesSink
from tests.bundle.builders import CONTENTS, PROGRAMS, a_manifest
from tests.bundle.images_tar import DB, LOWER, OTHER, UPPER, WEB, diff_id, image_of

QUIET = Console(story=io.StringIO(), verbosity="quiet")
IMAGES = (image_of(WEB), image_of(DB))
SELECTION = Selection(IMAGES, frozenset(map(diff_id, (LOWER, UPPER, OTHER))))
TABLES = (b"index.json", b"manifest.json", b"oci-layout")
MASKS = (0x01, 0x10, 0x80)


@dataclass(frozen=True)
class Outcome:
    """What an import came to: refused as a bad package, what the engine was given, what stays on the disk."""

    is_refused: bool
    given: bytes
    left: tuple[str, ...]

    @property
    def is_harmless(self) -> bool:
        """Refused, the engine without any table of contents, and nothing on the disk."""
        return self.is_refused and not self.left and not any(table in self.given for table in TABLES)


def a_package(folder: Path, compression: Compression, part_bytes: int | None = None) -> list[Path]:
    """Write it; gives back its files without the list of checksums."""
    output_format = OutputFormat(compression, part_bytes)
    files = [
        PackedFile(path, content, 0o755 if path in PROGRAMS else 0o644)
        for path, content in CONTENTS.items()
        if path != "images.tar"
    ]
    target = folder / f"package{output_format.ending}"
    write_package(
        target, "customer_vault_2.1.2_package", files, IMAGES, _images, _manifest, QUIET, output_format
    )
    return sorted(path for path in folder.iterdir() if path.suffix != ".sha256")


def import_to_the_door(package: Path, site: Path) -> Outcome:
    """Unpack it, and give its images to an engine that only keeps what it gets; leaves the disk empty."""
    given = bytearray()
    is_refused = False
    try:
        unpacked = unpack(package, site, QUIET)
        with removed_if_bad(unpacked):
            source = find_source(unpacked.directory, a_manifest(), package)
            with source.opened("", QUIET) as (images_tar, prove):
                for _number, piece in load_stream(images_tar, [SELECTION], prove):
                    given += piece
    except BadPackage:
        is_refused = True
    left = tuple(sorted(path.name for path in site.iterdir()))
    for path in site.iterdir():
        shutil.rmtree(path)
    return Outcome(is_refused, bytes(given), left)


def manifest_of(release: Path) -> Manifest:
    """What a release directory is."""
    return parse_manifest((release / MANIFEST).read_bytes())


def flipped(raw: bytes, place: int) -> bytes:
    """One byte changed, not always by the same bit."""
    return raw[:place] + bytes([raw[place] ^ MASKS[place % len(MASKS)]]) + raw[place + 1 :]


def decompressed_otherwise(raw: bytes) -> bytes | None:
    """The content of a package file, by the system's own program; None when that refuses it."""
    program = "gzip" if raw.startswith(b"\x1f\x8b") else "zstd"
    done = subprocess.run((program, "-dc"), input=raw, capture_output=True, check=False)
    return done.stdout if done.returncode == 0 else None


def _images(sink: ImagesSink) -> tuple[Image, ...]:
    for layer in sorted((LOWER, UPPER, OTHER), key=diff_id):
        sink.boundary()
        sink.write(entry(blob_path(diff_id(layer)), layer))
    sink.boundary()
    for blob in metadata([(IMAGES[0], WEB.config), (IMAGES[1], DB.config)]):
        sink.write(entry(blob.path, blob.content))
    sink.write(END_OF_ARCHIVE)
    return IMAGES


def _manifest(files: tuple[File, ...], images: tuple[Image, ...]) -> Manifest:
    return replace(a_manifest(), files=files, images=images)
