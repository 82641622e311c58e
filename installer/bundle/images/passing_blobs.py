"""Reads chosen blobs out of images.tar as they come by, each proved by its own digest."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from installer.bundle.archive.gzip_stream import Damaged
from installer.bundle.archive.tar_stream import Blocks, TarStream
from installer.bundle.images.docker_archive import BLOB
from installer.bundle.images.load_stream import Prove
from installer.bundle.layout import IMAGES
from installer.errors import BadPackage
from installer.text import _


@dataclass(frozen=True)
class PassingBlob:
    """A blob with a digest. `chunks` can be read once, and raises `Damaged` before the last of them."""

    digest: str
    size_bytes: int
    chunks: Iterator[bytes]


Take = Callable[[PassingBlob], None]
"""Takes a blob, and reads it to its end."""


Wanted = Mapping[str, int | None]
"""The digests of wanted blobs, with their sizes in bytes as far as known."""


def pass_blobs(images_tar: Blocks, prove: Prove, wanted: Wanted, take: Take) -> None:
    """Passes each wanted blob to `take`. Raises `BadPackage` at the end unless all that was read is right."""
    problem = None
    try:
        for blob in _passing(TarStream(images_tar), dict(wanted)):
            take(blob)
    except Damaged as damage:
        problem = damage
    prove()
    if problem is not None:
        raise BadPackage(
            _("{file} does not contain the images that the manifest lists.", file=IMAGES),
            details=[str(problem)],
            hint=_("Ask the vendor for a new package: this one was built incorrectly."),
        )


def proven(chunks: Iterable[bytes | memoryview], digest: str) -> Iterator[bytes]:
    """Yields chunks; the last one only after the digest of all was right. Raises `Damaged`."""
    hashed = hashlib.sha256()
    held = b""
    for chunk in chunks:
        hashed.update(chunk)
        if held:
            yield held
        held = bytes(chunk)
    if f"sha256:{hashed.hexdigest()}" != digest:
        raise Damaged(_("the layer {digest} is damaged or altered", digest=digest))
    yield held


def expect_size(digest: str, size_bytes: int, wanted: Wanted) -> None:
    """Raises `Damaged` if a blob has another size than wanted."""
    if wanted[digest] not in (size_bytes, None):
        raise Damaged(_("{digest} appears twice, or its size differs", digest=digest))


def _passing(archive: TarStream, wanted: dict[str, int | None]) -> Iterator[PassingBlob]:
    while found := archive.next_entry():
        blob = BLOB.fullmatch(found.path)
        digest = f"sha256:{blob[1]}" if blob and found.is_file else ""
        if digest in wanted:
            expect_size(digest, found.size_bytes, wanted)
            del wanted[digest]
            yield PassingBlob(digest, found.size_bytes, proven(archive.content(), digest))
