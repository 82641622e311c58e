"""The files of a package while they are written: one, or numbered parts; out of sight until all is proven.

They are made in a hidden folder beside their place. Then whatever stood there under the package's name, in
one file or in parts, is replaced: its list of checksums goes first and the new one comes last, so that a list
never stands beside files that it does not describe.
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
from packager.compression.medium import MOST_PARTS, part_of
from packager.disk.read_back import WrittenFile
from packager.disk.write_back import WriteBack

SHA256_ENDING = ".sha256"
PACKAGE_MODE = 0o644


@contextmanager
def beside(target: Path, part_bytes: int | None) -> Iterator["Parts"]:
    """Files for `target` that are gone afterwards unless they were put in place.

    What cannot be written, because the disk is full or for another reason, raises `Refused`.
    """
    with ExitStack() as ends:
        with writable(target.parent):
            folder = ends.enter_context(temporary_folder(target.parent, f".{target.name}.partial-"))
        yield ends.enter_context(closing(Parts(folder, target, part_bytes)))


class Parts:
    """Takes bytes at any offset, as a file does. `part_bytes` is None for one file."""

    def __init__(self, folder: Path, target: Path, part_bytes: int | None) -> None:
        self._folder, self._target, self._part_bytes = folder, target, part_bytes
        self._offset = 0
        self._number = 0
        self._file: BinaryIO | None = None
        self._write_back = WriteBack()

    def seek(self, offset: int) -> None:
        """Write here next. What is left out must be written before the end."""
        self._offset = offset

    def tell(self) -> int:
        """Where the next bytes go."""
        return self._offset

    def write(self, content: bytes) -> None:
        """Write at the current offset, over the border of as many parts as it takes."""
        rest = memoryview(content)
        while len(rest):
            number, offset, room = self._place()
            with writable(self._target.parent):
                file = self._opened(number)
                file.seek(offset)
                written = file.write(rest[:room])
                self._write_back.count(written, file)
            self._offset += written
            rest = rest[written:]

    def send(self) -> None:
        """Let all that was written go to the disk, and do not wait for it."""
        if self._file:
            with writable(self._target.parent):
                self._write_back.send(self._file)

    def close(self) -> None:
        """All that was written is on the disk for good."""
        if self._file:
            with writable(self._target.parent), self._file as file:
                self._file = None
                self._write_back.finish()
                os.fsync(file.fileno())

    @property
    def paths(self) -> tuple[Path, ...]:
        """The files in their order, named as they will be."""
        return tuple(sorted(self._folder.iterdir()))

    def put_in_place(self, written: tuple[WrittenFile, ...]) -> None:
        """Give the files their names and list their checksums beside them."""
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
        """The number of the part at the current offset, the offset in it, and how much goes there."""
        if self._part_bytes is None:
            return 0, self._offset, 1 << 62
        index, offset = divmod(self._offset, self._part_bytes)
        return index + 1, offset, self._part_bytes - offset

    def _opened(self, number: int) -> BinaryIO:
        if self._file is None or number != self._number:
            self.close()
            _expect_few(number)
            path = self._folder / self._path(number).name
            path.touch()
            self._file, self._number = path.open("r+b", buffering=0), number
        return self._file

    def _path(self, number: int) -> Path:
        return part_of(self._target, number) if number else self._target


def _expect_few(number: int) -> None:
    """More parts would not be in order when a shell lists them."""
    if number > MOST_PARTS:
        raise Refused(
            _("The package needs more than {count} parts of this size.", count=MOST_PARTS),
            hint=_("Ask for larger parts: --split 4GB"),
        )


def _of_package(target: Path) -> list[Path]:
    """The files of a package that are there under this name: the whole one and all parts."""
    own = re.compile(rf"{re.escape(target.name)}(\.[0-9]{{3,}})?")
    return [path for path in target.parent.iterdir() if own.fullmatch(path.name) and path.is_file()]
