"""Copies files with all attributes where this server's `cp` cannot: busybox knows no sparse files, for one.

Content is shared if the filesystem can, else copied in large pieces.
"""

import errno
import fcntl
import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

FICLONE = 0x40049409  # linux/fs.h: let one file have the blocks of another
PIECE_BYTES = 1 << 20


def copy_plainly(source: Path, target: Path) -> None:
    """Copies a file or folder with owners, modes, times, links, holes and extended attributes.

    `target` must not exist. Raises `OSError`. Only root can keep the owners of others.
    """
    _Copy().add(source, target)


class _Copy:
    """A copy being made; remembers files that have several names."""

    def __init__(self) -> None:
        self._first: dict[tuple[int, int], Path] = {}

    def add(self, source: Path, target: Path) -> None:
        status = source.lstat()
        file = (status.st_dev, status.st_ino)
        if file in self._first:
            os.link(self._first[file], target, follow_symlinks=False)
            return
        if status.st_nlink > 1 and not stat.S_ISDIR(status.st_mode):
            self._first[file] = target
        self._make(source, target, status)
        with suppress(PermissionError):
            os.chown(target, status.st_uid, status.st_gid, follow_symlinks=False)
        shutil.copystat(source, target, follow_symlinks=False)

    def _make(self, source: Path, target: Path, status: os.stat_result) -> None:
        if stat.S_ISLNK(status.st_mode):
            target.symlink_to(source.readlink())
        elif stat.S_ISDIR(status.st_mode):
            target.mkdir(mode=0o700)
            for name in sorted(os.listdir(source)):  # noqa: PTH208, names alone are needed
                self.add(source / name, target / name)
        elif stat.S_ISREG(status.st_mode):
            _copy_content(source, target, status.st_size)
        else:
            os.mknod(target, status.st_mode, status.st_rdev)


def _copy_content(source: Path, target: Path, size_bytes: int) -> None:
    with source.open("rb", buffering=0) as old, target.open("xb", buffering=0) as new:
        os.fchmod(new.fileno(), 0o600)
        try:
            fcntl.ioctl(new, FICLONE, old.fileno())
        except OSError:  # another filesystem, or one that cannot share blocks
            for start, end in _written_parts(old.fileno(), size_bytes):
                _copy_part(old.fileno(), new.fileno(), start, end)
            new.truncate(size_bytes)


def _written_parts(file: int, size_bytes: int) -> Iterator[tuple[int, int]]:
    """Yields the beginning and end of each part between holes."""
    end = 0
    while end < size_bytes:
        try:
            start = os.lseek(file, end, os.SEEK_DATA)
        except OSError as nothing:
            if nothing.errno != errno.ENXIO:
                raise
            return
        end = os.lseek(file, start, os.SEEK_HOLE)
        yield start, end


def _copy_part(old: int, new: int, start: int, end: int) -> None:
    while start < end and (piece := os.pread(old, min(PIECE_BYTES, end - start), start)):
        start += os.pwrite(new, piece, start)
