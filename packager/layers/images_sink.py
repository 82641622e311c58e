"""Where images.tar goes while it is made: hashed, packed layer by layer, or taken as it was packed before."""

import hashlib
from collections.abc import Iterable
from contextlib import AbstractContextManager

from packager.compression.packer import Content, Packer, Writable


class ImagesSink:
    """Takes images.tar and knows its digest and size."""

    def __init__(self, packer: Packer) -> None:
        self._packer = packer
        self._digest = hashlib.sha256()
        self.size_bytes = 0

    @property
    def packer(self) -> str:
        """Names the compressor: members recorded under the same name may be used again."""
        return self._packer.codec.name

    @property
    def sha256(self) -> str:
        """The digest of all content so far."""
        return self._digest.hexdigest()

    def write(self, content: bytes) -> None:
        """Add content."""
        self._count(content)
        self._packer.write(content)

    def boundary(self) -> None:
        """What follows begins a new member."""
        self._packer.boundary()

    def recording(self, file: Writable) -> AbstractContextManager[None]:
        """What is packed in the body is also written to `file`, which has all of it when the context ends."""
        return self._packer.recording(file)

    def reuse(self, members: Iterable[bytes], size_bytes: int) -> None:
        """Add members that were recorded earlier as they are; boundaries at both ends.

        Raises `ValueError` when they do not hold as much content, or are damaged; then the package is spoilt.
        """
        end = self.size_bytes + size_bytes
        self._packer.boundary()
        for member in self._packer.unpacked(members, self._count):
            self._packer.write_packed(member)
        if self.size_bytes != end:
            raise ValueError("the members hold more or less than they should")

    def _count(self, content: Content) -> None:
        self._digest.update(content)
        self.size_bytes += len(content)
