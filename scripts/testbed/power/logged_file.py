"""Serves the disk of a FUSE file until it is unmounted; `python3 -m testbed.power.logged_file` starts it.

    logged_file PLACE SIZE LOG [CUT …]

The disk has what power cuts left of earlier logs, one upon the other; each CUT is `MOMENT SEED LOG`, in one
word. Everything that is written from now on goes to LOG.
"""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from testbed.power.fuse import leave_mounts, mount_file, serve
from testbed.power.power_cut import PowerCut, blocks_left
from testbed.power.write_log import BLOCK_BYTES, WriteLog

READY = "ready"
NO_SEED = "-"
ZEROS = bytes(BLOCK_BYTES)


class LoggedDisk:
    """A disk that consists of the logs of its writes alone."""

    def __init__(self, size: int, log: WriteLog, beneath: Sequence[PowerCut]) -> None:
        self.size = size
        self._log = log
        self._places: dict[int, tuple[int, int]] = {}  # of each block: a file, and the position there
        for cut in beneath:
            file = os.open(cut.log, os.O_RDONLY)
            self._places.update((block, (file, position)) for block, position in blocks_left(cut))

    def read(self, offset: int, size: int) -> bytes:
        end = min(offset + size, self.size)
        first, last = offset // BLOCK_BYTES, -(-end // BLOCK_BYTES)
        whole = b"".join(self._block(number) for number in range(first, last))
        return whole[offset - first * BLOCK_BYTES :][: end - offset]

    def write(self, offset: int, content: memoryview) -> None:
        assert offset % BLOCK_BYTES == 0 and len(content) % BLOCK_BYTES == 0, (offset, len(content))
        record = self._log.write(offset, content)
        self._places.update((block, (self._log.file, position)) for block, position in record.blocks)

    def flush(self) -> None:
        self._log.flush()

    def _block(self, number: int) -> bytes:
        place = self._places.get(number)
        return os.pread(place[0], BLOCK_BYTES, place[1]) if place else ZEROS


def word_of(cut: PowerCut) -> str:
    """Returns a cut as a word of the command line."""
    return f"{cut.moment} {NO_SEED if cut.seed is None else cut.seed} {cut.log}"


def cut_of(word: str) -> PowerCut:
    """Returns the cut that `word_of` wrote."""
    moment, seed, log = word.split(" ", 2)
    return PowerCut(Path(log), int(moment), None if seed == NO_SEED else int(seed))


if __name__ == "__main__":
    place, size, log, *cuts = sys.argv[1:]
    disk = LoggedDisk(int(size), WriteLog(Path(log)), [cut_of(cut) for cut in cuts])
    kernel = mount_file(Path(place))
    leave_mounts()
    print(READY, flush=True)
    serve(kernel, disk)
