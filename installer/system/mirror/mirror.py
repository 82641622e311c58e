"""Makes a copy equal to its source in passes, each of which brings only what changed since the one before."""

import errno
import os
from pathlib import Path

from installer.errors import Failed
from installer.system.files.files import disk_full, flush_copy, rename_durably
from installer.system.mirror.content import Told
from installer.system.mirror.one_pass import OnePass
from installer.system.mirror.seen_files import earlier_looks
from installer.text import _


def mirror(source: Path, copy: Path, seen: Path, told: Told, *, while_written: bool) -> None:
    """Makes `copy` equal to `source`: content, names, links, holes, owners, modes, times and attributes.

    The first pass copies all. The file `seen` tells each later one what changed since; a pass that was
    killed, or after which the power failed, is made good by the next one. Others may write to `source`
    `while_written`: then the copy is equal but for that. `told` gets the number of bytes of each block that
    was compared or copied; what it raises ends the pass. Raises `Failed`.
    """
    beside = new_name(seen)
    try:
        with earlier_looks(seen) as earlier, beside.open("w", encoding="ascii") as looks:
            OnePass(source, copy, earlier, looks, told, while_written=while_written).run()
            flush_copy(copy)
            looks.flush()
            os.fsync(looks.fileno())
        rename_durably(beside, seen)
    except OSError as problem:
        raise _failure(source, copy, problem) from problem


def new_name(seen: Path) -> Path:
    """Returns the name of the file `seen` until the pass is complete."""
    return seen.with_name(f".new{seen.name}")


def _failure(source: Path, copy: Path, problem: OSError) -> Failed:
    if problem.errno in (errno.ENOSPC, errno.EDQUOT):
        return disk_full(copy, [str(problem)])
    return Failed(_("{path} could not be copied.", path=source), details=[str(problem)])
