"""Receives images.tar while it is made: hashes it, and packs it layer by layer or reuses packed members."""

from collections.abc import Iterable
from contextlib import AbstractContextManager

from installer.bundle.archive.checksums import Tally
from installer.system.block_packer import Writable
from packager.compression.packer import Packer


class ImagesSink(Tally):
    """Receives images.tar and computes its digest and size."""

    def __init__(self, packer: Packer) -> None:
        super().__init__()
        self._packer = packer

    @property
    def packer(self) -> str:
        """Returns the name of the compressor: members recorded with the same name can be reused."""
        return self._packer.codec.name

    def write(self, content: bytes) -> None:
        """Adds content."""
        self.count(content)
        self._packer.write(content)

    def boundary(self) -> None:
        """Starts a new member for the content that follows."""
        self._packer.boundary()

    def recording(self, file: Writable) -> AbstractContextManager[None]:
        """Also writes what is packed in the body to `file`, completely once the context ends."""
        return self._packer.recording(file)

    def reuse(self, members: Iterable[bytes], size_bytes: int) -> None:
        """Adds members recorded earlier, unchanged, with boundaries at both ends.

        Raises `ValueError` if they are damaged or have a different size; the package is then unusable.
        """
        end = self.size_bytes + size_bytes
        self._packer.boundary()
        for member in members:
            self.count(self._packer.codec.unpack(member))
            self._packer.write_packed(member)
        if self.size_bytes != end:
            raise ValueError("the members have a different size than expected")
