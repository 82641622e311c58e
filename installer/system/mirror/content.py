"""Brings the content of one file up to date, writing only the blocks that differ."""

import errno
import fcntl
import os
from collections.abc import Callable, Iterator

from installer.system.files.plain_copy import FICLONE

BLOCK_BYTES = 1 << 20
ZEROS = bytes(BLOCK_BYTES)
Told = Callable[[int], None]


def bring_content(source: int, copy: int, size: int, told: Told) -> None:
    """Makes the open file `copy` equal to the first `size` bytes of the open file `source`.

    Shares their blocks if the file system can. Otherwise compares blocks, and neither reads nor makes holes
    in both; calls `told` with the bytes of each block. A source that became shorter ends the copy there.
    """
    if not _shares(source, copy):
        for start, length in _written_parts(source, copy, size):
            _bring_block(source, copy, start, length)
            told(length)
    os.ftruncate(copy, min(size, os.fstat(source).st_size))


def _shares(source: int, copy: int) -> bool:
    try:
        fcntl.ioctl(copy, FICLONE, source)
    except OSError:  # another file system, or one that cannot
        return False
    return True


def _bring_block(source: int, copy: int, start: int, length: int) -> None:
    wanted, found = os.pread(source, length, start), os.pread(copy, length, start)
    is_hole = not found and wanted == ZEROS[: len(wanted)]
    if wanted == found or is_hole:
        return
    written = 0
    while written < len(wanted):
        written += os.pwrite(copy, wanted[written:], start + written)


def _written_parts(source: int, copy: int, size: int) -> Iterator[tuple[int, int]]:
    """Yields beginning and length of each part that one of the files has written, a block at most."""
    start = 0
    while True:
        start = min(_seek(file, start, os.SEEK_DATA, size) for file in (source, copy))
        if start >= size:
            return
        end = max(_seek(file, start, os.SEEK_HOLE, start) for file in (source, copy))
        yield start, min(end, size, start + BLOCK_BYTES) - start
        start = min(end, start + BLOCK_BYTES)


def _seek(file: int, start: int, what: int, beyond: int) -> int:
    """Returns where data or a hole begins from `start` on; `beyond` if the file ends before it."""
    try:
        return os.lseek(file, start, what)
    except OSError as nothing:
        if nothing.errno == errno.ENXIO:
            return beyond
        raise
