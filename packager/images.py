"""Turns the engine's stream of saved images into images.tar: each layer once, hashed, proven complete.

Constant memory. Layers whose name is their digest (engine 25 and newer) stream straight through; those of
older engines, and compressed ones, pass through a temporary file, one layer at a time.
"""

import hashlib
import json
import re
import tarfile
import tempfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO

from installer.bundle.archive import END_OF_ARCHIVE, entry, entry_header, entry_padding
from installer.bundle.docker_archive import blob_path, digest, full_name, metadata, platform_of
from installer.bundle.manifest import Image, Layer
from installer.errors import Refused
from installer.text import _

CHUNK_BYTES = 1 << 20
LARGEST_DOCUMENT_BYTES = 4 << 20
NAMED_BY_DIGEST = re.compile(r"blobs/sha256/([0-9a-f]{64})")
GZIP_MAGIC = b"\x1f\x8b"
ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"

Sink = Callable[[bytes], None]


@dataclass(frozen=True)
class WantedImage:
    """An image of the plan. `saved_as` is the reference for the engine, `id` the name the engine gave it."""

    reference: str
    saved_as: str
    id: str


def write_images(
    stream: IO[bytes], wanted: Sequence[WantedImage], sink: Sink, spool: Path, advance: Callable[[int], None]
) -> tuple[Image, ...]:
    """Read `docker save` from `stream`, write images.tar to `sink`, and say which images are in it.

    `spool` is a folder for one layer at a time. Raises `Refused` when the engine left something out.
    """
    saved = _Saved(sink, spool, advance)
    with tarfile.open(fileobj=stream, mode="r|", bufsize=CHUNK_BYTES) as archive:
        for member in archive:
            saved.take(archive, member)
    images = [_image(one, saved) for one in wanted]
    for blob in metadata(images):
        sink(entry(blob.path, blob.content))
    sink(END_OF_ARCHIVE)
    return tuple(image for image, _config in images)


@dataclass
class _Saved:
    """What has come out of the engine so far."""

    sink: Sink
    spool: Path
    advance: Callable[[int], None]
    documents: dict[str, bytes] = field(default_factory=dict)
    layers: dict[str, Layer] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    written: set[str] = field(default_factory=set)

    def take(self, archive: tarfile.TarFile, member: tarfile.TarInfo) -> None:
        """Keep a document, write a layer, remember a link; all else is passed over."""
        if member.issym() or member.islnk():
            folder = PurePosixPath(member.name).parent if member.issym() else PurePosixPath()
            self.links[member.name] = _normal(folder / member.linkname)
        elif content := archive.extractfile(member):
            self._take_file(member, content)

    def layer(self, path: str) -> Layer | None:
        """The layer that stands at `path` of the engine's archive."""
        return self.layers.get(self.links.get(path, path))

    def _take_file(self, member: tarfile.TarInfo, content: IO[bytes]) -> None:
        first = content.read(min(CHUNK_BYTES, LARGEST_DOCUMENT_BYTES))
        if member.name.endswith(".json") or (
            member.size <= LARGEST_DOCUMENT_BYTES and first.lstrip().startswith((b"{", b"["))
        ):
            self.documents[member.name] = first + content.read()
        elif member.name.endswith("/layer.tar") or NAMED_BY_DIGEST.fullmatch(member.name):
            self.layers[member.name] = self._take_layer(member, _chunks(first, content))

    def _take_layer(self, member: tarfile.TarInfo, chunks: Iterator[bytes]) -> Layer:
        first = next(chunks, b"")
        told = (self._told(chunk) for chunk in _again(first, chunks))
        if first.startswith(ZSTD_MAGIC):
            raise Refused(
                _("The engine keeps layers compressed with zstd, which is not supported."),
                hint=_("Export with an engine that uses Docker's classic image store."),
            )
        if first.startswith(GZIP_MAGIC):
            return self._spooled(_inflated(told))
        named = NAMED_BY_DIGEST.fullmatch(member.name)
        return self._streamed(f"sha256:{named[1]}", member.size, told) if named else self._spooled(told)

    def _streamed(self, name: str, size_bytes: int, chunks: Iterable[bytes]) -> Layer:
        """Write a layer whose digest is known by its name, and check that it is so."""
        self.sink(entry_header(blob_path(name), size_bytes))
        hashed = hashlib.sha256()
        for chunk in chunks:
            hashed.update(chunk)
            self.sink(chunk)
        self.sink(entry_padding(size_bytes))
        if f"sha256:{hashed.hexdigest()}" != name:
            raise Refused(_("The engine gave out a layer that is not {digest}.", digest=name))
        self.written.add(name)
        return Layer(name, size_bytes)

    def _spooled(self, chunks: Iterable[bytes]) -> Layer:
        """Write a layer whose digest or size is known only after reading it."""
        with tempfile.TemporaryFile(dir=self.spool) as file:
            hashed = hashlib.sha256()
            for chunk in chunks:
                hashed.update(chunk)
                file.write(chunk)
            layer = Layer(f"sha256:{hashed.hexdigest()}", file.tell())
            if layer.diff_id not in self.written:
                file.seek(0)
                self._streamed(layer.diff_id, layer.size_bytes, iter(lambda: file.read(CHUNK_BYTES), b""))
        return layer

    def _told(self, chunk: bytes) -> bytes:
        self.advance(len(chunk))
        return chunk


def _image(wanted: WantedImage, saved: _Saved) -> tuple[Image, bytes]:
    """The image and its config, every layer of the config found. Raises `Refused`."""
    listed = json.loads(saved.documents.get("manifest.json", b"[]"))
    entry_ = next((one for one in listed if _is_wanted(wanted, one, saved)), None)
    if entry_ is None:
        raise Refused(_("The engine left the image {image} out when saving.", image=wanted.reference))
    config = saved.documents[entry_["Config"]]
    described = json.loads(config)
    layers = tuple(layer for path in entry_["Layers"] if (layer := saved.layer(path)))
    missing = [d for d in described["rootfs"]["diff_ids"] if d not in {layer.diff_id for layer in layers}]
    if missing or len(layers) != len(described["rootfs"]["diff_ids"]):
        raise Refused(
            _("The engine left layers of the image {image} out when saving.", image=wanted.reference),
            details=missing,
            hint=_("Update the engine, or pull and build the images again."),
        )
    return Image(wanted.reference, digest(config), platform_of(described), layers), config


def _is_wanted(wanted: WantedImage, listed: dict[str, list[str] | None], saved: _Saved) -> bool:
    names = [full_name(name) for name in listed.get("RepoTags") or ()]
    config = saved.documents.get(str(listed["Config"]), b"")
    return full_name(wanted.saved_as) in names or digest(config) == wanted.id


def _normal(path: PurePosixPath) -> str:
    parts: list[str] = []
    for part in path.parts:
        if part == ".." and parts:
            parts.pop()
        else:
            parts.append(part)
    return "/".join(parts)


def _chunks(first: bytes, content: IO[bytes]) -> Iterator[bytes]:
    yield first
    yield from iter(lambda: content.read(CHUNK_BYTES), b"")


def _again(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def _inflated(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The content of a gzip file of any number of members."""
    inflater = zlib.decompressobj(31)
    for chunk in chunks:
        waiting = chunk
        while waiting:
            yield inflater.decompress(waiting, CHUNK_BYTES)
            waiting = inflater.unconsumed_tail
            if inflater.eof:
                waiting, inflater = inflater.unused_data, zlib.decompressobj(31)
