"""Turns the engine's stream of saved images into images.tar: each layer once, hashed, proven complete.

Constant memory. An engine may silently leave layers out (moby#49473), so every image is compared with its
own configuration.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TypedDict

from installer.bundle.archive import END_OF_ARCHIVE, entry
from installer.bundle.docker_archive import digest, full_name, metadata, platform_of
from installer.bundle.manifest import Image
from installer.errors import Refused
from installer.text import _
from packager.engine_archive import EngineArchive, Sink


@dataclass(frozen=True)
class WantedImage:
    """An image of the plan. `saved_as` is the reference for the engine, `id` the name the engine gave it."""

    reference: str
    saved_as: str
    id: str


class _Listed(TypedDict):
    """An image in the manifest.json of `docker save`."""

    Config: str
    RepoTags: list[str] | None
    Layers: list[str]


def write_images(
    stream: IO[bytes], wanted: Sequence[WantedImage], sink: Sink, spool: Path, advance: Callable[[int], None]
) -> tuple[Image, ...]:
    """Read `docker save` from `stream`, write images.tar to `sink`, and say which images are in it.

    `spool` is a folder for one layer at a time. Raises `Refused` when the engine left something out.
    """
    saved = EngineArchive(sink, spool, advance)
    saved.read(stream)
    listed: list[_Listed] = json.loads(saved.documents.get("manifest.json", b"[]"))
    images = [_image(one, _find(one, listed, saved), saved) for one in wanted]
    for blob in metadata(images):
        sink(entry(blob.path, blob.content))
    sink(END_OF_ARCHIVE)
    return tuple(image for image, _config in images)


def _find(wanted: WantedImage, listed: Sequence[_Listed], saved: EngineArchive) -> _Listed:
    """By its name; an image asked for by digest has none, but the engine's ID for it."""
    for one in listed:
        names = [full_name(name) for name in one["RepoTags"] or ()]
        if full_name(wanted.saved_as) in names or digest(saved.documents[one["Config"]]) == wanted.id:
            return one
    raise Refused(_("The engine left the image {image} out when saving.", image=wanted.reference))


def _image(wanted: WantedImage, listed: _Listed, saved: EngineArchive) -> tuple[Image, bytes]:
    """The image and its config, every layer of the config found."""
    config = saved.documents[listed["Config"]]
    described = json.loads(config)
    diff_ids: list[str] = described["rootfs"]["diff_ids"]
    layers = tuple(layer for path in listed["Layers"] if (layer := saved.layer(path)))
    if [layer.diff_id for layer in layers] != diff_ids:
        found = {layer.diff_id for layer in layers}
        raise Refused(
            _("The engine left layers of the image {image} out when saving.", image=wanted.reference),
            details=[diff_id for diff_id in diff_ids if diff_id not in found],
            hint=_("Update the engine, or pull and build the images again."),
        )
    return Image(wanted.reference, digest(config), platform_of(described), layers), config
