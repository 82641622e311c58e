"""Reads a stream in its own thread, some blocks ahead, to decompress while other threads hash and send."""

from queue import Queue
from threading import Event, Thread

from installer.bundle.archive.tar_stream import Blocks

BLOCKS_AHEAD = 4  # of at most 1 MiB each


class ReadAhead:
    """Reads the blocks of another stream, in order; errors of that stream are raised here in their place."""

    def __init__(self, blocks: Blocks) -> None:
        self._blocks = blocks
        self._waiting: Queue[bytes | memoryview | BaseException] = Queue(BLOCKS_AHEAD)
        self._is_unwanted = Event()
        self._is_at_end = False
        self._problem: BaseException | None = None
        self._thread = Thread(target=self._read, daemon=True)
        self._thread.start()

    def read_some(self) -> bytes | memoryview:
        """Returns the next block; empty at the end, when the other stream is no longer read.

        Raises an error of the stream again on every further call.
        """
        if self._problem:
            raise self._problem
        if self._is_at_end:
            return b""
        block = self._waiting.get()
        if isinstance(block, BaseException):
            self._problem = block
            self._end()
            raise block
        if not len(block):
            self._end()
        return block

    def close(self) -> None:
        """Stops reading, and waits until it has stopped."""
        self._is_unwanted.set()
        while not self._is_at_end:
            block = self._waiting.get()
            if isinstance(block, BaseException) or not len(block):
                self._end()

    def _end(self) -> None:
        self._is_at_end = True
        self._thread.join()

    def _read(self) -> None:
        try:
            block = self._blocks.read_some()
            while len(block) and not self._is_unwanted.is_set():
                self._waiting.put(block)
                block = self._blocks.read_some()
            self._waiting.put(b"")
        except BaseException as problem:
            self._waiting.put(problem)
