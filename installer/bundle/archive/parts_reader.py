"""Reads the parts of a package as one stream, and knows which of them are not right."""

import hashlib
from typing import IO

from installer.bundle.archive.checksums import CHUNK_BYTES
from installer.bundle.archive.parts import Parts, damaged_parts
from installer.text import _


class PartsReader:
    """The content of all parts, one after another. Each part's digest is compared as soon as it was read."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._left = list(reversed(parts.files))
        self._file: IO[bytes] | None = None
        self._digest = hashlib.sha256()
        self._problems: dict[str, str] = {}

    def read(self, size_bytes: int, /) -> bytes:
        """Up to `size_bytes`, none at the end. Raises `BadPackage` behind a part that is damaged."""
        while self._file is not None or self._left:
            self._file = self._file or self._next()
            chunk = self._file.read(size_bytes)
            if chunk:
                self._digest.update(chunk)
                return chunk
            self._expect_digest()
        return b""

    def problems(self) -> dict[str, str]:
        """What is wrong with any part; reads those that are not read to their end."""
        while self._file is not None or self._left:
            self._file = self._file or self._next()
            while chunk := self._file.read(CHUNK_BYTES):
                self._digest.update(chunk)
            self._finish()
        return self._problems

    @property
    def package(self) -> str:
        """The package's name."""
        return self._parts.package

    @property
    def has_digests(self) -> bool:
        """Whether each part can be judged on its own."""
        return bool(self._parts.digests)

    def place(self) -> str:
        """The name of the part that was read last."""
        return self._parts.files[len(self._parts.files) - len(self._left) - 1].name

    def close(self) -> None:
        """Close the file that is open."""
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
        """Judge the part that has been read to its end."""
        self.close()
        name, digest = self.place(), self._digest.hexdigest()
        if self._parts.digests.get(name, digest) == digest:
            return
        others = {sha256: other for other, sha256 in self._parts.digests.items()}
        if digest in others:
            self._problems[name] = _("is {other} under another name", other=others[digest])
        else:
            self._problems[name] = _("is damaged or cut off")
