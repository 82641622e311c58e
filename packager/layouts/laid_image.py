"""Follows an entry of an image layout to its image: an index or none, a manifest, a config and layers."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from installer.errors import Refused
from installer.system.docker.held_images import StoredImage
from installer.text import _
from packager.layers.saved_file import SavedFile
from packager.layouts.descriptor import INDEXES, Descriptor
from packager.layouts.layout_documents import read_config, read_index, read_manifest
from packager.layouts.layout_files import damaged, expect_file, saved_file

UNKNOWN = "unknown/unknown"  # the platform of attestations


@dataclass(frozen=True)
class LaidImage:
    """An image in the layout `folder`. `digests` are those by which a registry may know it."""

    folder: Path
    manifest: Descriptor
    config: Descriptor
    layers: tuple[Descriptor, ...]
    stored: StoredImage
    digests: tuple[str, ...]


def read_image(folder: Path, reference: str, entry: Descriptor, platform: str) -> LaidImage:
    """Returns the image of an entry, the one for `platform` if there are several.

    Its documents are verified; of its layers, only that they are there with their size. Raises `Refused`.
    """
    chosen = entry
    if entry.media_type in INDEXES:
        chosen = _for_platform(folder, reference, entry, platform)
    described, layers = read_manifest(folder, chosen)
    config = read_config(folder, described)
    if len(layers) != len(config.diff_ids):
        raise damaged(folder / chosen.path, _("It has another number of layers than its config."))
    for layer in layers:
        expect_file(folder, layer)
    size_bytes = sum({one.digest: one.size_bytes for one in (chosen, described, *layers)}.values())
    stored = StoredImage(chosen.digest, (), config.diff_ids, config.platform, size_bytes)
    return LaidImage(folder, chosen, described, layers, stored, (entry.digest, chosen.digest))


def laid_files(images: Iterable[LaidImage]) -> Iterator[SavedFile]:
    """Yields every file of the images once, by name. Raises `Refused` where a digest or size is wrong."""
    places = {
        one.path: (image.folder, one)
        for image in images
        for one in (image.manifest, image.config, *image.layers)
    }
    for path in sorted(places):
        yield from saved_file(*places[path])


def _for_platform(folder: Path, reference: str, index: Descriptor, platform: str) -> Descriptor:
    """Returns the manifest for a platform: for exactly this one, else for another variant of it."""
    images = [one for one in read_index(folder, index) if one.platform != UNKNOWN]
    known = [one if one.platform else _with_platform(folder, one) for one in images]
    exact = [one for one in known if one.platform == platform]
    found = exact or [one for one in known if _is_one_machine(one.platform, platform)]
    if len({one.digest for one in found}) != 1:
        raise _not_one(folder / index.path, reference, platform, [one.platform for one in known])
    return found[0]


def _with_platform(folder: Path, manifest: Descriptor) -> Descriptor:
    """Returns the descriptor of a manifest with the platform that its config names."""
    config, _layers = read_manifest(folder, manifest)
    return replace(manifest, platform=read_config(folder, config).platform)


def _is_one_machine(one: str, other: str) -> bool:
    return one.split("/")[:2] == other.split("/")[:2]


def _not_one(path: Path, reference: str, platform: str, found: Iterable[str]) -> Refused:
    return damaged(
        path,
        _("It does not have exactly one image {image} for {platform}.", image=reference, platform=platform),
        _("Available for: {platforms}", platforms=", ".join(sorted(found)) or "-"),
        hint=_("Write the image layout for {platform}, then run the export again.", platform=platform),
    )
