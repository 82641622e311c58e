"""Copies a folder ahead of time, while others write to it, and later only what changed since."""

import errno
import os
from contextlib import suppress
from pathlib import Path

from installer.errors import Failed
from installer.system.files.files import is_real_folder, remove_tree, rename_durably, sync_filesystem
from installer.system.mirror.content import Told
from installer.system.mirror.one_pass import OnePass
from installer.system.mirror.seen_files import earlier_looks
from installer.text import _


def mirror(source: Path, copy: Path, *, while_written: bool, told: Told = lambda size_bytes: None) -> None:
    """Makes `copy` equal to `source`: content, names, links, holes, owners, modes, times and attributes.

    The first pass copies all, each later one what changed since; a pass that was killed, or after which the
    power failed, is made good by the next one. Others may write to `source` `while_written`: then the copy is
    equal but for that. `told` gets the number of bytes of each block that was compared or copied; what it
    raises ends the pass. Raises `Failed`.
    """
    seen, beside = seen_path(copy), seen_path(copy).with_suffix(".new")
    try:
        with earlier_looks(seen) as earlier, beside.open("w", encoding="ascii") as looks:
            OnePass(source, copy, earlier, looks, told, while_written=while_written).run()
            _flush(copy)
            looks.flush()
            os.fsync(looks.fileno())
        rename_durably(beside, seen)
    except OSError as problem:
        raise _failure(source, copy, problem) from problem


def seen_path(copy: Path) -> Path:
    """Returns the file beside the copy that tells the next pass what this one saw."""
    return copy.with_name(f"{copy.name}.seen")


def forget(copy: Path) -> None:
    """Deletes what the passes kept beside the copy."""
    for path in (seen_path(copy), seen_path(copy).with_suffix(".new")):
        path.unlink(missing_ok=True)


def discard_mirror(copy: Path) -> None:
    """Deletes the copy, if there is one, and what was kept beside it."""
    forget(copy)  # first: without the copy it would be wrong
    with suppress(FileNotFoundError):
        remove_tree(copy)


def _flush(copy: Path) -> None:
    if is_real_folder(copy):
        sync_filesystem(copy)
    elif copy.is_file() and not copy.is_symlink():
        with copy.open("rb") as file:
            os.fsync(file.fileno())


def _failure(source: Path, copy: Path, problem: OSError) -> Failed:
    if problem.errno in (errno.ENOSPC, errno.EDQUOT):
        return Failed(
            _("The disk of {path} is full.", path=copy.parent),
            details=[str(problem)],
            hint=_("Make room, then run the command again."),
        )
    return Failed(_("{path} could not be copied.", path=source), details=[str(problem)])
