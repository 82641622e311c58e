"""Goes once through a folder and makes its copy equal, but for what others change meanwhile."""

import errno
import os
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from installer.errors import Failed
from installer.system.files.files import is_real_folder, remove_tree
from installer.system.files.live_tree import status_of
from installer.system.mirror.attributes import copy_attributes
from installer.system.mirror.content import Told, bring_content
from installer.system.mirror.seen_files import EarlierLooks, keep_look, look_of
from installer.text import _

Clock = Callable[[], int]
TO_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
TO_WRITE = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
OTHERWISE_BY_NOW = {  # gone, or of another type
    errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.ELOOP, errno.ENXIO, errno.ESPIPE, errno.EINVAL,
}  # fmt: skip


class OnePass:
    """A pass from `source` to `copy`; `seen` gets the looks of all files.

    Others may write `while_written`: what vanishes is skipped. Otherwise a file that changes is an error.
    """

    def __init__(
        self,
        source: Path,
        copy: Path,
        earlier: EarlierLooks,
        seen: IO[str],
        told: Told,
        *,
        while_written: bool,
        clock: Clock = time.time_ns,
    ) -> None:
        self._source, self._copy = source, copy
        self._earlier, self._seen = earlier, seen
        self._told, self._while_written, self._clock = told, while_written, clock
        self._first: dict[tuple[int, int], Path] = {}

    def run(self) -> None:
        """Makes the copy equal. Raises `OSError`, and `Failed` for a file that changes."""
        self._bring(self._source, self._copy)

    def _bring(self, source: Path, copy: Path) -> None:
        try:
            status = source.lstat()
            if stat.S_ISDIR(status.st_mode):
                self._bring_folder(source, copy)
            elif stat.S_ISREG(status.st_mode):
                self._bring_file(source, copy, status)
            else:
                _bring_special(source, copy, status)
        except OSError as problem:
            if not self._while_written or problem.errno not in OTHERWISE_BY_NOW:
                raise

    def _bring_folder(self, source: Path, copy: Path) -> None:
        if not is_real_folder(copy):
            _remove(copy)
            copy.mkdir(mode=0o700)
        names = sorted(os.listdir(source))  # noqa: PTH208, names alone are needed
        for name in {*os.listdir(copy)}.difference(names):  # noqa: PTH208
            remove_tree(copy / name)
        for name in names:
            self._bring(source / name, copy / name)
        copy_attributes(source, copy)

    def _bring_file(self, source: Path, copy: Path, status: os.stat_result) -> None:
        if self._is_linked(copy, status):
            return
        look = look_of(os.path.relpath(source, self._source), status, self._clock())
        earlier = self._earlier.of(look.path)
        if earlier is None or not earlier.tells_unchanged(look) or not _stands(copy, status):
            self._bring_content(source, copy, status)
            copy_attributes(source, copy)
        keep_look(self._seen, look)

    def _is_linked(self, copy: Path, status: os.stat_result) -> bool:
        """Makes the second name of a file the second name of its copy; returns whether it was one."""
        if status.st_nlink == 1:
            return False
        first = self._first.setdefault((status.st_dev, status.st_ino), copy)
        if first == copy or not first.exists():
            return False
        if not (copy.exists() and copy.samefile(first)):
            _remove(copy)
            os.link(first, copy, follow_symlinks=False)
        return True

    def _bring_content(self, source: Path, copy: Path, status: os.stat_result) -> None:
        _remove_unless_alone(copy)
        with _opened(source, TO_READ) as original, _opened(copy, TO_WRITE) as written:
            bring_content(original, written, status.st_size, self._told)
            if not self._while_written and _facts(os.fstat(original)) != _facts(status):
                raise _written_meanwhile(source)


def _stands(copy: Path, status: os.stat_result) -> bool:
    """Returns whether the copy of an unchanged file is there."""
    there = status_of(copy)
    return there is not None and stat.S_ISREG(there.st_mode) and there.st_size == status.st_size


def _remove_unless_alone(copy: Path) -> None:
    """Removes what is no file, or a file that has other names: these may have become different files."""
    there = status_of(copy)
    if there is not None and not (stat.S_ISREG(there.st_mode) and there.st_nlink == 1):
        remove_tree(copy)


@contextmanager
def _opened(path: Path, flags: int) -> Iterator[int]:
    opened = os.open(path, flags, 0o600)
    try:
        yield opened
    finally:
        os.close(opened)


def _facts(status: os.stat_result) -> tuple[int, int, int, int, int]:
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns


def _written_meanwhile(source: Path) -> Failed:
    return Failed(
        _("{path} changed while it was copied, though the services are stopped.", path=source),
        hint=_("Find out which program writes to it: sudo fuser -v {path}", path=source),
    )


def _bring_special(source: Path, copy: Path, status: os.stat_result) -> None:
    """Makes a link, pipe, socket or device anew: they are small."""
    _remove(copy)
    if stat.S_ISLNK(status.st_mode):
        copy.symlink_to(source.readlink())
    else:
        os.mknod(copy, status.st_mode, status.st_rdev)
    copy_attributes(source, copy)


def _remove(copy: Path) -> None:
    with suppress(FileNotFoundError):
        remove_tree(copy)
