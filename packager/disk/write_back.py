"""Lets what was written go to the disk while more is written, so that the end need not wait for all of it."""

import os
from concurrent.futures import Future, ThreadPoolExecutor
from typing import BinaryIO

EVERY_BYTES = 32 << 20


class WriteBack:
    """Sends one file at a time to the disk, again and again."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1)
        self._running: Future[None] | None = None
        self._new_bytes = 0

    def count(self, size_bytes: int, file: BinaryIO) -> None:
        """So many bytes more were written: enough of them are sent. Raises the `OSError` of those before."""
        self._new_bytes += size_bytes
        if self._new_bytes >= EVERY_BYTES and (self._running is None or self._running.done()):
            self.send(file)

    def send(self, file: BinaryIO) -> None:
        """Begin to send the file, once the sending before has ended. Raises the `OSError` of that one."""
        self.finish()
        self._running = self._thread.submit(os.fdatasync, file.fileno())
        self._new_bytes = 0

    def finish(self) -> None:
        """Wait for what is being sent; it must be called before the file is closed. Raises `OSError`."""
        running, self._running = self._running, None
        if running:
            running.result()
