"""Makes images.tar out of layers, exactly as a package has it."""

import io
import tarfile
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from installer.bundle.archive.tar_entries import END_OF_ARCHIVE, entry
from installer.bundle.images.docker_archive import blob_path, metadata
from installer.bundle.manifest.manifest import Image, Layer
from tests.packager.saved_images import Made, digest, layer

LOWER, UPPER, OTHER = layer("lower"), layer("upper"), layer("other")
WEB = Made("vault-web:2.1.2", (LOWER, UPPER))
DB = Made("vault-db:2.1.2", (LOWER, OTHER))


def image_of(made: Made) -> Image:
    layers = tuple(Layer(diff_id(one), len(one)) for one in made.layers)
    return Image(made.reference, made.id, "linux/amd64", layers)


def diff_id(content: bytes) -> str:
    return f"sha256:{digest(content)}"


def images_tar(
    *images: Made, without: Collection[bytes] = (), instead: Mapping[bytes, bytes] | None = None
) -> bytes:
    """All layers once, but those left out; `instead` puts another content under a layer's name."""
    layers = sorted({one for made in images for one in made.layers if one not in without}, key=diff_id)
    blobs = metadata([(image_of(made), made.config) for made in images])
    return b"".join(
        (
            *(entry(blob_path(diff_id(one)), (instead or {}).get(one, one)) for one in layers),
            *(entry(blob.path, blob.content) for blob in blobs),
            END_OF_ARCHIVE,
        )
    )


@dataclass(frozen=True)
class Stream:
    """Bytes that are read in pieces."""

    pieces: list[bytes]

    @classmethod
    def of(cls, content: bytes, piece_bytes: int = 1000) -> "Stream":
        return cls([content[at : at + piece_bytes] for at in range(0, len(content), piece_bytes)])

    def read_some(self) -> bytes:
        return self.pieces.pop(0) if self.pieces else b""


def names_in(archive: bytes) -> list[str]:
    """The entries of a tar archive, also of one that is cut off between two."""
    with tarfile.open(fileobj=io.BytesIO(archive)) as found:
        return found.getnames()


def layers_in(archive: bytes, known: Sequence[bytes]) -> set[bytes]:
    """Which of the `known` layers an archive holds."""
    return {one for one in known if blob_path(diff_id(one)) in names_in(archive)}
