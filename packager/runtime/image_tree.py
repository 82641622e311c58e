"""Reads the file system of an image from its archive, without running anything of the image.

Files that may belong to Python are kept in a folder, everything else is passed over. Links are followed
inside the tree: an absolute one starts at its root, and none leads out of it.
"""

import io
import posixpath
import re
import shutil
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from installer.bundle.archive.checksums import Readable

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer as Buffer

MOST_LINKS = 40
WANTED = re.compile(
    r".*\.so(\.[^/]*)?"  # libraries, loaders and extension modules
    r"|.*/bin/[^/]*python[^/]*"
    r"|.*/python3\.[0-9]+/(?!site-packages/|dist-packages/|test/|idlelib/|ensurepip/).*\.py"
    r"|.*/python3\.[0-9]+/LICENSE\.txt"
    r"|var/lib/dpkg/info/[^/]*\.list"
    r"|usr/share/doc/[^/]*/copyright"
)


class ImageTree:
    """The kept files of an image. Paths have no leading slash; `files` are where the content is."""

    def __init__(self, files: dict[str, Path], links: dict[str, str]) -> None:
        self.files = files
        self._links = links

    def real(self, path: str) -> str | None:
        """Returns the path of the file that `path` leads to; None if there is none."""
        left = [part for part in path.split("/") if part not in ("", ".")]
        done: list[str] = []
        followed = 0
        while left:
            part = left.pop(0)
            if part == "..":
                done = done[:-1]
                continue
            target = self._links.get("/".join((*done, part)))
            if target is None:
                done.append(part)
                continue
            followed += 1
            if followed > MOST_LINKS:
                return None
            done = [] if target.startswith("/") else done
            left = [one for one in target.split("/") if one not in ("", ".")] + left
        found = "/".join(done)
        return found if found in self.files else None

    def content(self, path: str) -> bytes:
        """Returns the content of the file at a real path."""
        return self.files[path].read_bytes()

    def below(self, folder: str) -> Iterator[str]:
        """Yields the paths in `folder`, relative to it, of files and of links that lead to files."""
        start = f"{folder}/"
        for path in sorted({*self.files, *self._links}):
            if path.startswith(start) and self.real(path):
                yield path.removeprefix(start)


def read_tree(archive: Readable, folder: Path) -> ImageTree:
    """Reads a tar archive of a file system and keeps in `folder` what Python may need."""
    files: dict[str, Path] = {}
    links: dict[str, str] = {}
    with tarfile.open(fileobj=io.BufferedReader(_Raw(archive)), mode="r|") as entries:
        for entry in entries:
            path = posixpath.normpath(entry.name).lstrip("/")
            if entry.issym():
                links[path] = entry.linkname
            elif entry.islnk():
                links[path] = f"/{posixpath.normpath(entry.linkname).lstrip('/')}"
            elif entry.isfile() and WANTED.fullmatch(path):
                files[path] = folder / str(len(files))
                content = entries.extractfile(entry)
                with files[path].open("wb") as file:
                    shutil.copyfileobj(content or file, file)
    return ImageTree(files, links)


class _Raw(io.RawIOBase):
    """The archive as a raw stream of Python."""

    def __init__(self, archive: Readable) -> None:
        self._archive = archive

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "Buffer", /) -> int:
        view = memoryview(buffer)
        content = self._archive.read(len(view))
        view[: len(content)] = content
        return len(content)
