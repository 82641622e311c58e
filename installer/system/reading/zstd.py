"""Decompresses zstd with the first available of: Python 3.14, the program `zstd`, the library `zstandard`."""

import importlib
import importlib.util
import shutil
from typing import Any, cast

from installer.bundle.archive.checksums import CHUNK_BYTES, Readable
from installer.bundle.archive.gzip_stream import broken, too_early
from installer.bundle.archive.tar_stream import Blocks
from installer.errors import Refused
from installer.system.reading.zstd_program import INPUT_BYTES, PROGRAM, ProgramBlocks
from installer.text import _

STANDARD_LIBRARY, LIBRARY = "compression.zstd", "zstandard"


class Unzstd:
    """A context that creates decompressing streams, and ends their programs afterwards."""

    def __init__(self) -> None:
        self._programs: list[ProgramBlocks] = []

    def __enter__(self) -> "Unzstd":
        return self

    def __exit__(self, *_problem: object) -> None:
        for program in self._programs:
            program.close()

    def __call__(self, compressed: Readable) -> Blocks:
        """Returns the content of a zstd stream. Raises `Refused` without any decompressor."""
        if _has_module(STANDARD_LIBRARY):
            return StandardBlocks(compressed)
        if shutil.which(PROGRAM):
            self._programs.append(ProgramBlocks(compressed))
            return self._programs[-1]
        if _has_module(LIBRARY):
            return LibraryBlocks(compressed)
        raise Refused(
            _("The package is compressed with zstd, which this machine cannot decompress."),
            hint=_(
                "Install zstd: sudo apt-get install zstd; or ask the vendor for a package exported with:"
                " --compression gzip"
            ),
        )


class StandardBlocks:
    """Decompresses with Python's own library, from 3.14 on, one frame at a time."""

    def __init__(self, compressed: Readable) -> None:
        self._compressed = compressed
        self._library: Any = importlib.import_module(STANDARD_LIBRARY)
        self._frame: Any = None
        self._waiting = b""

    def read_some(self) -> bytes:
        """Returns the next bytes. Raises `Damaged`."""
        while self._frame is not None or self._begin_frame():
            content = self._inflate()
            if content:
                return content
        return b""

    def _begin_frame(self) -> bool:
        self._waiting = self._waiting or self._compressed.read(INPUT_BYTES)
        if not self._waiting:
            return False
        self._frame = self._library.ZstdDecompressor()
        return True

    def _inflate(self) -> bytes:
        if not self._waiting and self._frame.needs_input:
            self._waiting = self._compressed.read(INPUT_BYTES)
            if not self._waiting:
                raise too_early()
        given, self._waiting = self._waiting, b""
        try:
            content = cast(bytes, self._frame.decompress(given, CHUNK_BYTES))
        except self._library.ZstdError as problem:
            raise broken(problem) from problem
        if self._frame.eof:
            self._waiting, self._frame = self._frame.unused_data, None
        return content


class LibraryBlocks:
    """Decompresses with the library `zstandard`, which misses a truncated checksum of the last frame."""

    def __init__(self, compressed: Readable) -> None:
        self._library: Any = importlib.import_module(LIBRARY)
        decompressor = self._library.ZstdDecompressor()
        self._stream: Any = decompressor.stream_reader(
            compressed, read_size=INPUT_BYTES, read_across_frames=True
        )

    def read_some(self) -> bytes:
        """Returns the next bytes. Raises `Damaged`."""
        try:
            return cast(bytes, self._stream.read(CHUNK_BYTES))
        except self._library.ZstdError as problem:
            raise broken(problem) from problem


def _has_module(name: str) -> bool:
    try:
        return importlib.util.find_spec(name) is not None
    except ModuleNotFoundError:
        return False
