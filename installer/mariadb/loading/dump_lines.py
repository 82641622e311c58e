"""Reads a dump as a stream of SQL by the beginnings of its lines, in constant memory."""

import re
from collections.abc import Iterator

LONGEST_BEGINNING = 64  # bytes of a line that a pattern may look at
USUAL_DELIMITER = re.compile(rb"\nDELIMITER ;\s")  # ends the parts of a dump that use another one
TOO_LONG = 1 << 24  # bytes; no server writes a definition of this length


class DumpStream:
    """Reads a dump part by part; passes a line that is longer than memory through in pieces.

    Rows of a dump contain no line ends.
    """

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._held = b""
        self._has_more = True

    @property
    def is_over(self) -> bool:
        """Returns whether the stream has ended."""
        return not self._held and not self._has_more

    def is_at(self, words: bytes | tuple[bytes, ...]) -> bool:
        """Returns whether one of these beginnings comes next; `until` has read far enough to know."""
        return self._held.startswith(words)

    def until(self, line: "re.Pattern[bytes]") -> Iterator[bytes]:
        """Yields everything up to the next line that begins with the pattern, or to the end."""
        while (found := line.search(self._held)) is None and self._has_more:
            kept = self._held.rfind(b"\n", max(0, len(self._held) - LONGEST_BEGINNING))
            passed = self._held if kept < 0 else self._held[:kept]
            yield passed
            self._read_more(self._held[len(passed) :])
        end = len(self._held) if found is None else found.start() + 1
        passed, self._held = self._held[:end], self._held[end:]
        yield passed

    def statement(self) -> bytes:
        """Returns the rest of the current statement, up to a semicolon at a line's end."""
        return self._through(b";\n")

    def line(self) -> bytes:
        """Returns the rest of the current line."""
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
