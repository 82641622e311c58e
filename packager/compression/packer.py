"""Compresses a package: its members are recorded, and used again in later packages.

Each block is verified by the thread that packed it.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from installer.system.block_packer import BlockPacker, Writable
from packager.compression.codec import Codec


class Packer(BlockPacker):
    """A packer of blocks with `codec`."""

    def __init__(self, file: Writable, codec: Codec, threads: int | None = None) -> None:
        super().__init__(file, codec.pack, codec.block_bytes, threads)
        self.codec = codec
        self._record: Writable | None = None

    def write_packed(self, packed: bytes) -> None:
        """Writes a member that such a packer made earlier; call `boundary` first."""
        self._write_until(0)
        self._put(packed)

    @contextmanager
    def recording(self, file: Writable) -> Iterator[None]:
        """Also writes the members made in the body to `file`, one at a time, with boundaries at both ends."""
        self._finish()
        self._record = file
        try:
            yield
            self._finish()
        finally:
            self._record = None

    def _put(self, packed: bytes) -> None:
        super()._put(packed)
        if self._record:
            self._record.write(packed)
