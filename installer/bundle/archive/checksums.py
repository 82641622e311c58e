"""Computes SHA-256 digests of streams and files, and writes SHA256SUMS like coreutils."""

import hashlib
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol

CHUNK_BYTES = 1 << 20

_ESCAPES = {b"\\": b"\\\\", b"\n": b"\\n", b"\r": b"\\r"}


class Readable(Protocol):
    """A stream of bytes: `read(n)` returns up to n of them, and none at the end."""

    def read(self, size_bytes: int, /) -> bytes: ...


def dump_sums(digests: Mapping[str, str]) -> bytes:
    """Returns the output of `sha256sum` for these paths and digests, sorted by the bytes of the paths."""
    lines = ((path.encode("utf-8", "surrogateescape"), digest.encode()) for path, digest in digests.items())
    return b"".join(_line(path, digest) for path, digest in sorted(lines))


def hash_file(path: Path, advance: Callable[[int], None]) -> str:
    """Returns the SHA-256 of a file, in hexadecimal digits. Calls `advance` with the bytes done."""
    with path.open("rb") as file:
        reader = HashingReader(file)
        while chunk := reader.read(CHUNK_BYTES):
            advance(len(chunk))
    return reader.sha256


class Tally:
    """Computes the digest and the number of all bytes that it is shown."""

    def __init__(self) -> None:
        self._digest = hashlib.sha256()
        self.size_bytes = 0

    def count(self, content: bytes | bytearray) -> None:
        """Takes the next bytes."""
        self._digest.update(content)
        self.size_bytes += len(content)

    @property
    def sha256(self) -> str:
        """Returns the SHA-256 of all bytes so far, in hexadecimal digits."""
        return self._digest.hexdigest()


class HashingReader(Tally):
    """Reads another stream, and computes the digest and the number of all bytes read."""

    def __init__(self, stream: Readable) -> None:
        super().__init__()
        self._stream = stream

    def read(self, size_bytes: int, /) -> bytes:
        """Returns up to `size_bytes` of the stream."""
        chunk = self._stream.read(size_bytes)
        self.count(chunk)
        return chunk


def _line(path: bytes, digest: bytes) -> bytes:
    escaped = re.sub(rb"[\\\n\r]", lambda found: _ESCAPES[found[0]], path)
    return (b"\\" if escaped != path else b"") + digest + b"  " + escaped + b"\n"
