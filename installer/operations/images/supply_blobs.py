"""Supplies the blobs of a release's images: from its package, else from the engine."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from installer.bundle.images.load_stream import LARGEST_CONFIG_BYTES
from installer.bundle.images.passing_blobs import PassingBlob, Take, Wanted, pass_blobs
from installer.bundle.layout import shown
from installer.bundle.manifest.manifest import Image, Manifest
from installer.errors import AirlockError, BadPackage, Refused
from installer.operations.images.engine_blobs import pass_saved_blobs
from installer.operations.images.stored_images import stored
from installer.operations.package.images_source import ImagesSource, find_source
from installer.operations.package.inspect_ import read_head
from installer.screen.console import Advance, Console
from installer.system.docker.docker import Engine
from installer.text import _, ngettext


@dataclass(frozen=True)
class BlobSupply:
    """The images of a release in `place`, a package file or an unpacked package."""

    place: Path
    manifest: Manifest
    console: Console

    def give(self, wanted: Wanted, title: str, take: Take) -> None:
        """Passes every wanted blob to `take`, under a progress bar with this title.

        Raises `Refused` if some are neither in the package nor in the engine, `BadPackage` for a damaged
        package: `take` may have got blobs before, each right by itself.
        """
        left = dict(wanted)

        def taking(blob: PassingBlob) -> None:
            if left[blob.digest] is None and blob.size_bytes > LARGEST_CONFIG_BYTES:
                raise _too_large(blob)
            take(blob)
            del left[blob.digest]

        reasons = self._give_from_package(left, title, taking) if left else []
        if left:
            reasons += self._give_from_engine(left, title, taking)
        if left:
            raise _missing(self.manifest.images, left, reasons)

    def _give_from_package(self, wanted: Wanted, title: str, take: Take) -> list[str]:
        """Returns why the package was not read."""
        try:
            source = self._source()
        except Refused as problem:
            return [problem.happened, *problem.details]
        with source.opened(title, self.console) as (images_tar, prove):
            pass_blobs(images_tar, prove, wanted, take)
        return []

    def _source(self) -> ImagesSource:
        if self.place.is_dir():
            return find_source(self.place, self.manifest, None)
        return ImagesSource(self.place, is_package=True)

    def _give_from_engine(self, wanted: Wanted, title: str, take: Take) -> list[str]:
        """Returns which images the engine does not have, or why it was not asked."""
        try:
            engine = Engine.connect()
            found = {image.reference: stored(engine, image) for image in _with(self.manifest.images, wanted)}
        except AirlockError as problem:
            return [problem.happened, *problem.details]
        there = [image.id for image in found.values() if image is not None]
        total_bytes = sum(size or 0 for size in wanted.values())
        if there:
            with self.console.progress(title, total_bytes) as advance, engine.save(there) as saved:
                pass_saved_blobs(saved, wanted, lambda blob: take(_told(blob, advance)))
        return [
            _("{image} is not in the engine.", image=reference)
            for reference, image in found.items()
            if image is None
        ]


def supply_of(place: Path, console: Console) -> BlobSupply:
    """Returns the supply of a package. Raises `Refused` if it has no images."""
    manifest = read_head(place, console)
    if not manifest.images:
        raise Refused(_("{path} has no images.", path=place))
    return BlobSupply(place, manifest, console)


def sizes_of(images: Iterable[Image]) -> dict[str, int | None]:
    """Returns all blobs of images: layers with their sizes, and configs, whose sizes are not known."""
    sizes: dict[str, int | None] = {}
    for image in images:
        sizes |= {layer.diff_id: layer.size_bytes for layer in image.layers}
        sizes[image.id] = None
    return sizes


def _with(images: Iterable[Image], wanted: Wanted) -> list[Image]:
    """Returns the images that have one of the wanted blobs."""
    return [image for image in images if not wanted.keys().isdisjoint((image.id, *image.diff_ids))]


def _told(blob: PassingBlob, advance: Advance) -> PassingBlob:
    def chunks() -> Iterator[bytes]:
        for chunk in blob.chunks:
            advance(len(chunk))
            yield chunk

    return PassingBlob(blob.digest, blob.size_bytes, chunks())


def _too_large(blob: PassingBlob) -> BadPackage:
    return BadPackage(
        _("The images do not match their descriptions."),
        details=[_("{digest} is too large for the config of an image.", digest=blob.digest)],
    )


def _missing(images: Sequence[Image], left: Wanted, reasons: Sequence[str]) -> Refused:
    incomplete = []
    for image in _with(images, left):
        count = len(left.keys() & {image.id, *image.diff_ids})
        line = ngettext(
            "{image}: {count} blob is missing", "{image}: {count} blobs are missing", count,
            image=shown(image.reference),
        )  # fmt: skip
        incomplete.append(line)
    return Refused(
        _("Neither the package nor the engine has all images."),
        details=[*incomplete, *reasons],
        hint=_("Specify the whole package, or for a delta the one that `airlock combine` made."),
    )
