"""Finds out whether a filesystem lets a copy share the blocks of its original."""

import fcntl
import tempfile
from pathlib import Path

from installer.system.files.files import existing_part, filesystem_of
from installer.system.files.plain_copy import FICLONE

PROBE_BYTES = 1 << 16


def shares_blocks(source: Path, target: Path) -> bool:
    """Returns whether a copy of `source` at `target` would share its blocks and take no disk space."""
    here, there = existing_part(source), existing_part(target)
    if filesystem_of(here) != filesystem_of(there):
        return False
    folder = there if there.is_dir() else there.parent
    try:
        with tempfile.TemporaryFile(dir=folder) as one, tempfile.TemporaryFile(dir=folder) as other:
            one.write(bytes(PROBE_BYTES))
            one.flush()
            fcntl.ioctl(other.fileno(), FICLONE, one.fileno())
    except OSError:
        return False
    return True
