"""Writes the package in one pass: small files, then images.tar directly from the engine.

The first parts of the archive are known last: the manifest, and the size of images.tar. Room is reserved for
both and filled exactly, so no second copy on disk is needed. Every block is verified by the thread that
compressed it, and the files are read back once: no second pass decompresses them.
"""

import tarfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from installer.bundle.archive.checksums import CHUNK_BYTES, Tally
from installer.bundle.archive.tar_entries import (
    BLOCK_BYTES,
    END_OF_ARCHIVE,
    entry,
    entry_header,
    entry_padding,
)
from installer.bundle.expected_files import sums_of
from installer.bundle.layout import IMAGES, MANIFEST, SUMS
from installer.bundle.manifest.manifest import File, Image, Manifest
from installer.bundle.manifest.manifest_file import dump_manifest, parse_manifest
from installer.errors import Refused
from installer.screen.console import Console
from installer.text import _
from packager.compression.codec import Codec
from packager.compression.codecs import codec_of, small_files_codec_of
from packager.compression.output_format import DEFAULT_OUTPUT_FORMAT, OutputFormat
from packager.compression.packer import Packer
from packager.disk.read_back import Stretch, Stretched, WrittenFile, read_back
from packager.file.part_files import Parts, beside
from packager.layers.images_sink import ImagesSink

FILE_MODE, PROGRAM_MODE = 0o644, 0o755
LARGEST_SIZE = 10**15
LARGEST_HEADER_BYTES = 4 * BLOCK_BYTES

Write = Callable[[bytes], None]
WriteImages = Callable[[ImagesSink], tuple[Image, ...]]
Describe = Callable[[tuple[File, ...], tuple[Image, ...]], Manifest]


@dataclass(frozen=True)
class PackedFile:
    """A file for the package: its content, or the path to read it from.

    One that `is_left_out` is listed in the manifest and not written, because the base has it.
    """

    path: str
    content: bytes | Path
    mode: int = FILE_MODE
    is_left_out: bool = False

    @property
    def size_bytes(self) -> int:
        """Returns the current size."""
        return self.content.stat().st_size if isinstance(self.content, Path) else len(self.content)

    def chunks(self) -> Iterator[bytes]:
        """Yields the content in chunks."""
        if isinstance(self.content, bytes):
            yield self.content
            return
        with self.content.open("rb") as file:
            yield from iter(lambda: file.read(CHUNK_BYTES), b"")

    def described(self) -> File:
        """Returns its entry in the manifest."""
        tally = Tally()
        for chunk in self.chunks():
            tally.count(chunk)
        return File(self.path, tally.sha256, tally.size_bytes, self.mode)


def write_package(
    target: Path,
    root: str,
    files: Sequence[PackedFile],
    expected_images: tuple[Image, ...],
    write_images: WriteImages,
    describe: Describe,
    console: Console,
    output_format: OutputFormat = DEFAULT_OUTPUT_FORMAT,
) -> tuple[WrittenFile, ...]:
    """Writes the package `target`, verifies it, puts it in place with its `.sha256`. Returns its files.

    `describe` makes the manifest; it is first called with `expected_images`, which have as many layers as
    `write_images` will return. If an error is raised, nothing of the package remains, and an older package is
    not changed.
    """
    ordered = sorted(files, key=lambda file: file.path)
    with beside(target, output_format.part_bytes) as parts:
        compression = output_format.compression
        expected = _Package(root, parts, codec_of(compression), small_files_codec_of(compression)).write(
            ordered, expected_images, write_images, describe
        )
        parts.close()
        with console.progress(_("Verifying"), expected.size_bytes) as advance:
            written = read_back(parts.paths, expected, advance)
        parts.put_in_place(written)
    return written


@dataclass(frozen=True)
class _Package:
    """The package that is being written."""

    root: str
    parts: Parts
    codec: Codec
    small_files_codec: Codec

    def write(
        self,
        files: Sequence[PackedFile],
        expected_images: tuple[Image, ...],
        write_images: WriteImages,
        describe: Describe,
    ) -> Stretch:
        """Writes the whole package. Returns what was written, from the first byte to the last."""
        room = self._head_room(files, expected_images, describe)
        self.parts.seek(room)
        listed, small = self._small_files(files)
        images, tar, header, layers = self._images(write_images)
        listed = sorted([*listed, tar], key=lambda file: file.path)
        packed = self.codec.pack(self._head(describe(tuple(listed), images), listed))
        filled = packed + self._filler(room - len(packed))
        return self._put(0, filled) + small + header + layers

    def _head_room(self, files: Sequence[PackedFile], images: tuple[Image, ...], describe: Describe) -> int:
        """Returns a size that fits the head with any digests and sizes."""
        listed = [File(file.path, "f" * 64, file.size_bytes, file.mode) for file in files]
        listed.append(File(IMAGES, "f" * 64, LARGEST_SIZE, FILE_MODE))
        return self.codec.bound(len(self._entries(describe(tuple(listed), images))))

    def _head(self, manifest: Manifest, listed: Sequence[File]) -> bytes:
        """Returns the head. Raises `BadPackage` for a manifest that no site would accept."""
        if parse_manifest(dump_manifest(manifest)).files != tuple(listed):
            raise ValueError("the manifest does not list what was written")
        return self._entries(manifest)

    def _entries(self, manifest: Manifest) -> bytes:
        raw = dump_manifest(manifest)
        return entry(f"{self.root}/{MANIFEST}", raw) + entry(f"{self.root}/{SUMS}", sums_of(manifest, raw))

    def _small_files(self, files: Sequence[PackedFile]) -> tuple[list[File], Stretch]:
        written = Stretched(self.parts.write)
        with Packer(written, self.small_files_codec) as packer:
            listed = [
                one.described() if one.is_left_out else _write_file(packer.write, self.root, one)
                for one in files
            ]
        return listed, written.stretch

    def _images(self, write_images: WriteImages) -> tuple[tuple[Image, ...], File, Stretch, Stretch]:
        """Writes images.tar; returns the images, its entry in the manifest, its header and its content."""
        header_at, room = self.parts.tell(), self.codec.bound(LARGEST_HEADER_BYTES)
        self.parts.seek(header_at + room)
        written = Stretched(self.parts.write)
        with Packer(written, self.codec) as packer:
            sink = ImagesSink(packer)
            images = write_images(sink)
            packer.boundary()
            packer.write(entry_padding(sink.size_bytes) + END_OF_ARCHIVE)
        packed = self.codec.pack(entry_header(f"{self.root}/{IMAGES}", sink.size_bytes))
        header = self._put(header_at, self._filler(room - len(packed)) + packed)
        return images, File(IMAGES, sink.sha256, sink.size_bytes, FILE_MODE), header, written.stretch

    def _put(self, offset: int, content: bytes) -> Stretch:
        self.parts.seek(offset)
        self.parts.write(content)
        return Stretch().with_more(content)

    def _filler(self, size_bytes: int) -> bytes:
        folder = tarfile.TarInfo(self.root)
        folder.type, folder.mode = tarfile.DIRTYPE, PROGRAM_MODE
        return self.codec.filler(size_bytes, folder.tobuf(tarfile.USTAR_FORMAT, "utf-8", "strict"))


def _write_file(write: Write, root: str, file: PackedFile) -> File:
    size_bytes = file.size_bytes
    write(entry_header(f"{root}/{file.path}", size_bytes, file.mode))
    tally = Tally()
    for chunk in file.chunks():
        tally.count(chunk)
        write(chunk)
    if tally.size_bytes != size_bytes:
        raise Refused(_("{file} changed while it was being packed.", file=file.path))
    write(entry_padding(size_bytes))
    return File(file.path, tally.sha256, size_bytes, file.mode)
