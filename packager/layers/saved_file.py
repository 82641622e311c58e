"""Defines a file of saved images: of an engine's archive, or of an image layout."""

from collections.abc import Iterator

from installer.bundle.archive.checksums import CHUNK_BYTES, Readable


class BrokenArchive(Exception):
    """The archive is truncated or not a tar archive."""


class SavedFile:
    """A regular file of the archive. Its content can be read once, before the next file."""

    def __init__(self, name: str, size_bytes: int, stream: Readable) -> None:
        self.name = name
        self.size_bytes = size_bytes
        self._stream = stream
        self._left = size_bytes

    def chunks(self) -> Iterator[bytes]:
        """Yields the unread content in chunks. Raises `BrokenArchive` if it ends early."""
        while self._left:
            chunk = self._stream.read(min(self._left, CHUNK_BYTES))
            if not chunk:
                raise BrokenArchive
            self._left -= len(chunk)
            yield chunk
