"""Estimates how long a dump takes, from the first seconds of one that is not kept."""

import os
import select
import time
from contextlib import AbstractContextManager
from typing import IO

SAMPLE_SECONDS = 3.0
CHUNK_BYTES = 1 << 20
TELLING_DUMP_BYTES = 4 * 1024**2  # less may be only the dump's head: the server sorts before the first row


def dump_seconds(
    dumping: AbstractContextManager[IO[bytes]], data_bytes: int, sample_seconds: float
) -> float | None:
    """Returns how long dumping `data_bytes` takes, by the first seconds of the stream that is opened here.

    If the dump ends within the sample, the time is measured. None where too little arrived in that time for
    an estimate.
    """
    began = time.monotonic()
    try:
        with dumping as dump:
            _read_for_a_while(dump, began + sample_seconds)
    except _Enough as sample:
        return seconds_by_sample(sample.read_bytes, data_bytes, sample_seconds)
    return time.monotonic() - began


def seconds_by_sample(
    read_bytes: int, data_bytes: int, sample_seconds: float = SAMPLE_SECONDS
) -> float | None:
    """Returns how long all of the data takes if `read_bytes` were read within the sample."""
    if read_bytes < TELLING_DUMP_BYTES:
        return None
    return sample_seconds * max(1.0, data_bytes / read_bytes)


class _Enough(Exception):
    """Ends the dump after the sample; carries the bytes that were read."""

    def __init__(self, read_bytes: int) -> None:
        super().__init__(read_bytes)
        self.read_bytes = read_bytes


def _read_for_a_while(dump: IO[bytes], deadline: float) -> None:
    """Reads to the end, or raises `_Enough` at the deadline, even while nothing arrives."""
    read_bytes = 0
    while (left_seconds := deadline - time.monotonic()) > 0:
        if select.select([dump], [], [], left_seconds)[0]:
            chunk = os.read(dump.fileno(), CHUNK_BYTES)
            if not chunk:
                return
            read_bytes += len(chunk)
    raise _Enough(read_bytes)
