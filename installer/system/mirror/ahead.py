"""Copies a file or folder ahead of time, while others write to it, and completes the copy when they stopped.

The copy has an unfinished name until it is complete, and so has what the passes keep beside it.
"""

import os
from pathlib import Path

from installer.system.files.files import partial_name, remove_tree, rename_durably
from installer.system.mirror.content import Told
from installer.system.mirror.mirror import mirror, new_name


def nothing_told(_size_bytes: int) -> None:
    """Does nothing with the number of bytes that were copied."""


def copy_ahead(source: Path, target: Path, told: Told = nothing_told) -> None:
    """Begins the copy that `complete_copy` completes, or brings it closer to its source. Raises `Failed`."""
    mirror(source, partial_name(target), _seen(target), told, while_written=True)


def complete_copy(source: Path, target: Path, told: Told = nothing_told) -> None:
    """Copies durably and atomically, and only what `copy_ahead` has not: nobody may write to `source`.

    `target` is complete or does not exist. Raises `Failed`, also if a file changes meanwhile.
    """
    mirror(source, partial_name(target), _seen(target), told, while_written=False)
    forget(target)
    rename_durably(partial_name(target), target)


def discard_copy(target: Path) -> None:
    """Deletes a copy that is not complete, and what was kept beside it; does nothing if there is none."""
    forget(target)  # first: it would be wrong about another copy
    if os.path.lexists(partial_name(target)):
        remove_tree(partial_name(target))


def forget(target: Path) -> None:
    """Deletes what the passes keep beside the copy: the next one compares all content."""
    for path in (_seen(target), new_name(_seen(target))):
        path.unlink(missing_ok=True)


def _seen(target: Path) -> Path:
    return partial_name(target.with_name(f"{target.name}.seen"))
