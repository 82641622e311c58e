"""Writes the entry of one layer into images.tar, and proves that it is the layer it is called."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from installer.bundle.archive import BLOCK_BYTES, entry_header, entry_padding
from installer.bundle.docker_archive import blob_path
from installer.bundle.manifest import Layer
from installer.errors import Refused
from installer.text import _
from packager.cached_layer import CachedLayer
from packager.images_sink import ImagesSink
from packager.layer_cache import LayerCache


@dataclass(frozen=True)
class LayerWriter:
    """Writes layers to `sink`; with a `cache` it also keeps them there, packed."""

    sink: ImagesSink
    advance: Callable[[int], None]
    cache: LayerCache | None = None

    def write(self, layer: Layer, chunks: Iterable[bytes]) -> None:
        """Write a layer with this content. Raises `Refused` when its digest is another."""
        if self.cache is None:
            self.sink.boundary()
            self._write(layer, chunks)
            self.sink.boundary()
        else:
            with self.cache.keeping(layer) as file, self.sink.recording(file):
                self._write(layer, chunks)

    def write_cached(self, layer: CachedLayer) -> None:
        """Write a layer as it was packed before. Raises `Refused`, and forgets it, when it is another."""
        proof = _Proof(layer.layer, self.advance)
        try:
            self.sink.reuse(layer.members(), proof.take)
            is_proven = proof.holds()
        except ValueError:
            is_proven = False
        if not is_proven:
            layer.forget()
            raise Refused(
                _("{path} is not the layer that its name says.", path=layer.path),
                hint=_("It has been removed from the cache. Run the export again."),
            )

    def _write(self, layer: Layer, chunks: Iterable[bytes]) -> None:
        self.sink.write(_header(layer))
        self.sink.boundary()  # the content then is packed as it comes, and not copied into other blocks
        digest = hashlib.sha256()
        for chunk in chunks:
            digest.update(chunk)
            self.sink.write(chunk)
        self.sink.write(entry_padding(layer.size_bytes))
        expect_digest(layer.diff_id, f"sha256:{digest.hexdigest()}")


def expect_digest(wanted: str, found: str) -> None:
    """Raise `Refused` unless the digest of a layer is the one that it is called by."""
    if found != wanted:
        raise Refused(_("The engine gave out a layer that is not {digest}.", digest=wanted))


class _Proof:
    """Sees the bytes of an entry and judges whether they are header, content and padding of `layer`."""

    def __init__(self, layer: Layer, advance: Callable[[int], None]) -> None:
        self._layer = layer
        self._advance = advance
        self._missing_header = _header(layer)
        self._digest = hashlib.sha256()
        self._left = layer.size_bytes
        self._is_wrong = False
        self._rest = b""

    def take(self, content: bytes | bytearray) -> None:
        """See the next bytes."""
        view = memoryview(content)
        header, view = view[: len(self._missing_header)], view[len(self._missing_header) :]
        body, rest = view[: self._left], view[self._left :]
        self._is_wrong |= not self._missing_header.startswith(header)
        self._missing_header = self._missing_header[len(header) :]
        self._digest.update(body)
        self._left -= len(body)
        self._rest += bytes(rest[:BLOCK_BYTES])
        self._advance(len(body))

    def holds(self) -> bool:
        """Whether all bytes were seen, and all were right."""
        is_whole = not self._missing_header and not self._left
        is_right = not self._is_wrong and self._rest == entry_padding(self._layer.size_bytes)
        return is_whole and is_right and f"sha256:{self._digest.hexdigest()}" == self._layer.diff_id


def _header(layer: Layer) -> bytes:
    return entry_header(blob_path(layer.diff_id), layer.size_bytes)
