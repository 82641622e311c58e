"""Writes the entry of one layer into images.tar and verifies the layer's digest.

A layer from the cache was verified when it was packed.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from installer.bundle.archive.tar_entries import entry_header, entry_padding
from installer.bundle.images.docker_archive import blob_path
from installer.bundle.manifest.manifest import Layer
from installer.errors import Refused
from installer.text import _
from packager.layers.cached_layer import CachedLayer
from packager.layers.images_sink import ImagesSink
from packager.layers.layer_cache import LayerCache


@dataclass(frozen=True)
class LayerWriter:
    """Writes layers to `sink`; with a `cache` it also keeps them there, packed."""

    sink: ImagesSink
    advance: Callable[[int], None]
    cache: LayerCache | None = None

    def write(self, layer: Layer, chunks: Iterable[bytes]) -> None:
        """Writes a layer with this content. Raises `Refused` if its digest is different."""
        if self.cache is None:
            self.sink.boundary()
            self._write(layer, chunks)
            self.sink.boundary()
        else:
            with self.cache.keeping(layer) as file, self.sink.recording(file):
                self._write(layer, chunks)

    def write_cached(self, layer: CachedLayer) -> None:
        """Writes a layer as packed before. Raises `Refused`, and drops it from the cache, if it changed."""
        around = len(_header(layer.layer)) + len(entry_padding(layer.layer.size_bytes))
        try:
            self.sink.reuse(layer.members(), layer.layer.size_bytes + around)
        except ValueError as damaged:
            layer.forget()
            raise Refused(
                _("{path} changed while it was being read.", path=layer.path),
                hint=_("Run the export again; the layer was removed from the cache."),
            ) from damaged
        self.advance(layer.layer.size_bytes)

    def _write(self, layer: Layer, chunks: Iterable[bytes]) -> None:
        self.sink.write(_header(layer))
        self.sink.boundary()  # the bytes of every package depend on it
        for chunk in proven(chunks, layer.diff_id):
            self.sink.write(chunk)
        self.sink.write(entry_padding(layer.size_bytes))


def proven(chunks: Iterable[bytes], diff_id: str) -> Iterator[bytes]:
    """Yields the chunks of a layer. Raises `Refused` at the end unless they have this digest."""
    digest = hashlib.sha256()
    for chunk in chunks:
        digest.update(chunk)
        yield chunk
    expect_digest(diff_id, f"sha256:{digest.hexdigest()}")


def expect_digest(wanted: str, found: str) -> None:
    """Raises `Refused` unless the digest of a layer is the expected one."""
    if found != wanted:
        raise Refused(_("The engine returned a layer whose digest is not {digest}.", digest=wanted))


def _header(layer: Layer) -> bytes:
    return entry_header(blob_path(layer.diff_id), layer.size_bytes)
