"""Stores without compression: for layers that are already compressed, or a medium faster than the machine."""


class PlainCodec:
    """Passes all content on unchanged."""

    name = "none"
    ending = ".tar"
    block_bytes = 1 << 20

    def pack(self, block: bytes) -> bytes:
        """Returns the block itself."""
        return block

    def bound(self, content_bytes: int) -> int:
        """Returns the size itself: tar entries fill whole blocks, and so does the filler."""
        return content_bytes

    def filler(self, size_bytes: int, blank: bytes) -> bytes:
        """Returns tar entries without content."""
        count, rest = divmod(size_bytes, len(blank))
        if rest or count < 0:
            raise ValueError(f"{size_bytes} bytes cannot be filled with entries of {len(blank)}")
        return blank * count

    def unpack(self, member: bytes) -> bytes:
        """Returns the bytes themselves."""
        return member
