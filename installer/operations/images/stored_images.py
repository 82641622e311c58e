"""Finds which of a package's images the engine already has, and under which names."""

import re
from collections.abc import Iterable

from installer.bundle.images.image_references import split_reference
from installer.bundle.manifest.manifest import Image, Manifest
from installer.system.compose.compose import Service
from installer.system.docker.docker import Engine, StoredImage, holding

HOLDING = re.compile("airlock-[0-9a-f]{12}")


def stored(engine: Engine, image: Image) -> StoredImage | None:
    """Finds the engine's copy of exactly this image, under any of its names."""
    is_classic = engine.version().classic_store
    names = (image.id, image.reference, holding_tag(image.reference, image.id))
    same = (it for it in map(engine.image, names) if is_same(engine, it, image))
    return next((it for it in same if it is not None and (is_classic or engine.is_usable(it.id))), None)


def is_same(engine: Engine, found: StoredImage | None, image: Image) -> bool:
    """Returns whether an image of the engine is the package's: their IDs may differ in containerd's store."""
    is_classic = engine.version().classic_store
    if found is None or holding(found, image, id_is_configuration=is_classic) != "same":
        return False
    return is_classic or engine.has_config(found.id, image)


def image_of_service(engine: Engine, manifest: Manifest, service: Service) -> StoredImage | None:
    """Finds the image that a service runs: exactly the package's where it has one of that reference."""
    promised = next((image for image in manifest.images if image.reference == service.image), None)
    return stored(engine, promised) if promised is not None else engine.image(service.image)


def missing_images(engine: Engine, images: Iterable[Image]) -> tuple[Image, ...]:
    """Returns those of `images` that the engine does not hold exactly."""
    return tuple(image for image in images if stored(engine, image) is None)


def is_held(image: StoredImage) -> bool:
    """Returns whether an image has a holding tag, whichever of its digests that is made of."""
    return any(HOLDING.fullmatch(split_reference(tag).tag) for tag in image.tags)


def holding_tag(reference: str, image_id: str) -> str:
    """Returns a tag of the same repository that belongs to one image only: `mariadb:airlock-407845ca2f1b`."""
    return f"{split_reference(reference).repository}:airlock-{image_id.removeprefix('sha256:')[:12]}"
