"""Decompresses zstd with the program `zstd`, which a thread feeds."""

import subprocess
from contextlib import suppress
from threading import Thread
from typing import IO, cast

from installer.bundle.archive.checksums import CHUNK_BYTES, Readable
from installer.bundle.archive.gzip_stream import broken

INPUT_BYTES = 1 << 16
PROGRAM = "zstd"


class ProgramBlocks:
    """Decompresses a stream with the program. `close` ends it."""

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
        """Returns the next bytes. Raises `Damaged`, or the error of the compressed stream."""
        content = _piped(self._program.stdout).read1(CHUNK_BYTES)  # type: ignore[attr-defined]
        if not content:
            self._expect_success()
        return cast(bytes, content)

    def close(self) -> None:
        """Kills the program."""
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
            pass  # the program ended early; its stderr says why
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
            raise broken(words.rpartition(": ")[2])


def _piped(stream: IO[bytes] | None) -> IO[bytes]:
    assert stream is not None
    return stream
