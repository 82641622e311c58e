"""Moves the tags of the package's images before, during and after an import.

Until the old release is stopped, a tag that both releases use points at the old image; the new one waits
under a holding tag. `point_tags_at_new` and `point_tags_back` move the tags.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from installer.bundle.manifest.manifest import Image, Manifest
from installer.errors import Failed
from installer.operations.images.stored_images import holding_tag, is_held, is_same, stored
from installer.system.docker.docker import Engine, StoredImage
from installer.text import _


def point_tags_at_new(engine: Engine, manifest: Manifest) -> None:
    """Points every reference at the package's image; its old image keeps a holding tag."""
    for image in manifest.images:
        new, old = stored(engine, image), engine.image(image.reference)
        if new is None:
            raise Failed(_("Image {reference} was removed from the engine.", reference=image.reference))
        if old is not None and old.id != new.id:
            _hold(engine, old, image.reference)
        engine.tag(new.id, image.reference)


def point_tags_back(engine: Engine, images: tuple[tuple[str, str], ...]) -> None:
    """Points every reference at the image that the old release ran with."""
    for reference, image_id in images:
        meant = engine.image(reference)
        if meant is None or meant.id != image_id:
            engine.tag(image_id, reference)


@contextmanager
def tags_kept(engine: Engine, images: Sequence[Image]) -> Iterator[None]:
    """Keeps the tags of `images` as they are, though the body loads others over them.

    The old image gets a holding tag first: containerd's store forgets an image that loses its last name.
    """
    found = [(image, engine.image(image.reference)) for image in images]
    before = [(image, old) for image, old in found if old is not None and not is_same(engine, old, image)]
    for image, old in before:
        _hold(engine, old, image.reference)
    try:
        yield
    finally:
        for image, old in before:
            _move_tag_back(engine, image, old.id)


def _hold(engine: Engine, image: StoredImage, reference: str) -> None:
    """Gives an image a holding tag, unless it has one: an import gave it that as a package's new image."""
    if not is_held(image):
        engine.tag(image.id, holding_tag(reference, image.id))


def _move_tag_back(engine: Engine, image: Image, old_id: str) -> None:
    new = engine.image(image.reference)
    if new is not None and new.id != old_id:
        engine.tag(new.id, holding_tag(image.reference, image.id))
        engine.tag(old_id, image.reference)
