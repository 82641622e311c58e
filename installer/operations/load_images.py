"""Brings the package's images into the engine without taking a tag from an image that is in use.

Until the old release is stopped, a tag that both releases use keeps meaning the old image; the new one
waits under a holding tag. `point_tags_at_new` and `point_tags_back` move the tags.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from installer.bundle.manifest import Image, Manifest
from installer.console import Console
from installer.errors import AirlockError, BadPackage
from installer.system.docker import Engine, StoredImage, holding
from installer.text import _, ngettext

CHUNK_BYTES = 1 << 20


def load_images(engine: Engine, manifest: Manifest, images_tar: Path, console: Console) -> str:
    """Load what the engine lacks, check every image, and give back the result in words.

    Raises `BadPackage` when the engine does not hold an image exactly as the manifest describes it.
    """
    missing = [image for image in manifest.images if stored(engine, image) is None]
    if missing:
        with _tags_kept(engine, manifest.images):
            _load(engine, images_tar, console)
        _expect_all(engine, manifest)
    return ngettext(
        "{count} image loaded, {present} already there", "{count} images loaded, {present} already there",
        len(missing), present=len(manifest.images) - len(missing),
    )  # fmt: skip


def point_tags_at_new(engine: Engine, manifest: Manifest) -> None:
    """Let every reference mean the package's image; the image it meant keeps a holding tag."""
    for image in manifest.images:
        new, old = stored(engine, image), engine.image(image.reference)
        if new is None:
            raise AirlockError(
                _("The image {reference} has vanished from the engine.", reference=image.reference)
            )
        if old is not None and old.id != new.id:
            engine.tag(old.id, holding_tag(image.reference, old.id))
        engine.tag(new.id, image.reference)


def point_tags_back(engine: Engine, images: tuple[tuple[str, str], ...]) -> None:
    """Let every reference mean the image that the old release ran with."""
    for reference, image_id in images:
        meant = engine.image(reference)
        if meant is None or meant.id != image_id:
            engine.tag(image_id, reference)


def stored(engine: Engine, image: Image) -> StoredImage | None:
    """The engine's copy of exactly this image, under whatever name it has it."""
    is_classic = engine.version().classic_store
    names = (image.id, image.reference, holding_tag(image.reference, image.id))
    found = (engine.image(name) for name in names)
    same = (it for it in found if holding(it, image, id_is_configuration=is_classic) == "same")
    return next((it for it in same if it is not None and (is_classic or engine.is_usable(it.id))), None)


def holding_tag(reference: str, image_id: str) -> str:
    """A tag of the same repository that belongs to one image only: `mariadb:airlock-407845ca2f1b`."""
    repository = reference.rpartition(":")[0] if ":" in reference.rpartition("/")[2] else reference
    return f"{repository}:airlock-{image_id.removeprefix('sha256:')[:12]}"


@contextmanager
def _tags_kept(engine: Engine, images: Sequence[Image]) -> Iterator[None]:
    """Let the tags of `images` mean the same after the body, though it loads others over them.

    The old image gets a holding tag first: containerd's store forgets an image that loses its last name.
    """
    found = [(image, engine.image(image.reference)) for image in images]
    before = [(image, old.id) for image, old in found if old is not None and old.id != image.id]
    for image, old_id in before:
        engine.tag(old_id, holding_tag(image.reference, old_id))
    try:
        yield
    finally:
        for image, old_id in before:
            _give_tag_back(engine, image, old_id)


def _give_tag_back(engine: Engine, image: Image, old_id: str) -> None:
    new = engine.image(image.reference)
    if new is not None and new.id != old_id:
        engine.tag(new.id, holding_tag(image.reference, image.id))
        engine.tag(old_id, image.reference)


def _load(engine: Engine, images_tar: Path, console: Console) -> None:
    def chunks() -> Iterator[bytes]:
        with images_tar.open("rb") as file:
            while chunk := file.read(CHUNK_BYTES):
                advance(len(chunk))
                yield chunk

    with console.progress(_("Loading images"), images_tar.stat().st_size) as advance:
        engine.load(chunks())


def _expect_all(engine: Engine, manifest: Manifest) -> None:
    incomplete = [image.reference for image in manifest.images if stored(engine, image) is None]
    if incomplete:
        raise BadPackage(
            _("The engine did not take over all images."),
            details=incomplete,
            hint=_("Check the engine's disk and log, then run the command again."),
        )
