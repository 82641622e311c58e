"""Finds the config of an image of the plan among the documents that an engine saved.

Images are identified by digest, never by name: a name can move to another image while an export runs.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from installer.bundle.images.docker_archive import digest
from installer.errors import Refused
from installer.text import _
from packager.layers.image_documents import Document, ImageConfig, ImageManifest, leads_to

DEEPEST = 3  # an index in an index, then a manifest, then a config

Documents = Mapping[str, Document]
"""Documents by their digest, with `sha256:`."""


@dataclass(frozen=True)
class WantedImage:
    """An image of the plan as the engine reported it. `reference` is its name in the package.

    `id` is the engine's: the digest of the config with the classic store; with containerd's, that of a
    manifest, or of an index of manifests for several platforms. `platform` and `diff_ids` are those of the
    image to save; `size_bytes` is its size according to the engine. One that `is_laid` is not the engine's,
    but in an image layout, and its `id` is the digest of a manifest.
    """

    reference: str
    id: str
    platform: str
    diff_ids: tuple[str, ...]
    size_bytes: int = 0
    is_laid: bool = False


def find_config(wanted: WantedImage, documents: Documents) -> ImageConfig:
    """Returns the config of the planned image. Raises `Refused` if it is missing or not the only one."""
    found = {one.raw: one for one in standing_behind(wanted.id, documents) if isinstance(one, ImageConfig)}
    if not found:
        raise _left_out(wanted)
    for_platform = [config for config in found.values() if config.platform == wanted.platform]
    if not for_platform:
        raise _another_platform(wanted, list(found.values()))
    planned = [config for config in for_platform if config.diff_ids == wanted.diff_ids]
    if len(planned) != 1:
        raise _ambiguous(wanted, for_platform)
    return planned[0]


def standing_behind(name: str, documents: Documents, depth: int = DEEPEST) -> Iterator[Document]:
    """Yields the document with this digest and all available documents that it leads to.

    Attestations are among them; they have no platform and no layer of an image.
    """
    document = documents.get(name)
    if document is None:
        return
    yield document
    for named in leads_to(document) if depth else ():
        yield from standing_behind(named, documents, depth - 1)


def addresses(config: ImageConfig, documents: Documents) -> dict[str, str]:
    """Maps diff IDs to URLs of layers that no engine distributes."""
    config_digest = digest(config.raw)
    return {
        diff_id: url
        for manifest in documents.values()
        if isinstance(manifest, ImageManifest) and manifest.config == config_digest
        for diff_id, url in zip(config.diff_ids, manifest.elsewhere, strict=False)
        if url
    }


def _left_out(wanted: WantedImage) -> Refused:
    return Refused(
        _("The engine did not save the image {image}.", image=wanted.reference),
        details=[wanted.id],
        hint=_("Pull or build the image again, then run the export again."),
    )


def _another_platform(wanted: WantedImage, found: Sequence[ImageConfig]) -> Refused:
    platforms = sorted({config.platform.strip("/") or _("no platform") for config in found})
    return Refused(
        _(
            "The engine does not have {image} for {platform}.",
            image=wanted.reference,
            platform=wanted.platform,
        ),
        details=[_("Available for: {platforms}", platforms=", ".join(platforms))],
        hint=_(
            "Pull or build the image for {platform}, then run the export again.", platform=wanted.platform
        ),
    )


def _ambiguous(wanted: WantedImage, found: Sequence[ImageConfig]) -> Refused:
    return Refused(
        _("{image} is ambiguous: the engine has several images for {platform}.",
          platform=wanted.platform, image=wanted.reference),
        details=[digest(config.raw) for config in found],
        hint=_(
            "Remove the image from the engine, pull or build it for one platform, then run the export "
            "again."),
    )  # fmt: skip
