"""Divides the images that an engine lacks into loads that run in parallel.

An engine unpacks the layers of one load one after another, on one processor. A layer that two loads need is
sent and unpacked twice, so images that share most of their layers stay together. On two processors an import
of images takes a tenth less time than with one load (13.3 s instead of 14.8 s for 0.6 GB).
"""

from collections.abc import Collection

from installer.bundle.images.load_stream import Selection, layer_sizes
from installer.bundle.manifest.manifest import Image


def side_by_side(whole: Selection, most: int) -> tuple[Selection, ...]:
    """Divides `whole` into at most `most` selections, none empty, with every image in exactly one."""
    loads: list[list[Image]] = [[] for _number in range(most)]
    for image in sorted(whole.images, key=lambda image: _sent(whole, [image]), reverse=True):
        min(loads, key=lambda load: _price(whole, load, image)).append(image)
    return tuple(_part(whole, load) for load in loads if load)


def _price(whole: Selection, load: list[Image], image: Image) -> int:
    """Returns the cost of adding this image to a load: its new size, plus its growth."""
    grown = _sent(whole, [*load, image])
    return grown + (grown - _sent(whole, load))


def _sent(whole: Selection, images: Collection[Image]) -> int:
    return _part(whole, images).layers_bytes


def _part(whole: Selection, images: Collection[Image]) -> Selection:
    """Returns the selection of these images, in the order of `whole`."""
    chosen = tuple(image for image in whole.images if image in images)
    return Selection(chosen, whole.layers & layer_sizes(chosen).keys())
