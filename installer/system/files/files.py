"""Writes files atomically, copies files and folders with all attributes, and measures disk space."""

import errno
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import chain
from pathlib import Path

from installer.bundle.layout import UNFINISHED_COPY
from installer.errors import Failed, Refused
from installer.system.files.live_tree import paths_below, status_of
from installer.system.files.temporary import name_beside
from installer.system.operating_system import IS_WINDOWS
from installer.system.process.process import ToolFailed, output_of, run
from installer.text import _

NO_SPACE = "No space left on device"
UNKNOWN_OPTION = "unrecognized option"


def write_atomically(path: Path, content: bytes, *, mode: int = 0o600) -> None:
    """Writes `content` atomically: even after a power cut, `path` has its old bytes or all the new ones."""
    with replacing(path) as beside:
        beside.touch(mode=0o600, exist_ok=False)
        with beside.open("wb") as file:
            file.write(content)
            file.flush()
            if not IS_WINDOWS:  # which has no modes
                os.fchmod(file.fileno(), mode)
            os.fsync(file.fileno())


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yields an unused name beside `path`: the file that the body writes and flushes there replaces it."""
    beside = name_beside(path)
    try:
        yield beside
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    fsync_folder(path.parent)


@contextmanager
def writable(place: Path) -> Iterator[None]:
    """Turns errors of writing below `place` into `Refused`; use it only before anything has changed."""
    try:
        yield
    except OSError as problem:
        if problem.errno in (errno.ENOSPC, errno.EDQUOT):
            raise Refused(
                _("The disk of {path} is full.", path=place),
                hint=_("Make room, then run the command again."),
            ) from problem
        where = problem.filename or place
        raise Refused(
            _("{path} cannot be written: {problem}.", path=where, problem=problem.strerror)
        ) from problem


def fsync_folder(folder: Path) -> None:
    """Makes renames inside `folder` durable; Windows does so itself, and opens no folders."""
    if IS_WINDOWS:
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def rename_durably(path: Path, target: Path) -> None:
    """Renames a file or folder; `target` has its new name even after a power cut."""
    path.rename(target)
    fsync_folder(target.parent)


def copy_tree(source: Path, target: Path) -> None:
    """Copies a file or folder with owners, modes, times, links, sparse parts and extended attributes.

    Shares blocks if the filesystem supports it. `target` must not exist. Raises `ToolFailed` with cp's
    message, `Failed` if the disk is full. Where `cp` is busybox's, Python copies.
    """
    words = ("cp", "--archive", "--reflink=auto", "--sparse=auto", "--no-target-directory")
    done = run((*words, str(source), str(target)), secrets={"LC_ALL": "C"})
    if NO_SPACE in done.stderr:
        raise disk_full(target, done.stderr.strip().splitlines()[:1])
    if done.exit_code and UNKNOWN_OPTION in done.stderr:
        _copy_by_python(source, target)
    elif done.exit_code:
        raise ToolFailed(done)


def _copy_by_python(source: Path, target: Path) -> None:
    from installer.system.files.plain_copy import copy_plainly  # which only Linux can import

    try:
        copy_plainly(source, target)
    except OSError as problem:
        if problem.errno == errno.ENOSPC:
            raise disk_full(target, [str(problem)]) from problem
        raise Failed(_("{path} could not be copied.", path=source), details=[str(problem)]) from problem


def disk_full(target: Path, details: Sequence[str]) -> Failed:
    """Returns the error that there is no room for `target`."""
    return Failed(
        _("The disk of {path} is full.", path=target.parent),
        details=details,
        hint=_("Make room, then run the command again."),
    )


def copy_whole(source: Path, target: Path) -> None:
    """Copies like `copy_tree`, but durably and atomically: `target` is complete or does not exist.

    Replaces the leftovers of an attempt that was killed. Raises the errors of `copy_tree`.
    """
    partial = partial_name(target)
    if os.path.lexists(partial):
        remove_tree(partial)
    try:
        copy_tree(source, partial)
        flush_copy(partial)
        rename_durably(partial, target)
    except BaseException:
        with suppress(OSError):  # the error of the copy counts
            remove_tree(partial)
        raise


def flush_copy(copy: Path) -> None:
    """Writes a copied file or folder to the disk for good."""
    if is_real_folder(copy):
        sync_filesystem(copy)
    elif copy.is_file() and not copy.is_symlink():
        with copy.open("rb") as file:
            os.fsync(file.fileno())


def sync_filesystem(place: Path) -> None:
    """Writes everything that programs left in memory to the disk of `place`, for good."""
    output_of(("sync", "-f", str(place)))  # busybox has no long options


def partial_name(target: Path) -> Path:
    """Returns the path of `copy_whole`'s incomplete copy."""
    return target.with_name(UNFINISHED_COPY.format(name=target.name))


def is_real_folder(path: Path) -> bool:
    """Returns whether `path` is a folder, and not a link to one."""
    return path.is_dir() and not path.is_symlink()


def remove_tree(path: Path) -> None:
    """Deletes a file, a link, or a folder with all its content."""
    if is_real_folder(path):
        shutil.rmtree(path)
    else:
        path.unlink()


def remove_whole(path: Path) -> None:
    """Deletes like `remove_tree`, but atomically: `path` is complete or does not exist."""
    partial = partial_name(path)
    if path != partial and os.path.lexists(partial):
        remove_tree(partial)
    path.rename(partial)
    remove_tree(partial)


def size_of_tree(path: Path) -> int:
    """Returns the bytes that `path` takes on disk: allocated blocks, with hard links counted once."""
    seen: set[tuple[int, int]] = set()
    total_bytes = 0
    for place in chain((path,), paths_below(path)):
        status = status_of(place)
        if status is not None and (status.st_dev, status.st_ino) not in seen:
            seen.add((status.st_dev, status.st_ino))
            total_bytes += status.st_blocks * 512
    return total_bytes


def free_bytes(path: Path) -> int:
    """Returns the bytes that a program without privileges can still write at `path`."""
    return shutil.disk_usage(existing_part(path)).free


def filesystem_of(path: Path) -> int:
    """Returns a number that is equal for two paths exactly if they are on the same filesystem."""
    return existing_part(path).stat().st_dev


def existing_part(path: Path) -> Path:
    """Returns `path`, or its nearest existing parent."""
    return path if path.exists() else existing_part(path.parent)


def rebased(path: Path, old: Path, new: Path) -> Path:
    """Returns `path` moved from `old` to `new`; a path outside `old` is returned unchanged."""
    return new / path.relative_to(old) if path.is_relative_to(old) else path
