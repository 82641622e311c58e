"""Checks the headers of a package's entries. Each rule returns the end of a sentence, or None."""

import tarfile

from installer.bundle.archive.tar_stream import Entry
from installer.bundle.layout import MANIFEST, is_inside, path_problem
from installer.text import _

LARGEST_MANIFEST_BYTES = 16 << 20


def head_problem(entry: Entry | None) -> str | None:
    """Returns why an archive that begins with `entry` is not a package."""
    if entry is None or entry.path.partition("/")[2] != MANIFEST or not entry.is_file:
        return _("it does not begin with {file}", file=MANIFEST)
    if entry.size_bytes > LARGEST_MANIFEST_BYTES:
        return _("its {file} has {size} bytes", file=MANIFEST, size=entry.size_bytes)
    return path_problem(entry.path)


def place_problem(entry: Entry, root: str) -> str | None:
    """Returns why a package may not have an entry with this path."""
    problem = path_problem(entry.path)
    if problem is None and not is_inside(entry.path, (root,)):
        return _("is outside {root}", root=root)
    return problem


def type_words(type_flag: bytes) -> str:
    """Names a type that is neither a file nor a folder, by tar's type flag."""
    return {
        tarfile.SYMTYPE: _("is a symbolic link"),
        tarfile.LNKTYPE: _("is a hard link"),
        tarfile.CHRTYPE: _("is a device"),
        tarfile.BLKTYPE: _("is a device"),
        tarfile.FIFOTYPE: _("is a named pipe"),
    }.get(type_flag, _("is not a regular file"))


def header_problem(entry: Entry, mode: int) -> str | None:
    """Returns why plain `tar` would unpack an entry with permissions other than the manifest's."""
    if entry.mode != mode:
        return _("has mode {found} instead of {listed}", found=f"{entry.mode:04o}", listed=f"{mode:04o}")
    if entry.owner != (0, 0):
        return _("belongs to user {user} and group {group}", user=entry.owner[0], group=entry.owner[1])
    return None
