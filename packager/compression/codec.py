"""What every compression of a package can do. gzip, zstd and none each stand in a file of their own."""

from typing import Literal, Protocol

Compression = Literal["gzip", "zstd", "none"]


class Codec(Protocol):
    """One compression. Its members (gzip) or frames (zstd) stand on their own and in any number."""

    @property
    def name(self) -> str:
        """Program, version and level: what has the same name makes the same bytes of the same block."""

    @property
    def ending(self) -> str:
        """What the package's name ends in, such as ".tar.gz"."""

    @property
    def block_bytes(self) -> int:
        """How much content one member gets."""

    def pack(self, block: bytes) -> bytes:
        """One member with this content. Raises `Failed` when it does not unpack to just that."""

    def bound(self, content_bytes: int) -> int:
        """Room in which any content of this size, packed as one member, can be filled up exactly."""

    def filler(self, size_bytes: int, blank: bytes) -> bytes:
        """Exactly so many bytes that say nothing. `blank` is a tar entry that says nothing.

        Raises `ValueError` when it cannot be done.
        """

    def unpack(self, member: bytes) -> bytes | bytearray:
        """The content of one member that `pack` made. Raises `ValueError` when it is damaged, or not one."""
