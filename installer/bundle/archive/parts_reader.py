"""Reads the parts of a package as one stream, and finds the bad ones."""

import hashlib
from typing import IO

from installer.bundle.archive.checksums import CHUNK_BYTES
from installer.bundle.archive.parts import Parts, damaged_parts
from installer.text import _


class PartsReader:
    """Reads all parts, one after another, and compares each part's digest at its end."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._left = list(reversed(parts.files))
        self._file: IO[bytes] | None = None
        self._digest = hashlib.sha256()
        self._problems: dict[str, str] = {}

    def read(self, size_bytes: int, /) -> bytes:
        """Returns up to `size_bytes`, none at the end. Raises `BadPackage` at the end of a damaged part."""
        while self._file is not None or self._left:
            self._file = self._file or self._next()
            chunk = self._file.read(size_bytes)
            if chunk:
                self._digest.update(chunk)
                return chunk
            self._expect_digest()
        return b""

    def problems(self) -> dict[str, str]:
        """Returns the problem of each bad part; reads all remaining parts first."""
        while self._file is not None or self._left:
            self._file = self._file or self._next()
            while chunk := self._file.read(CHUNK_BYTES):
                self._digest.update(chunk)
            self._finish()
        return self._problems

    @property
    def package(self) -> str:
        """Returns the package's name."""
        return self._parts.package

    @property
    def has_digests(self) -> bool:
        """Returns whether each part can be checked on its own."""
        return bool(self._parts.digests)

    def place(self) -> str:
        """Returns the name of the part that was read last."""
        return self._parts.files[len(self._parts.files) - len(self._left) - 1].name

    def close(self) -> None:
        """Closes the open file, if there is one."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _next(self) -> IO[bytes]:
        self._digest = hashlib.sha256()
        return self._left.pop().open("rb")

    def _expect_digest(self) -> None:
        self._finish()
        if self._problems:
            raise damaged_parts(self._parts.package, self.problems())

    def _finish(self) -> None:
        """Checks the part that has been read to its end."""
        self.close()
        name, digest = self.place(), self._digest.hexdigest()
        if self._parts.digests.get(name, digest) == digest:
            return
        others = {sha256: other for other, sha256 in self._parts.digests.items()}
        if digest in others:
            self._problems[name] = _("is {other} under another name", other=others[digest])
        else:
            self._problems[name] = _("is damaged or truncated")
