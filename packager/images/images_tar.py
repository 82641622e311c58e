"""Makes images.tar from images in an engine: each layer once, verified, in the same order on every engine.

Uses constant memory. An engine may silently leave layers out (moby#49473), so every image is compared with
its own configuration.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path

from installer.bundle.archive.tar_entries import END_OF_ARCHIVE, entry
from installer.bundle.images.docker_archive import digest, metadata
from installer.bundle.manifest.manifest import Image, Layer
from installer.bundle.manifest.value_rules import platform_problem
from installer.errors import Refused
from installer.text import _
from packager.images.ask_engine import Asked
from packager.images.engine_archive import read_engine_archives
from packager.images.image_configs import Documents, WantedImage, addresses, find_config, standing_behind
from packager.layers.images_sink import ImagesSink
from packager.layers.layer_entry import LayerWriter
from packager.layers.layer_order import LayerOrder
from packager.layers.saved_file import BrokenArchive

Advance = Callable[[int], None]


def write_images(
    asked: Asked, sink: ImagesSink, folder: Path, advance: Advance, *, leave_out: Collection[str] = ()
) -> tuple[Image, ...]:
    """Writes images.tar to `sink`, without the layers to `leave_out`, and returns the images in it.

    Layers that come before their turn wait in `folder`. Raises `Refused` if the engine leaves something out
    or returns anything other than what was requested.
    """
    writer = LayerWriter(sink, advance, asked.cache)
    wanted = {diff_id for one in asked.wanted for diff_id in one.diff_ids}
    with LayerOrder(writer, folder, wanted, cached=asked.layers, leave_out=leave_out) as layers:
        layers.write_ready()  # those of the cache, while the engine prepares
        documents = _read(asked, layers, advance)
        there = layers.finish()
    images = [_image(one, documents, there) for one in asked.wanted]
    _write_tables(images, sink)
    if asked.cache:
        behind = [one for image in asked.wanted for one in standing_behind(image.id, documents)]
        asked.cache.keep_documents(behind)
    return tuple(image for image, _config in images)


def _write_tables(images: Sequence[tuple[Image, bytes]], sink: ImagesSink) -> None:
    sink.boundary()
    for blob in metadata(images):
        sink.write(entry(blob.path, blob.content))
    sink.write(END_OF_ARCHIVE)


def _read(asked: Asked, layers: LayerOrder, advance: Advance) -> Documents:
    """Returns the documents of the cache and of the engine's archives."""
    try:
        return {**asked.documents, **read_engine_archives(asked.archives, layers, advance)}
    except BrokenArchive as broken:
        raise Refused(
            _("The archive from the engine is truncated or not a tar archive."),
            hint=_("Check the engine's log, then run the export again."),
        ) from broken


def _image(wanted: WantedImage, documents: Documents, there: Mapping[str, Layer]) -> tuple[Image, bytes]:
    """Returns the image and its config, after checking that every layer of the config was found."""
    config = find_config(wanted, documents)
    if not config.diff_ids:
        raise Refused(
            _("The image {image} is empty: it has no layers.", image=wanted.reference),
            hint=_("Build the image with content: an empty image cannot run."),
        )
    missing = [diff_id for diff_id in config.diff_ids if diff_id not in there]
    if missing:
        raise _layers_left_out(wanted, missing, addresses(config, documents))
    if problem := platform_problem(config.named_platform):
        raise Refused(
            _(
                "The platform in the config of {image} is invalid: {problem}",
                image=wanted.reference,
                problem=problem,
            ),
            details=[config.named_platform],
            hint=_("Build the image again, then run the export again."),
        )
    layers = tuple(there[diff_id] for diff_id in config.diff_ids)
    return Image(wanted.reference, digest(config.raw), config.named_platform, layers), config.raw


def _layers_left_out(wanted: WantedImage, missing: Sequence[str], urls: Mapping[str, str]) -> Refused:
    if wanted.is_laid:
        return Refused(
            _("The image layout has other layers of {image} than its config names.", image=wanted.reference),
            details=missing,
            hint=_("Write the image layout again, then run the export again."),
        )
    if not urls.keys().isdisjoint(missing):
        return Refused(
            _("The image {image} has layers that only their publisher distributes.", image=wanted.reference),
            details=[f"{diff_id} {urls.get(diff_id, '')}".rstrip() for diff_id in missing],
            hint=_("Use an image whose layers may be redistributed."),
        )
    return Refused(
        _("The engine did not save all layers of the image {image}.", image=wanted.reference),
        details=missing,
        hint=_("Update the engine, or pull and build the images again."),
    )
