"""No compression: for layers that are compressed already, or a medium that is faster than the machine."""


class PlainCodec:
    """Passes everything on."""

    name = "none"
    ending = ".tar"
    block_bytes = 1 << 20

    def pack(self, block: bytes) -> bytes:
        """The block itself."""
        return block

    def bound(self, content_bytes: int) -> int:
        """Entries of a tar archive fill whole blocks, and so does what fills the room they leave."""
        return content_bytes

    def filler(self, size_bytes: int, blank: bytes) -> bytes:
        """Entries that say nothing."""
        count, rest = divmod(size_bytes, len(blank))
        if rest or count < 0:
            raise ValueError(f"{size_bytes} bytes cannot be filled with entries of {len(blank)}")
        return blank * count

    def unpack(self, member: bytes) -> bytes:
        """The bytes themselves."""
        return member
