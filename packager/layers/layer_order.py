"""Which layer is written next: they stand in images.tar in the order of their diff IDs, however they come.

So the same images give the same bytes, whatever engine saves them and whatever a cache has. Engines from 25
on send the layers of the classic store in this very order: those go straight through.
"""

import hashlib
from collections.abc import Collection, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from types import TracebackType

from installer.bundle.manifest.manifest import Layer
from packager.layers.cached_layer import CachedLayer
from packager.layers.decompressed import Decompress
from packager.layers.layer_entry import LayerWriter, expect_digest
from packager.layers.spooled_layer import SpooledLayer, spooled


class LayerOrder:
    """The layers that are expected, and how far their writing has come. A context that ends them."""

    def __init__(
        self,
        writer: LayerWriter,
        folder: Path,
        expected: Collection[str],
        *,
        cached: Mapping[str, CachedLayer],
        leave_out: Collection[str] = (),
    ) -> None:
        """Layers wait in `folder` for their turn. Those to `leave_out` are read and proven, not written."""
        self._writer = writer
        self._folder = folder
        self._expected = frozenset(expected)
        self._leave_out = frozenset(leave_out)
        self._turns = sorted(self._expected - self._leave_out, reverse=True)
        self._held: dict[str, SpooledLayer | CachedLayer] = dict(cached)
        self._there = {diff_id: one.layer for diff_id, one in cached.items()}

    def __enter__(self) -> "LayerOrder":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        for layer in self._held.values():
            layer.close()

    def write_ready(self) -> None:
        """Write what is there and whose turn has come."""
        while self._turns and (held := self._held.pop(self._turns[-1], None)):
            with closing(held):
                if isinstance(held, SpooledLayer):
                    self._writer.write(held.layer, held.chunks())
                else:
                    self._writer.write_cached(held)
            self._turns.pop()

    def has(self, diff_id: str) -> bool:
        """Whether this layer has come."""
        return diff_id in self._there

    def expects(self, diff_id: str) -> bool:
        """Whether an image has this layer."""
        return diff_id in self._expected

    def take(self, diff_id: str, size_bytes: int, chunks: Iterator[bytes]) -> None:
        """Take a layer that is expected and names its diff ID. Raises `Refused` when it is another."""
        if self.has(diff_id):
            return
        if diff_id in self._leave_out:
            expect_digest(diff_id, _sha256(chunks))
        elif diff_id == self._turns[-1]:
            self._writer.write(Layer(diff_id, size_bytes), chunks)
            self._turns.pop()
        else:
            held = spooled(chunks, self._folder)
            self._held[diff_id] = held
            expect_digest(diff_id, held.layer.diff_id)
        self._there[diff_id] = Layer(diff_id, size_bytes)
        self.write_ready()

    def take_unnamed(self, chunks: Iterator[bytes], decompress: Decompress | None = None) -> None:
        """Take a layer whose diff ID nobody knows yet; one that no image has is dropped.

        Raises `Damaged` when it cannot be decompressed.
        """
        held = spooled(chunks, self._folder, decompress)
        diff_id = held.layer.diff_id
        if diff_id in self._turns and diff_id not in self._there:
            self._held[diff_id] = held
        else:
            held.close()
        if self.expects(diff_id):
            self._there[diff_id] = held.layer
        self.write_ready()

    def finish(self) -> Mapping[str, Layer]:
        """Write what still waits for layers that never came. Returns all that came, by diff ID."""
        while self._turns:
            if self._turns[-1] not in self._held:
                self._turns.pop()
            self.write_ready()
        return self._there


def _sha256(chunks: Iterator[bytes]) -> str:
    digest = hashlib.sha256()
    for chunk in chunks:
        digest.update(chunk)
    return f"sha256:{digest.hexdigest()}"
