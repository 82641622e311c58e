"""A dump as a stream of SQL that is read by the beginnings of its lines, in constant memory."""

import re
from collections.abc import Iterator

LONGEST_BEGINNING = 64  # bytes of a line that a pattern may look at
TOO_LONG = 1 << 24  # bytes; no server words a definition as long as that


class DumpStream:
    """Rows hold no line ends in a dump: one that is longer than memory is passed through in pieces."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._held = b""
        self._has_more = True

    @property
    def is_over(self) -> bool:
        """Whether nothing is left."""
        return not self._held and not self._has_more

    def is_at(self, words: bytes | tuple[bytes, ...]) -> bool:
        """Whether these words (one of them) come next; `until` has seen to it that they are there."""
        return self._held.startswith(words)

    def until(self, line: "re.Pattern[bytes]") -> Iterator[bytes]:
        """Everything up to the next line that begins so, or to the end."""
        while (found := line.search(self._held)) is None and self._has_more:
            kept = self._held.rfind(b"\n", max(0, len(self._held) - LONGEST_BEGINNING))
            passed = self._held if kept < 0 else self._held[:kept]
            yield passed
            self._read_more(self._held[len(passed) :])
        end = len(self._held) if found is None else found.start() + 1
        passed, self._held = self._held[:end], self._held[end:]
        yield passed

    def statement(self) -> bytes:
        """What comes next, up to a semicolon at a line's end."""
        return self._through(b";\n")

    def line(self) -> bytes:
        """What comes next, up to the line's end."""
        return self._through(b"\n")

    def _through(self, end: bytes) -> bytes:
        while (found := self._held.find(end)) < 0 and self._has_more and len(self._held) < TOO_LONG:
            self._read_more(self._held)
        length = len(self._held) if found < 0 else found + len(end) - 1
        passed, self._held = self._held[:length], self._held[length:]
        return passed

    def _read_more(self, before: bytes) -> None:
        more = next(self._chunks, None)
        self._has_more = more is not None
        self._held = before + (more or b"")
