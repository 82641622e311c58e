"""Writes the files of a package, one or numbered parts, hidden until all of them are verified.

They are made in a hidden folder beside their final place. Then they replace any files with the package's
name, whether one file or parts: the old list of checksums is deleted first and the new one is written last,
so that a list never stands beside files that it does not describe.
"""

import os
import re
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import BinaryIO

from installer.bundle.archive.checksums import dump_sums
from installer.errors import Refused
from installer.system.files.files import fsync_folder, writable, write_atomically
from installer.system.files.temporary import temporary_folder
from installer.text import _
from packager.compression.output_format import MOST_PARTS, part_of
from packager.disk.read_back import WrittenFile

SHA256_ENDING = ".sha256"
PACKAGE_MODE = 0o644


@contextmanager
def beside(target: Path, part_bytes: int | None) -> Iterator["Parts"]:
    """Yields files for `target` that are deleted afterwards unless they were put in place.

    Raises `Refused` if they cannot be written, because the disk is full or for another reason.
    """
    with ExitStack() as ends:
        with writable(target.parent):
            folder = ends.enter_context(temporary_folder(target.parent, f".{target.name}.partial-"))
        yield ends.enter_context(closing(Parts(folder, target, part_bytes)))


class Parts:
    """Accepts bytes at any offset, like a file. `part_bytes` is None for one file."""

    def __init__(self, folder: Path, target: Path, part_bytes: int | None) -> None:
        self._folder, self._target, self._part_bytes = folder, target, part_bytes
        self._offset = 0
        self._number = 0
        self._file: BinaryIO | None = None

    def seek(self, offset: int) -> None:
        """Sets the offset of the next write. Gaps must be filled before the end."""
        self._offset = offset

    def tell(self) -> int:
        """Returns the offset of the next write."""
        return self._offset

    def write(self, content: bytes) -> None:
        """Writes at the current offset, across as many parts as needed."""
        rest = memoryview(content)
        while len(rest):
            number, offset, room = self._place()
            with writable(self._target.parent):
                file = self._opened(number)
                file.seek(offset)
                written = file.write(rest[:room])
            self._offset += written
            rest = rest[written:]

    def close(self) -> None:
        """Waits until everything written is durably on the disk."""
        if self._file:
            with writable(self._target.parent), self._file as file:
                self._file = None
                os.fsync(file.fileno())

    @property
    def paths(self) -> tuple[Path, ...]:
        """Returns the files in order, with their final names."""
        return tuple(sorted(self._folder.iterdir()))

    def put_in_place(self, written: tuple[WrittenFile, ...]) -> None:
        """Moves the files to their final names and writes their checksums beside them."""
        with writable(self._target.parent):
            self._put_in_place(written)

    def _put_in_place(self, written: tuple[WrittenFile, ...]) -> None:
        folder = self._target.parent
        sums = folder / f"{self._target.name}{SHA256_ENDING}"
        sums.unlink(missing_ok=True)
        for path in self.paths:
            path.chmod(PACKAGE_MODE)
            path.replace(folder / path.name)
        names = {file.name for file in written}
        for path in _of_package(self._target):
            if path.name not in names:
                path.unlink()
        fsync_folder(folder)
        write_atomically(sums, dump_sums({file.name: file.sha256 for file in written}), mode=PACKAGE_MODE)

    def _place(self) -> tuple[int, int, int]:
        """Returns the number of the part at the current offset, the offset in it, and how much fits there."""
        if self._part_bytes is None:
            return 0, self._offset, 1 << 62
        index, offset = divmod(self._offset, self._part_bytes)
        return index + 1, offset, self._part_bytes - offset

    def _opened(self, number: int) -> BinaryIO:
        if self._file is None or number != self._number:
            self.close()
            expect_few(number)
            path = self._folder / self._path(number).name
            path.touch()
            self._file, self._number = path.open("r+b", buffering=0), number
        return self._file

    def _path(self, number: int) -> Path:
        return part_of(self._target, number) if number else self._target


def expect_few(number: int, option: str = "--split") -> None:
    """Refuses more parts than a shell would list in order; the hint names the `option` for their size."""
    if number > MOST_PARTS:
        raise Refused(
            _("The package needs more than {count} parts of this size.", count=MOST_PARTS),
            hint=_("Specify larger parts: {option} 4GB", option=option),
        )


def _of_package(target: Path) -> list[Path]:
    """Returns the existing files of a package with this name: the single file and all parts."""
    own = re.compile(rf"{re.escape(target.name)}(\.[0-9]{{3,}})?")
    return [path for path in target.parent.iterdir() if own.fullmatch(path.name) and path.is_file()]
