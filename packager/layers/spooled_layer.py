"""Keeps a layer whose turn has not come in a temporary file, as the engine sent it.

This cannot be avoided: engines before 25 send layers, and all engines send compressed layers, in an order of
their own, and their digests are known only after they were read.
"""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from installer.bundle.archive.checksums import CHUNK_BYTES, Tally
from installer.bundle.manifest.manifest import Layer
from packager.layers.decompressed import Decompress


@dataclass(frozen=True)
class SpooledLayer:
    """A waiting layer. `layer` describes the uncompressed content."""

    layer: Layer
    _file: IO[bytes]
    _decompress: Decompress | None

    def chunks(self) -> Iterator[bytes]:
        """Returns the content of the layer in chunks."""
        self._file.seek(0)
        sent = iter(lambda: self._file.read(CHUNK_BYTES), b"")
        return self._decompress(sent) if self._decompress else sent

    def close(self) -> None:
        """Deletes the temporary file."""
        self._file.close()


def spooled(chunks: Iterator[bytes], folder: Path, decompress: Decompress | None = None) -> SpooledLayer:
    """Keeps a layer in an unnamed file in `folder`. Raises `Damaged` if it cannot be decompressed."""
    tally = Tally()
    file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115
    try:
        kept = _kept(chunks, file)
        for chunk in decompress(kept) if decompress else kept:
            tally.count(chunk)
    except BaseException:
        file.close()
        raise
    return SpooledLayer(Layer(f"sha256:{tally.sha256}", tally.size_bytes), file, decompress)


def _kept(chunks: Iterator[bytes], file: IO[bytes]) -> Iterator[bytes]:
    for chunk in chunks:
        file.write(chunk)
        yield chunk
