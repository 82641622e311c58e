"""Reads a stream in a thread of its own, some blocks ahead: it decompresses while others hash and send."""

from queue import Queue
from threading import Event, Thread

from installer.bundle.archive.tar_stream import Blocks

BLOCKS_AHEAD = 4  # of at most 1 MiB each


class ReadAhead:
    """The blocks of another stream, in their order; what that stream raises is raised here in its place."""

    def __init__(self, blocks: Blocks) -> None:
        self._blocks = blocks
        self._waiting: Queue[bytes | memoryview | BaseException] = Queue(BLOCKS_AHEAD)
        self._is_unwanted = Event()
        self._is_at_end = False
        self._problem: BaseException | None = None
        self._thread = Thread(target=self._read, daemon=True)
        self._thread.start()

    def read_some(self) -> bytes | memoryview:
        """The next block; empty at the end, when nobody reads the other stream any more.

        A problem that was met is raised again whenever more is asked for.
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
        """Stop reading, and wait until it has stopped."""
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
