"""Writes the package file in one pass: small files, then images.tar straight from the engine.

What comes first in the archive is known last: the manifest, and the size of images.tar. Room is kept for
both, and filled with gzip members padded to exactly that room. So there is no second copy on disk.
"""

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from installer.bundle.archive import END_OF_ARCHIVE, entry, entry_header, entry_padding
from installer.bundle.checksums import CHUNK_BYTES, HashingReader
from installer.bundle.expected import sums_of
from installer.bundle.layout import IMAGES, MANIFEST, SUMS
from installer.bundle.manifest import File, Image, Manifest, dump_manifest
from installer.bundle.package_stream import PackageStream
from installer.console import Console
from installer.errors import Refused
from installer.system.files import fsync_folder
from installer.system.gzip_threads import GzipWriter
from installer.text import _
from packager.padded_gzip import padded_bound, padded_member

FILE_MODE, PROGRAM_MODE, PACKAGE_MODE = 0o644, 0o755, 0o644
LARGEST_SIZE = 10**15
LARGEST_HEADER_BYTES = 4 * 512

Sink = Callable[[bytes], None]
WriteImages = Callable[[Sink], tuple[Image, ...]]
Describe = Callable[[tuple[File, ...], tuple[Image, ...]], Manifest]


@dataclass(frozen=True)
class PackedFile:
    """A file for the package: its content, or where it is read from."""

    path: str
    content: bytes | Path
    mode: int = FILE_MODE

    @property
    def size_bytes(self) -> int:
        """The size it has now."""
        return self.content.stat().st_size if isinstance(self.content, Path) else len(self.content)

    def chunks(self) -> Iterator[bytes]:
        """The content, piece by piece."""
        if isinstance(self.content, bytes):
            yield self.content
            return
        with self.content.open("rb") as file:
            yield from iter(lambda: file.read(CHUNK_BYTES), b"")


def write_package(
    target: Path,
    root: str,
    files: Sequence[PackedFile],
    expected_images: tuple[Image, ...],
    write_images: WriteImages,
    describe: Describe,
    console: Console,
) -> str:
    """Write the package `target` beside itself, verify it, rename it. Returns the package's own SHA-256.

    `describe` makes the manifest; it is asked first about `expected_images`, which have as many layers as
    `write_images` will say. Whatever is raised, no partial file stays.
    """
    ordered = sorted(files, key=lambda file: file.path)
    room = _head_room(root, ordered, expected_images, describe)
    with _beside(target) as (file, partial):
        file.seek(room)
        listed, images = _write_body(file, root, ordered, write_images)
        file.seek(0)
        file.write(padded_member(_head(root, describe(listed, images)), room))
        file.flush()
        os.fsync(file.fileno())
        sha256 = _verified(partial, target.name, console)
        partial.chmod(PACKAGE_MODE)
        partial.replace(target)
    fsync_folder(target.parent)
    return sha256


@contextmanager
def _beside(target: Path) -> Iterator[tuple[IO[bytes], Path]]:
    """A file beside `target` that is gone afterwards unless it was renamed."""
    descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.partial-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file, Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


def _head(root: str, manifest: Manifest) -> bytes:
    raw = dump_manifest(manifest)
    return entry(f"{root}/{MANIFEST}", raw) + entry(f"{root}/{SUMS}", sums_of(manifest, raw))


def _head_room(root: str, files: Sequence[PackedFile], images: tuple[Image, ...], describe: Describe) -> int:
    """Bytes in which the head fits, whatever digests and sizes turn out to be."""
    listed = [File(file.path, "f" * 64, file.size_bytes, file.mode) for file in files]
    listed.append(File(IMAGES, "f" * 64, LARGEST_SIZE, FILE_MODE))
    return padded_bound(len(_head(root, describe(tuple(listed), images))))


def _write_body(
    file: IO[bytes], root: str, files: Sequence[PackedFile], write_images: WriteImages
) -> tuple[tuple[File, ...], tuple[Image, ...]]:
    with GzipWriter(file) as packed:
        listed = [_write_file(packed.write, root, one) for one in files]
    header_at, header_room = file.tell(), padded_bound(LARGEST_HEADER_BYTES)
    file.seek(header_room, os.SEEK_CUR)
    with GzipWriter(file) as packed:
        hashed = _Hashed(packed.write)
        images = write_images(hashed.write)
        packed.write(entry_padding(hashed.size_bytes) + END_OF_ARCHIVE)
    file.seek(header_at)
    file.write(padded_member(entry_header(f"{root}/{IMAGES}", hashed.size_bytes), header_room))
    listed.append(File(IMAGES, hashed.sha256, hashed.size_bytes, FILE_MODE))
    return tuple(sorted(listed, key=lambda one: one.path)), images


def _write_file(write: Sink, root: str, file: PackedFile) -> File:
    size_bytes = file.size_bytes
    write(entry_header(f"{root}/{file.path}", size_bytes, file.mode))
    hashed = _Hashed(write)
    for chunk in file.chunks():
        hashed.write(chunk)
    if hashed.size_bytes != size_bytes:
        raise Refused(_("{file} changed while it was packed.", file=file.path))
    write(entry_padding(size_bytes))
    return File(file.path, hashed.sha256, size_bytes, file.mode)


class _Hashed:
    """Passes bytes on and knows their digest and number."""

    def __init__(self, write: Sink) -> None:
        self._write = write
        self._digest = hashlib.sha256()
        self.size_bytes = 0

    def write(self, chunk: bytes) -> None:
        self._digest.update(chunk)
        self.size_bytes += len(chunk)
        self._write(chunk)

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()


def _verified(partial: Path, name: str, console: Console) -> str:
    """Read the whole package as a site will. Raises `BadPackage`. Returns its SHA-256."""
    with partial.open("rb") as file, console.progress(_("Verifying"), partial.stat().st_size) as advance:
        reader = _Told(file, advance)
        for _member in PackageStream(reader, name).members():
            continue
        while reader.read(CHUNK_BYTES):
            continue
    return reader.sha256


class _Told(HashingReader):
    """Hashes what is read and tells how much it was."""

    def __init__(self, stream: IO[bytes], advance: Callable[[int], None]) -> None:
        super().__init__(stream)
        self._advance = advance

    def read(self, size_bytes: int = -1) -> bytes:
        chunk = super().read(size_bytes)
        self._advance(len(chunk))
        return chunk
