"""Tells what a power cut leaves of a disk: everything in order, or what the disk's own cache had not lost."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from testbed.power.write_log import Record, records_of


@dataclass(frozen=True)
class PowerCut:
    """A power cut after `moment` records of a log.

    Without a seed, every write has reached the disk. With one, only those up to the last flush are certain;
    of each later one, some blocks are lost with the disk's cache, as the seed says.
    """

    log: Path
    moment: int
    seed: int | None = None

    def __str__(self) -> str:
        cache = "in order" if self.seed is None else f"cache lost, seed {self.seed}"
        return f"record {self.moment}, {cache}"


def blocks_left(cut: PowerCut) -> Iterator[tuple[int, int]]:
    """Yields the blocks that were written, in order, each with the position of its bytes in the log."""
    happened = records_of(cut.log)[: cut.moment]
    certain = len(happened) if cut.seed is None else last_flush(happened)
    for record in happened[:certain]:
        if not record.is_flush:
            yield from record.blocks
    yield from _survivors(happened[certain:], random.Random(cut.seed))


def last_flush(records: Sequence[Record]) -> int:
    """Returns how many records had happened when the last flush had; 0 without any."""
    flushes = (number for number in range(len(records), 0, -1) if records[number - 1].is_flush)
    return next(flushes, 0)


def _survivors(records: Sequence[Record], dice: random.Random) -> Iterator[tuple[int, int]]:
    share = dice.random()
    for record in records:
        yield from (block for block in record.blocks if dice.random() < share)
