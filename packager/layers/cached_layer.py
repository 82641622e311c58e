"""Reads and writes the file of one cached layer: a head of one block, then the packed members of its entry.

The head is a JSON object padded with blanks: the layer, and size and CRC-32 of everything after it (a disk
makes errors, it does not forge data). Before each member stands its size in bytes, a little-endian number of
four bytes.
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
    """A packed layer that was read and found complete."""

    layer: Layer
    path: Path
    _file: IO[bytes]

    def members(self) -> Iterator[bytes]:
        """Yields its members; can be read once."""
        while size := self._file.read(SIZE_BYTES):
            yield self._file.read(int.from_bytes(size, "little"))

    def close(self) -> None:
        """Closes the file."""
        self._file.close()

    def forget(self) -> None:
        """Removes the layer from the cache."""
        with suppress(OSError):
            self.path.unlink()


def read_layer(path: Path, diff_id: str) -> CachedLayer | None:
    """Returns the layer in a file and marks it as used now; None if it is damaged or another layer.

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
    """Takes the packed members of a layer and keeps them. An error is reported and only ends the caching."""

    def __init__(self, folder: Path, report: Callable[[OSError], None]) -> None:
        self._folder = folder
        self._report = report
        self._members = Stretch()
        self._file: IO[bytes] | None = None
        self._attempt(self._open)

    def write(self, packed: bytes) -> None:
        """Takes the next member."""
        self._attempt(lambda: self._write(packed))

    def keep(self, layer: Layer) -> None:
        """Keeps the members taken, which are the whole entry of `layer`."""
        self._attempt(lambda: self._name(layer))
        self.drop()

    def drop(self) -> None:
        """Deletes everything that was not kept."""
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
            self._report(obstacle)


def entry_path(folder: Path, digest: str) -> Path:
    """Returns the path of an entry with the digest `sha256:<hex>`."""
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
    """Returns the layer that the file describes; None if its members do not match its head."""
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
