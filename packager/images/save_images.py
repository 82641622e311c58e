"""Saves the images of a plan into images.tar: from the engine, an image layout, or the cache."""

import time
from collections.abc import Collection, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from pathlib import Path

from installer.bundle.manifest.manifest import Image
from installer.errors import Refused
from installer.screen.console import Console
from installer.system.docker.docker import Engine, EngineProblem
from installer.text import _
from packager.compression.codec import Codec
from packager.image_build.prepared_images import PreparedImage
from packager.images.ask_engine import Asked, asking
from packager.images.image_configs import WantedImage
from packager.images.images_tar import write_images
from packager.layers.images_sink import ImagesSink
from packager.layers.layer_cache import LayerCache, cache_warning
from packager.layouts.laid_image import laid_files


def ask_for_images(
    images: Sequence[PreparedImage], engine: Engine, codec: Codec, cache: Path | None
) -> AbstractContextManager[Asked]:
    """Requests what the folder `cache`, packed by `codec`, does not have: from the engine or its layout.

    The images are requested by ID, so that a name may change meanwhile.
    """
    kept = LayerCache(cache, codec.name) if cache else None
    laid = {one.stored.id: one.laid for one in images if one.laid}
    return asking(
        engine.save,
        [_wanted(one) for one in images],
        kept,
        lambda image_ids: laid_files(laid[one] for one in image_ids),
    )


@dataclass(frozen=True)
class Saving:
    """The images to save: layers wait in `folder` for their turn, `leave_out` are diff IDs."""

    images: Sequence[PreparedImage]
    asked: Asked
    folder: Path
    leave_out: Collection[str] = ()


def save_images(saving: Saving, engine: Engine, console: Console, sink: ImagesSink) -> tuple[Image, ...]:
    """Writes images.tar to `sink`. Raises `Refused` if the engine does not return what was planned."""
    total_bytes = sum({one.stored.id: one.stored.size_bytes for one in saving.images}.values())
    with console.progress(_("Saving"), total_bytes) as advance:
        try:
            images = write_images(saving.asked, sink, saving.folder, advance, leave_out=saving.leave_out)
        except EngineProblem as failure:
            raise Refused(
                _("The engine could not save the images."),
                details=[*_gone(saving.images, engine), failure.happened, *failure.details],
                hint=failure.hint or _("Check that all images still exist, then run the export again."),
            ) from failure
    if saving.asked.cache is not None:
        saving.asked.cache.forget_unused(time.time())
        if saving.asked.cache.problem is not None:
            console.warn(cache_warning(saving.asked.cache.problem))
    return images


def _wanted(image: PreparedImage) -> WantedImage:
    stored = image.stored
    return WantedImage(
        image.reference,
        stored.id,
        image.platform,
        stored.diff_ids,
        stored.size_bytes,
        is_laid=image.laid is not None,
    )


def _gone(images: Sequence[PreparedImage], engine: Engine) -> list[str]:
    """Returns a message for each image that is gone: the engine itself names it only by ID, if at all."""
    with suppress(EngineProblem):
        return [
            _("{image} is no longer in the engine.", image=image.reference)
            for image in images
            if image.laid is None and engine.image(image.stored.id) is None
        ]
    return []
