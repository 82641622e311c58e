"""Flushes written data to the disk while more is written, so that the end does not wait for all of it."""

import os
from concurrent.futures import Future, ThreadPoolExecutor
from typing import BinaryIO

EVERY_BYTES = 32 << 20


class WriteBack:
    """Flushes one file at a time to the disk, repeatedly."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1)
        self._running: Future[None] | None = None
        self._new_bytes = 0

    def count(self, size_bytes: int, file: BinaryIO) -> None:
        """Counts written bytes and flushes once there are enough. Raises an earlier flush's `OSError`."""
        self._new_bytes += size_bytes
        if self._new_bytes >= EVERY_BYTES and (self._running is None or self._running.done()):
            self.send(file)

    def send(self, file: BinaryIO) -> None:
        """Starts to flush the file once the previous flush has ended. Raises the `OSError` of that flush."""
        self.finish()
        self._running = self._thread.submit(os.fdatasync, file.fileno())
        self._new_bytes = 0

    def finish(self) -> None:
        """Waits for the running flush; must be called before the file is closed. Raises `OSError`."""
        running, self._running = self._running, None
        if running:
            running.result()
