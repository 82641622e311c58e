"""Builds the archives that an engine loads while images.tar is read: only what it lacks, and verified.

The tables of contents come last. An engine registers nothing before it has them, so layers can be sent as
they are read, and still nothing is registered from a package that turns out to be damaged.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from installer.bundle.archive.gzip_stream import Damaged
from installer.bundle.archive.tar_entries import END_OF_ARCHIVE, entry, entry_header, entry_padding
from installer.bundle.archive.tar_stream import Blocks, Entry, TarStream
from installer.bundle.expected_files import absent
from installer.bundle.images.docker_archive import BLOB, blob_path, metadata
from installer.bundle.layout import IMAGES, shown
from installer.bundle.manifest.manifest import Image
from installer.errors import BadPackage
from installer.text import _

LARGEST_CONFIG_BYTES = 4 << 20

Prove = Callable[[], None]
"""Reads the rest of the package. Raises `BadPackage` unless all of it is valid."""

Piece = tuple[int, bytes | memoryview]
"""The number of an archive, counted from 0, and its next bytes."""


@dataclass(frozen=True)
class Selection:
    """What an engine lacks: images, and the diff IDs of those of their layers to send."""

    images: tuple[Image, ...]
    layers: frozenset[str]

    @property
    def layers_bytes(self) -> int:
        """Returns the total size of the layers, each counted once."""
        return sum(size for diff_id, size in layer_sizes(self.images).items() if diff_id in self.layers)


def layer_sizes(images: Iterable[Image]) -> dict[str, int]:
    """Returns the size of each layer of `images`, by its diff ID."""
    return {layer.diff_id: layer.size_bytes for image in images for layer in image.layers}


def load_stream(images_tar: Blocks, loads: Sequence[Selection], prove: Prove) -> Iterator[Piece]:
    """Yields an archive for `docker load` for each of `loads`, interleaved in pieces.

    Layers are yielded as they are read. The tables of contents follow only after every selected blob has
    matched its digest and `prove` has returned; otherwise raises `BadPackage`.
    """
    passing = _Passing(loads)
    try:
        yield from passing.layers(TarStream(images_tar))
    except Damaged as problem:
        passing.problems.append(_("it is damaged: {problem}", problem=problem))
    prove()
    _refuse(passing.all_problems())
    for number, load in enumerate(loads):
        yield from ((number, table) for table in _tables(load.images, passing.configs))


def expect_images(images_tar: Blocks, selection: Selection, prove: Prove) -> None:
    """Reads `images_tar` like `load_stream`, without an engine. Raises `BadPackage` unless it is valid."""
    for _piece in load_stream(images_tar, [selection], prove):
        continue


@dataclass
class _Passing:
    """The parts of images.tar read so far."""

    loads: Sequence[Selection]
    configs: dict[str, bytes] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    problems: list[str] = field(default_factory=list)

    def layers(self, archive: TarStream) -> Iterator[Piece]:
        """Yields the selected layers as entries of the archives. Stops at the first problem."""
        sizes = layer_sizes(self._images)
        wanted = {image.id for image in self._images}
        while not self.problems and (found := archive.next_entry()):
            blob = BLOB.fullmatch(found.path)
            digest = f"sha256:{blob[1]}" if blob and found.is_file else ""
            takers = [number for number, load in enumerate(self.loads) if digest in load.layers]
            if takers:
                content = self._layer(archive, found, digest, sizes[digest])
                yield from ((number, chunk) for chunk in content for number in takers)
            elif digest in wanted and found.size_bytes <= LARGEST_CONFIG_BYTES:
                self.configs[digest] = b"".join(archive.content())

    def _layer(
        self, archive: TarStream, found: Entry, diff_id: str, size_bytes: int
    ) -> Iterator[bytes | memoryview]:
        if diff_id in self.seen or found.size_bytes != size_bytes:
            self.problems.append(_("{digest} appears twice, or its size differs", digest=diff_id))
            return
        self.seen.add(diff_id)
        hashed = hashlib.sha256()
        yield entry_header(blob_path(diff_id), size_bytes)
        for chunk in archive.content():
            hashed.update(chunk)
            yield chunk
        yield entry_padding(size_bytes)
        if f"sha256:{hashed.hexdigest()}" != diff_id:
            self.problems.append(_("the layer {digest} is damaged or altered", digest=diff_id))

    def all_problems(self) -> list[str]:
        """Returns the problems found, or else the missing blobs."""
        lacking = [digest for load in self.loads for digest in load.layers - self.seen]
        lacking += [image.id for image in self._images if image.id not in self.configs]
        return self.problems or [f"{shown(digest)}: {absent()}" for digest in sorted(set(lacking))]

    @property
    def _images(self) -> list[Image]:
        return [image for load in self.loads for image in load.images]


def _refuse(problems: Sequence[str]) -> None:
    if problems:
        raise BadPackage(
            _("{file} does not contain the images that the manifest lists.", file=IMAGES),
            details=problems,
            hint=_("Ask the vendor for a new package: this one was built incorrectly."),
        )


def _tables(images: Sequence[Image], configs: dict[str, bytes]) -> Iterator[bytes]:
    """Yields the configs and tables of contents of these images, and the end of the archive."""
    blobs = metadata([(image, configs[image.id]) for image in images])
    yield from (entry(blob.path, blob.content) for blob in blobs)
    yield END_OF_ARCHIVE
