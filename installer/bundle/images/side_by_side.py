"""Divides what an engine lacks into loads that run side by side.

An engine unpacks the layers of one load one after another, on one processor. A layer that two loads need is
sent and unpacked twice, so images that share most of theirs stay together.
"""

from collections.abc import Collection

from installer.bundle.images.load_stream import Selection, layer_sizes
from installer.bundle.manifest.manifest import Image


def side_by_side(whole: Selection, most: int) -> tuple[Selection, ...]:
    """At most `most` selections, none empty, that together have all of `whole`, every image once."""
    loads: list[list[Image]] = [[] for _number in range(most)]
    for image in sorted(whole.images, key=lambda image: _sent(whole, [image]), reverse=True):
        min(loads, key=lambda load: _price(whole, load, image)).append(image)
    return tuple(_part(whole, load) for load in loads if load)


def _price(whole: Selection, load: list[Image], image: Image) -> int:
    """What a load that takes this image grows to, and once more what it grows by: both are dear."""
    grown = _sent(whole, [*load, image])
    return grown + (grown - _sent(whole, load))


def _sent(whole: Selection, images: Collection[Image]) -> int:
    return _part(whole, images).layers_bytes


def _part(whole: Selection, images: Collection[Image]) -> Selection:
    """The same order as in `whole`, whatever that of `images`."""
    chosen = tuple(image for image in whole.images if image in images)
    return Selection(chosen, whole.layers & layer_sizes(chosen).keys())
