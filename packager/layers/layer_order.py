"""Orders layers: images.tar has them in the order of their diff IDs, in whichever order they arrive.

The same images therefore give the same bytes with any engine and any cache. Engines from 25 on send the
layers of the classic store in this order: these are written without waiting.
"""

from collections import deque
from collections.abc import Collection, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from types import TracebackType

from installer.bundle.manifest.manifest import Layer
from packager.layers.cached_layer import CachedLayer
from packager.layers.decompressed import Decompress
from packager.layers.layer_entry import LayerWriter, expect_digest, proven
from packager.layers.spooled_layer import SpooledLayer, spooled


class LayerOrder:
    """The expected layers, and how many of them are written. A context that closes waiting layers."""

    def __init__(
        self,
        writer: LayerWriter,
        folder: Path,
        expected: Collection[str],
        *,
        cached: Mapping[str, CachedLayer],
        leave_out: Collection[str] = (),
    ) -> None:
        """Keeps layers in `folder` until their turn; layers to `leave_out` are only read and verified."""
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
        """Writes the available layers whose turn has come."""
        while self._turns and (held := self._held.pop(self._turns[-1], None)):
            with closing(held):
                if isinstance(held, SpooledLayer):
                    self._writer.write(held.layer, held.chunks())
                else:
                    self._writer.write_cached(held)
            self._turns.pop()

    def has(self, diff_id: str) -> bool:
        """Returns whether this layer has arrived."""
        return diff_id in self._there

    def expects(self, diff_id: str) -> bool:
        """Returns whether an image has this layer."""
        return diff_id in self._expected

    def take(self, diff_id: str, size_bytes: int, chunks: Iterator[bytes]) -> None:
        """Takes an expected layer that is named by its diff ID. Raises `Refused` if it is another layer."""
        if self.has(diff_id):
            return
        if diff_id in self._leave_out:
            deque(proven(chunks, diff_id), maxlen=0)  # only verified
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
        """Takes a layer whose diff ID is not known yet; drops it if no image has it.

        Raises `Damaged` if it cannot be decompressed.
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
        """Writes the layers that wait for missing ones. Returns all layers that arrived, by diff ID."""
        while self._turns:
            if self._turns[-1] not in self._held:
                self._turns.pop()
            self.write_ready()
        return self._there
