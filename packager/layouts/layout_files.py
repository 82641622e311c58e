"""Reads files of an image layout, and proves each by the digest and size that another file names."""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from installer.bundle.images.docker_archive import digest
from installer.bundle.manifest.strict_json import NotJson, json_object
from installer.errors import Refused
from installer.screen.console import size
from installer.text import _
from packager.layers.saved_file import SavedFile
from packager.layouts.descriptor import Descriptor

LARGEST_DOCUMENT_BYTES = 4 << 20


def read_table(path: Path) -> Mapping[str, object]:
    """Returns the JSON object in a file that no digest proves. Raises `Refused`."""
    try:
        with path.open("rb") as file:
            return json_object(file.read(LARGEST_DOCUMENT_BYTES))
    except OSError as problem:
        raise damaged(path, problem.strerror or str(problem)) from problem
    except NotJson as problem:
        raise damaged(path, _("It cannot be read: {problem}", problem=problem)) from problem


def read_document(folder: Path, named: Descriptor) -> bytes:
    """Returns the content of a small blob. Raises `Refused` unless it is the one that was named."""
    path = folder / named.path
    if named.size_bytes > LARGEST_DOCUMENT_BYTES:
        raise damaged(path, _("It is too large: {size}", size=size(named.size_bytes)))
    with _opened(path, named) as file:
        content = file.read()
    _expect(path, named, digest(content))
    return content


def expect_file(folder: Path, named: Descriptor) -> None:
    """Raises `Refused` unless the blob is there and has the size that was named."""
    with _opened(folder / named.path, named):
        pass


def saved_file(folder: Path, named: Descriptor) -> Iterator[SavedFile]:
    """Yields the blob as a file to read. Reading its end raises `Refused` for another content."""
    path = folder / named.path
    with _opened(path, named) as file:
        yield SavedFile(named.path, named.size_bytes, _Proven(file, path, named))


class _Proven:
    """A file whose last byte is given out only if all of them are those that were named."""

    def __init__(self, file: IO[bytes], path: Path, named: Descriptor) -> None:
        self._file, self._path, self._named = file, path, named
        self._left = named.size_bytes
        self._hash = hashlib.sha256()

    def read(self, size_bytes: int, /) -> bytes:
        """Returns the next bytes."""
        content = self._file.read(size_bytes)
        self._hash.update(content)
        self._left -= len(content)
        if not content or not self._left:
            _expect(self._path, self._named, f"sha256:{self._hash.hexdigest()}")
        return content


def damaged(path: Path, *reasons: str, hint: str = "") -> Refused:
    """Returns the error for a file of the layout that cannot be used."""
    words = _("Write the image layout again, then run the export again.")
    return Refused(
        _("The image layout cannot be used: {path}", path=path), details=reasons, hint=hint or words
    )


@contextmanager
def _opened(path: Path, named: Descriptor) -> Iterator[IO[bytes]]:
    try:
        file = path.open("rb")
    except OSError as problem:
        raise damaged(path, problem.strerror or str(problem)) from problem
    with file:
        found = path.stat().st_size
        if found != named.size_bytes:
            raise damaged(
                path,
                _("It has {found} bytes instead of {size}.", found=found, size=named.size_bytes),
            )
        yield file


def _expect(path: Path, named: Descriptor, found: str) -> None:
    if found != named.digest:
        raise damaged(path, _("Its content has another digest: {digest}", digest=found))
