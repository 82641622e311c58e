"""Reads a package once: its small files, then the layers of its images.tar one after another."""

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from installer.bundle.archive.gzip_stream import Damaged
from installer.bundle.archive.tar_stream import TarStream
from installer.bundle.images.docker_archive import blob_path
from installer.bundle.layout import IMAGES
from installer.bundle.manifest.manifest import Layer
from installer.bundle.package_stream import Member, PackageStream
from installer.errors import BadPackage
from installer.text import _

LARGEST_CONFIG_BYTES = 4 << 20


@dataclass(frozen=True)
class PassingLayer:
    """A layer in a stream; `chunks` must be read to the end, which verifies it, before the next layer."""

    layer: Layer
    chunks: Iterator[bytes]


class PackageLayers:
    """A package being read. Read `small_files` first, then `layers`; after these `configs` is complete.

    `is_bad` is set if this package itself was found damaged.
    """

    def __init__(self, stream: PackageStream, name: str) -> None:
        self.configs: dict[str, bytes] = {}
        self.is_bad = False
        self._stream = stream
        self._name = name
        self._members = self._proven_members()
        self._images: Member | None = None

    def small_files(self) -> Iterator[Member]:
        """Yields all files before images.tar, which must be the last one. Raises `BadPackage`."""
        for member in self._members:
            if member.path == IMAGES:
                self._images = member
                break
            yield member
        if self._stream.problems or self._stream.awaited():
            self._prove()
            raise self._bad(_("{file} is not the last file", file=IMAGES))

    def layers(self, wanted: Collection[str], configs: Collection[str]) -> Iterator[PassingLayer]:
        """Yields the layers `wanted`, in the order of the package; keeps the `configs` with these IDs.

        Raises `BadPackage` at the end unless the whole package was verified.
        """
        missing = {*wanted, *configs}
        try:
            yield from self._passing(wanted, configs, missing)
        except Damaged as problem:
            self._prove()
            raise self._bad(f"{IMAGES}: {problem}") from problem
        self._prove()
        if missing:
            raise self._bad(*(_("{file} lacks {digest}", file=IMAGES, digest=one) for one in sorted(missing)))

    def _passing(
        self, wanted: Collection[str], configs: Collection[str], missing: set[str]
    ) -> Iterator[PassingLayer]:
        tar = TarStream(_Content(self._images))
        paths = {blob_path(digest): digest for digest in missing}
        while entry := tar.next_entry():
            digest = paths.pop(entry.path, "")
            if digest in wanted:
                yield PassingLayer(Layer(digest, entry.size_bytes), self._proven(digest, tar))
            elif digest in configs and entry.size_bytes <= LARGEST_CONFIG_BYTES:
                self.configs[digest] = b"".join(tar.content())
            missing.discard(digest)

    def _proven(self, diff_id: str, tar: TarStream) -> Iterator[bytes]:
        digest = hashlib.sha256()
        for chunk in tar.content():
            digest.update(chunk)
            yield bytes(chunk)
        if f"sha256:{digest.hexdigest()}" != diff_id:
            raise self._bad(_("the layer {digest} is damaged or altered", digest=diff_id))

    def _proven_members(self) -> Iterator[Member]:
        try:
            yield from self._stream.members()
        except BadPackage:
            self.is_bad = True
            raise

    def _prove(self) -> None:
        """Reads the rest of the package. Raises `BadPackage` with all problems."""
        for _member in self._members:
            continue

    def _bad(self, *problems: str) -> BadPackage:
        self.is_bad = True
        return BadPackage(_("{file} is damaged or altered.", file=self._name), details=problems)


class _Content:
    """The content of a file of a package as a stream of chunks."""

    def __init__(self, member: Member | None) -> None:
        self._chunks = member.content if member else iter(())

    def read_some(self) -> bytes | memoryview:
        return next(self._chunks, b"")
