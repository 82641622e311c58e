"""Reads what an engine saves, and writes each layer on to images.tar as it comes by.

Layers whose name is their digest (engine 25 and newer) stream straight through; those of older engines,
and compressed ones, pass through a temporary file, one layer at a time.
"""

import hashlib
import json
import re
import tarfile
import tempfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from posixpath import dirname, join, normpath
from typing import IO

from installer.bundle.archive import entry_header, entry_padding
from installer.bundle.docker_archive import blob_path
from installer.bundle.manifest import Layer
from installer.errors import Refused
from installer.text import _

CHUNK_BYTES = 1 << 20
LARGEST_DOCUMENT_BYTES = 4 << 20
NAMED_BY_DIGEST = re.compile(r"blobs/sha256/([0-9a-f]{64})")
LEGACY_LAYER = "/layer.tar"
GZIP_MAGIC = b"\x1f\x8b"
ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
GZIP = 31  # zlib's window bits for a gzip member

Sink = Callable[[bytes], None]


@dataclass
class EngineArchive:
    """What has come out of the engine so far: small documents by path, layers by path, written ones."""

    sink: Sink
    spool: Path
    advance: Callable[[int], None]
    documents: dict[str, bytes] = field(default_factory=dict)
    layers: dict[str, Layer] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    written: set[str] = field(default_factory=set)

    def read(self, stream: IO[bytes]) -> None:
        """Take everything out of `docker save`. Raises `Refused` for layers that cannot be used."""
        with tarfile.open(fileobj=stream, mode="r|", bufsize=CHUNK_BYTES) as archive:
            for member in archive:
                if member.issym():
                    self.links[member.name] = normpath(join(dirname(member.name), member.linkname))
                elif content := archive.extractfile(member):
                    self._take(member.name, member.size, content)

    def layer(self, path: str) -> Layer | None:
        """The layer that stands at `path` of the engine's archive."""
        return self.layers.get(self.links.get(path, path))

    def _take(self, name: str, size_bytes: int, content: IO[bytes]) -> None:
        if size_bytes <= LARGEST_DOCUMENT_BYTES:
            whole = content.read()
            if _is_document(whole):
                self.documents[name] = whole
                return
            chunks: Iterator[bytes] = iter((whole,))
        else:
            chunks = iter(lambda: content.read(CHUNK_BYTES), b"")
        if name.endswith(LEGACY_LAYER) or NAMED_BY_DIGEST.fullmatch(name):
            self.layers[name] = self._take_layer(name, size_bytes, chunks)

    def _take_layer(self, name: str, size_bytes: int, chunks: Iterator[bytes]) -> Layer:
        first = next(chunks, b"")
        told = map(self._told, chain((first,), chunks))
        if first.startswith(ZSTD_MAGIC):
            raise Refused(
                _("The engine keeps layers compressed with zstd, which is not supported."),
                hint=_("Export with an engine that uses Docker's classic image store."),
            )
        if first.startswith(GZIP_MAGIC):
            return self._spooled(_inflated(told))
        named = NAMED_BY_DIGEST.fullmatch(name)
        return self._streamed(f"sha256:{named[1]}", size_bytes, told) if named else self._spooled(told)

    def _streamed(self, diff_id: str, size_bytes: int, chunks: Iterable[bytes]) -> Layer:
        """Write a layer whose digest is known, and check that it is so."""
        self.sink(entry_header(blob_path(diff_id), size_bytes))
        hashed = hashlib.sha256()
        for chunk in chunks:
            hashed.update(chunk)
            self.sink(chunk)
        self.sink(entry_padding(size_bytes))
        if f"sha256:{hashed.hexdigest()}" != diff_id:
            raise Refused(_("The engine gave out a layer that is not {digest}.", digest=diff_id))
        self.written.add(diff_id)
        return Layer(diff_id, size_bytes)

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


def _is_document(content: bytes) -> bool:
    """Whether a small file is JSON; a layer may begin like it."""
    if not content.lstrip().startswith((b"{", b"[")):
        return False
    try:
        json.loads(content)
    except ValueError:
        return False
    return True


def _inflated(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The content of a gzip file of any number of members."""
    inflater = zlib.decompressobj(GZIP)
    for chunk in chunks:
        waiting = chunk
        while waiting:
            yield inflater.decompress(waiting, CHUNK_BYTES)
            waiting = inflater.unconsumed_tail
            if inflater.eof:
                waiting, inflater = inflater.unused_data, zlib.decompressobj(GZIP)
