"""SHA-256 digests of streams and files, and the text of SHA256SUMS as coreutils writes and reads it."""

import hashlib
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol

from installer.bundle.layout import SUMS, shown
from installer.errors import BadPackage
from installer.text import _

CHUNK_BYTES = 1 << 20

_LINE = re.compile(rb"(\\?)([0-9a-f]{64}) [ *]([^\n]+)")
_ESCAPES = {b"\\": b"\\\\", b"\n": b"\\n", b"\r": b"\\r"}
_UNESCAPES = {written: meant for meant, written in _ESCAPES.items()}


class Readable(Protocol):
    """A stream of bytes: `read(n)` gives up to n of them, and none at the end."""

    def read(self, size_bytes: int, /) -> bytes: ...


def dump_sums(digests: Mapping[str, str]) -> bytes:
    """The text `sha256sum` writes for these paths and digests, in the order of the paths' bytes."""
    lines = ((path.encode("utf-8", "surrogateescape"), digest.encode()) for path, digest in digests.items())
    return b"".join(_line(path, digest) for path, digest in sorted(lines))


def parse_sums(raw: bytes) -> dict[str, str]:
    """Paths and digests of a SHA256SUMS. Raises `BadPackage` with the number of each wrong line."""
    digests: dict[str, str] = {}
    problems = []
    for number, line in enumerate(raw.split(b"\n")[:-1], start=1):
        match = _LINE.fullmatch(line)
        path = _path(match) if match else None
        if match is None or path is None or path in digests:
            problems.append(
                _("line {number}: {line}", number=number, line=shown(line.decode("utf-8", "replace")))
            )
        else:
            digests[path] = match[2].decode()
    if raw and not raw.endswith(b"\n"):
        problems.append(_("the last line has no end"))
    if problems:
        raise BadPackage(_("{file} cannot be read.", file=SUMS), details=problems)
    return digests


def hash_file(path: Path, advance: Callable[[int], None]) -> str:
    """The SHA-256 of a file, in hexadecimal digits. Tells `advance` the bytes done."""
    with path.open("rb") as file:
        reader = HashingReader(file)
        while chunk := reader.read(CHUNK_BYTES):
            advance(len(chunk))
    return reader.sha256


class HashingReader:
    """Reads another stream and knows the digest and the number of all bytes that went through."""

    def __init__(self, stream: Readable) -> None:
        self._stream = stream
        self._digest = hashlib.sha256()
        self.size_bytes = 0

    def read(self, size_bytes: int, /) -> bytes:
        """Up to `size_bytes` of the stream."""
        chunk = self._stream.read(size_bytes)
        self._digest.update(chunk)
        self.size_bytes += len(chunk)
        return chunk

    @property
    def sha256(self) -> str:
        """The SHA-256 of all bytes so far, in hexadecimal digits."""
        return self._digest.hexdigest()


def _line(path: bytes, digest: bytes) -> bytes:
    escaped = re.sub(rb"[\\\n\r]", lambda found: _ESCAPES[found[0]], path)
    return (b"\\" if escaped != path else b"") + digest + b"  " + escaped + b"\n"


def _path(match: re.Match[bytes]) -> str | None:
    path = match[3]
    if match[1]:
        if re.fullmatch(rb"([^\\]|\\[\\nr])*", path, re.DOTALL) is None:
            return None
        path = re.sub(rb"\\.", lambda found: _UNESCAPES[found[0]], path)
    return path.decode("utf-8", "surrogateescape")
