"""Files and folders of this machine: atomic writing, copying with everything kept, room on disk."""

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from installer.errors import AirlockError, Refused
from installer.system.process import ToolFailed, run
from installer.text import _

NO_SPACE = "No space left on device"


def write_atomically(path: Path, content: bytes, *, mode: int = 0o600) -> None:
    """Write `content` so that `path` has either its old bytes or all the new ones, also after a power cut."""
    descriptor, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fchmod(file.fileno(), mode)
            os.fsync(file.fileno())
        Path(beside).replace(path)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise
    fsync_folder(path.parent)


@contextmanager
def writable(place: Path) -> Iterator[None]:
    """Turn the system's refusals to write below `place` into `Refused`: before anything has changed."""
    try:
        yield
    except OSError as problem:
        if problem.errno in (errno.ENOSPC, errno.EDQUOT):
            raise Refused(
                _("The disk of {path} is full.", path=place), hint=_("Make room, then run the command again.")
            ) from problem
        where = problem.filename or place
        raise Refused(
            _("{path} cannot be written: {problem}.", path=where, problem=problem.strerror)
        ) from problem


def fsync_folder(folder: Path) -> None:
    """Make renames inside `folder` durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def copy_tree(source: Path, target: Path) -> None:
    """Copy a file or folder with owners, modes, times, links, sparse parts and extended attributes.

    Shares blocks where the filesystem can. `target` must not exist. Raises `ToolFailed` with cp's own words,
    `AirlockError` when the disk is full.
    """
    words = ("cp", "--archive", "--reflink=auto", "--sparse=auto", "--no-target-directory")
    done = run((*words, str(source), str(target)), secrets={"LC_ALL": "C"})
    if NO_SPACE in done.stderr:
        raise AirlockError(
            _("The disk of {path} is full.", path=target.parent),
            details=done.stderr.strip().splitlines()[:1],
            hint=_("Make room, then run the command again."),
        )
    if done.exit_code:
        raise ToolFailed(done)


def size_of_tree(path: Path) -> int:
    """Bytes that `path` takes on disk: allocated blocks, hard links once."""
    seen: set[tuple[int, int]] = set()
    total_bytes = 0
    for place in (path, *path.rglob("*")):
        try:
            status = place.lstat()
        except FileNotFoundError:  # a running database comes and goes with files
            continue
        if (status.st_dev, status.st_ino) not in seen:
            seen.add((status.st_dev, status.st_ino))
            total_bytes += status.st_blocks * 512
    return total_bytes


def free_bytes(path: Path) -> int:
    """Bytes an ordinary program may still write where `path` is or would be."""
    status = os.statvfs(existing_part(path))
    return status.f_bavail * status.f_frsize


def filesystem_of(path: Path) -> int:
    """A number that is equal for two paths exactly when they share a filesystem."""
    return existing_part(path).stat().st_dev


def existing_part(path: Path) -> Path:
    """`path`, or its nearest parent that exists."""
    return path if path.exists() else existing_part(path.parent)
