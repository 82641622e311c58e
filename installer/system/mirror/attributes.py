"""Gives a copy the owner, mode, times and extended attributes of its original."""

import os
import shutil
from contextlib import suppress
from pathlib import Path


def copy_attributes(source: Path, copy: Path) -> None:
    """Makes them equal; those of a link are its own. Only root can keep the owners of others."""
    status = source.lstat()
    with suppress(PermissionError):
        os.chown(copy, status.st_uid, status.st_gid, follow_symlinks=False)
    for name in _attributes(copy) - _attributes(source):
        os.removexattr(copy, name, follow_symlinks=False)
    shutil.copystat(source, copy, follow_symlinks=False)


def _attributes(path: Path) -> set[str]:
    """Returns the names of the extended attributes; none where the file system has none."""
    try:
        return set(os.listxattr(path, follow_symlinks=False))
    except OSError:
        return set()
