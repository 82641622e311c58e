"""The file of one layer in a cache: a head of one block, then the packed members of its entry in images.tar.

The head is a JSON object filled up with blanks: which layer it is, and size and CRC-32 of all that follows (a
disk errs, it does not deceive). Each member stands behind its size in bytes, a little-endian number of four.
"""

import json
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from installer.bundle.archive.checksums import CHUNK_BYTES
from installer.bundle.manifest.manifest import Layer
from packager.disk.read_back import Stretch

HEAD_BYTES = 512
SIZE_BYTES = 4
PARTIAL = ".partial-"


@dataclass(frozen=True)
class CachedLayer:
    """A packed layer that has been read and found whole."""

    layer: Layer
    path: Path
    _file: IO[bytes]

    def members(self) -> Iterator[bytes]:
        """Its members, to be read once."""
        while size := self._file.read(SIZE_BYTES):
            yield self._file.read(int.from_bytes(size, "little"))

    def close(self) -> None:
        """Let the file go."""
        self._file.close()

    def forget(self) -> None:
        """Remove it from the cache."""
        with suppress(OSError):
            self.path.unlink()


def read_layer(path: Path, diff_id: str) -> CachedLayer | None:
    """The layer in a file, which counts as used now; None when it is damaged or another's.

    Raises `OSError`.
    """
    file = path.open("rb")
    try:
        layer = _described(file)
        if layer is None or layer.diff_id != diff_id:
            file.close()
            return None
        os.utime(path)
        file.seek(HEAD_BYTES)
        return CachedLayer(layer, path, file)
    except OSError:
        file.close()
        raise


class LayerRecorder:
    """Takes the packed members of a layer and keeps them. An obstacle is told, and ends only the keeping."""

    def __init__(self, folder: Path, tell: Callable[[OSError], None]) -> None:
        self._folder = folder
        self._tell = tell
        self._members = Stretch()
        self._file: IO[bytes] | None = None
        self._attempt(self._open)

    def write(self, packed: bytes) -> None:
        """Take the next member."""
        self._attempt(lambda: self._write(packed))

    def keep(self, layer: Layer) -> None:
        """What was taken is the whole entry of `layer`."""
        self._attempt(lambda: self._name(layer))
        self.drop()

    def drop(self) -> None:
        """Leave nothing of what has not been kept."""
        if self._file is not None:
            with suppress(OSError):
                self._file.close()
            with suppress(OSError):
                Path(self._file.name).unlink(missing_ok=True)
        self._file = None

    def _open(self) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._file = tempfile.NamedTemporaryFile(dir=self._folder, prefix=PARTIAL, delete=False)  # noqa: SIM115
        self._file.write(bytes(HEAD_BYTES))

    def _write(self, packed: bytes) -> None:
        if self._file is not None:
            sized = len(packed).to_bytes(SIZE_BYTES, "little") + packed
            self._file.write(sized)
            self._members = self._members.with_more(sized)

    def _name(self, layer: Layer) -> None:
        if self._file is not None:
            self._file.seek(0)
            self._file.write(_head(layer, self._members))
            self._file.close()
            Path(self._file.name).replace(entry_path(self._folder, layer.diff_id))

    def _attempt(self, act: Callable[[], object]) -> None:
        try:
            act()
        except OSError as obstacle:
            self.drop()
            self._tell(obstacle)


def entry_path(folder: Path, digest: str) -> Path:
    """Where an entry of the digest `sha256:<hex>` stands."""
    return folder / digest.removeprefix("sha256:")


def _head(layer: Layer, members: Stretch) -> bytes:
    head = {
        "diff_id": layer.diff_id,
        "size_bytes": layer.size_bytes,
        "members_bytes": members.size_bytes,
        "members_crc32": members.crc32,
    }
    return json.dumps(head).encode().ljust(HEAD_BYTES - 1) + b"\n"


def _described(file: IO[bytes]) -> Layer | None:
    """The layer that the file describes, None when its members are not what its head says."""
    try:
        raw = file.read(HEAD_BYTES)
        head = json.loads(raw)
        layer = Layer(str(head["diff_id"]), int(head["size_bytes"]))
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    members = Stretch()
    while chunk := file.read(CHUNK_BYTES):
        members = members.with_more(chunk)
    return layer if _head(layer, members) == raw else None
