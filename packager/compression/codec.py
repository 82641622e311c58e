"""Defines what every compression of a package provides. gzip, zstd and none each have their own module."""

from typing import Literal, Protocol

Compression = Literal["gzip", "zstd", "none"]


class Codec(Protocol):
    """One compression. Its members (gzip) or frames (zstd) are independent of each other."""

    @property
    def name(self) -> str:
        """Returns program, version and level: the same name means the same bytes for the same block."""

    @property
    def ending(self) -> str:
        """Returns the ending of the package's name, such as ".tar.gz"."""

    @property
    def block_bytes(self) -> int:
        """Returns how much content one member holds."""

    def pack(self, block: bytes) -> bytes:
        """Returns one member with this content. Raises `Failed` if it does not decompress to exactly that."""

    def bound(self, content_bytes: int) -> int:
        """Returns a size that fits any content of this size as one member, and can be filled exactly."""

    def filler(self, size_bytes: int, blank: bytes) -> bytes:
        """Returns exactly so many bytes without content. `blank` is a tar entry without content.

        Raises `ValueError` if it is impossible.
        """

    def unpack(self, member: bytes) -> bytes | bytearray:
        """Returns the content of one member made by `pack`. Raises `ValueError` if it is not a valid one."""
