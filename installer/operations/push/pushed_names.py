"""Decides under which names the images of a package are in a site's registry."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from installer.bundle.images.image_references import split_reference
from installer.bundle.manifest.manifest import Image
from installer.errors import Refused
from installer.system.registry.registry_place import RegistryPlace
from installer.text import _

REGISTRY = re.compile(r"(?:[^/]*[.:][^/]*|localhost|[^/]*[A-Z][^/]*)/")


@dataclass(frozen=True)
class PushedName:
    """An image, and its place in a registry."""

    image: Image
    repository: str
    tag: str


def pushed_names(images: Iterable[Image], place: RegistryPlace) -> tuple[PushedName, ...]:
    """Returns the names of `images` below `place`: their own, without the registry that they came from.

    Raises `Refused` if two different images would have the same name.
    """
    names = tuple(_name(image, place) for image in images)
    first: dict[tuple[str, str], Image] = {}
    for one in names:
        other = first.setdefault((one.repository, one.tag), one.image)
        if other.id != one.image.id:
            raise Refused(
                _("Two different images would have the same name in the registry: {name}",
                  name=f"{one.repository}:{one.tag}"),
                details=[other.reference, one.image.reference],
                hint=_("Ask the vendor for images whose names differ in more than the registry."),
            )  # fmt: skip
    return names


def _name(image: Image, place: RegistryPlace) -> PushedName:
    reference = split_reference(REGISTRY.sub("", image.reference, count=1))
    return PushedName(image, place.repository(reference.repository), reference.tag)
