"""Keeps how each file of a folder looked before it was copied, so that the next pass knows what has changed.

One line of JSON for each file, in the order of the walk: no pass holds more than one of them.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass, replace
from pathlib import Path
from typing import IO

DOUBT_NS = 3_000_000_000  # file systems count time in steps of up to two seconds


@dataclass(frozen=True)
class Look:
    """A regular file as it was before it was copied; times are in nanoseconds.

    Not `is_sure` if it was changed a moment before: it may be changed again without another time.
    """

    path: str
    device: int
    inode: int
    size: int
    changed_ns: int
    modified_ns: int
    is_sure: bool = False

    def tells_unchanged(self, now: "Look") -> bool:
        """Returns whether the file certainly has the content that it had when it looked like this."""
        return self.is_sure and replace(now, is_sure=True) == self


def look_of(path: str, status: os.stat_result, now_ns: int) -> Look:
    """Returns the look of a file with this status, taken at the time `now_ns`."""
    times = (status.st_ctime_ns, status.st_mtime_ns)
    is_sure = max(times) < now_ns - DOUBT_NS
    return Look(path, status.st_dev, status.st_ino, status.st_size, *times, is_sure)


class EarlierLooks:
    """The looks of the pass before, asked for in the order of the walk."""

    def __init__(self, looks: Iterator[Look]) -> None:
        self._looks = looks
        self._next = next(looks, None)

    def of(self, path: str) -> Look | None:
        """Returns how the file looked; None if it was not there. Later questions are about later paths."""
        while self._next is not None and place_of(self._next.path) < place_of(path):
            self._next = next(self._looks, None)
        return self._next if self._next is not None and self._next.path == path else None


def place_of(path: str) -> tuple[str, ...]:
    """Returns what orders paths as the walk does: a folder's content right after it."""
    return tuple(path.split("/"))


@contextmanager
def earlier_looks(path: Path) -> Iterator[EarlierLooks]:
    """Yields the looks kept in this file; none if there is no such file."""
    if not path.exists():
        yield EarlierLooks(iter(()))
        return
    with path.open(encoding="ascii") as lines:
        yield EarlierLooks(Look(*json.loads(line)) for line in lines)


def keep_look(file: IO[str], look: Look) -> None:
    """Appends a look."""
    file.write(json.dumps(astuple(look)) + "\n")
