"""Decompresses zstd with what there is: Python 3.14, the program `zstd`, or the library `zstandard`."""

import importlib
import importlib.util
import shutil
import subprocess
from contextlib import suppress
from threading import Thread
from typing import IO, Any, cast

from installer.bundle.checksums import CHUNK_BYTES, Readable
from installer.bundle.gzip_stream import Damaged
from installer.bundle.tar_stream import Blocks
from installer.errors import Refused
from installer.text import _

INPUT_BYTES = 1 << 16
STANDARD_LIBRARY, LIBRARY, PROGRAM = "compression.zstd", "zstandard", "zstd"


class Unzstd:
    """As a context: hands out decompressing streams, and ends their programs afterwards."""

    def __init__(self) -> None:
        self._programs: list[ProgramBlocks] = []

    def __enter__(self) -> "Unzstd":
        return self

    def __exit__(self, *_problem: object) -> None:
        for program in self._programs:
            program.close()

    def __call__(self, compressed: Readable) -> Blocks:
        """The content of a zstd stream. Raises `Refused` where nothing can decompress it."""
        if _has_module(STANDARD_LIBRARY):
            return StandardBlocks(compressed)
        if shutil.which(PROGRAM):
            self._programs.append(ProgramBlocks(compressed))
            return self._programs[-1]
        if _has_module(LIBRARY):
            return LibraryBlocks(compressed)
        raise Refused(
            _("The package is compressed with zstd, and this machine cannot decompress that."),
            hint=_(
                "Install the program: sudo apt-get install zstd; or ask for a package that was exported with:"
                " --compression gzip"
            ),
        )


class StandardBlocks:
    """By Python's own library, from 3.14 on: frame by frame."""

    def __init__(self, compressed: Readable) -> None:
        self._compressed = compressed
        self._library: Any = importlib.import_module(STANDARD_LIBRARY)
        self._frame: Any = None
        self._waiting = b""

    def read_some(self) -> bytes:
        """The next bytes. Raises `Damaged`."""
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
                raise Damaged(_("it ends too early"))
        given, self._waiting = self._waiting, b""
        try:
            content = cast(bytes, self._frame.decompress(given, CHUNK_BYTES))
        except self._library.ZstdError as problem:
            raise _broken(problem) from problem
        if self._frame.eof:
            self._waiting, self._frame = self._frame.unused_data, None
        return content


class LibraryBlocks:
    """By the library `zstandard`. It does not tell when the last frame's checksum is cut off."""

    def __init__(self, compressed: Readable) -> None:
        self._library: Any = importlib.import_module(LIBRARY)
        decompressor = self._library.ZstdDecompressor()
        self._stream: Any = decompressor.stream_reader(
            compressed, read_size=INPUT_BYTES, read_across_frames=True
        )

    def read_some(self) -> bytes:
        """The next bytes. Raises `Damaged`."""
        try:
            return cast(bytes, self._stream.read(CHUNK_BYTES))
        except self._library.ZstdError as problem:
            raise _broken(problem) from problem


class ProgramBlocks:
    """By the program `zstd`, which a thread feeds."""

    def __init__(self, compressed: Readable) -> None:
        self._program = subprocess.Popen(
            (PROGRAM, "--decompress", "--stdout", "--quiet", "--no-progress"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        self._obstacle: BaseException | None = None
        self._feeder = Thread(target=self._feed, args=(compressed, _piped(self._program.stdin)), daemon=True)
        self._feeder.start()

    def read_some(self) -> bytes:
        """The next bytes. Raises `Damaged`, or what the compressed stream raised."""
        content = _piped(self._program.stdout).read1(CHUNK_BYTES)  # type: ignore[attr-defined]
        if not content:
            self._expect_success()
        return cast(bytes, content)

    def close(self) -> None:
        """End the program, whatever it is at."""
        self._program.kill()
        self._feeder.join()
        for stream in (self._program.stdin, self._program.stdout, self._program.stderr):
            with suppress(BrokenPipeError):
                _piped(stream).close()
        self._program.wait()

    def _feed(self, compressed: Readable, into: IO[bytes]) -> None:
        try:
            while chunk := compressed.read(INPUT_BYTES):
                into.write(chunk)
            into.close()
        except BrokenPipeError:
            pass  # the program ended early, and says why
        except BaseException as obstacle:
            self._obstacle = obstacle
            self._program.kill()

    def _expect_success(self) -> None:
        self._feeder.join()
        words = _piped(self._program.stderr).read().decode("utf-8", "replace").strip()
        failed = self._program.wait() != 0
        if self._obstacle is not None:
            raise self._obstacle
        if failed:
            raise _broken(words.rpartition(": ")[2])


def _broken(problem: object) -> Damaged:
    return Damaged(_("its compression is broken ({problem})", problem=problem))


def _has_module(name: str) -> bool:
    try:
        return importlib.util.find_spec(name) is not None
    except ModuleNotFoundError:
        return False


def _piped(stream: IO[bytes] | None) -> IO[bytes]:
    assert stream is not None
    return stream
