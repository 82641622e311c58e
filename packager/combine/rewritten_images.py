"""Writes images.tar with layers from finished packages, in the one order that every package has them in."""

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from installer.bundle.archive.tar_entries import END_OF_ARCHIVE, entry
from installer.bundle.images.docker_archive import metadata
from installer.bundle.manifest.manifest import Image
from installer.screen.console import Advance, Console
from packager.combine.finished_package import FinishedPackage
from packager.combine.package_layers import PassingLayer
from packager.layers.images_sink import ImagesSink
from packager.layers.layer_entry import LayerWriter


@dataclass(frozen=True)
class RewrittenImages:
    """The images of the last of `packages`; `sources` are the layers to take from each, in their order."""

    packages: Sequence[FinishedPackage]
    sources: Sequence[frozenset[str]]
    title: str
    console: Console

    def write(self, sink: ImagesSink) -> tuple[Image, ...]:
        """Writes the layers in the order of their diff IDs, then the image tables. Returns the images."""
        last = self.packages[-1]
        images = last.ingredient.manifest.images
        sizes = {layer.diff_id: layer.size_bytes for image in images for layer in image.layers}
        total_bytes = sum(sizes[diff_id] for diff_id in frozenset().union(*self.sources))
        with self.console.progress(self.title, total_bytes) as advance:
            writer = LayerWriter(sink, advance)
            for passing in heapq.merge(*self._streams(), key=lambda one: one.layer.diff_id):
                writer.write(passing.layer, _counted(passing.chunks, advance))
        sink.boundary()
        for blob in metadata([(image, last.layers.configs[image.id]) for image in images]):
            sink.write(entry(blob.path, blob.content))
        sink.write(END_OF_ARCHIVE)
        return images

    def _streams(self) -> Iterator[Iterator[PassingLayer]]:
        last = self.packages[-1]
        image_ids = frozenset(image.id for image in last.ingredient.manifest.images)
        for package, wanted in zip(self.packages, self.sources, strict=True):
            yield package.layers.layers(wanted, image_ids if package is last else frozenset())


def _counted(chunks: Iterator[bytes], advance: Advance) -> Iterator[bytes]:
    for chunk in chunks:
        yield chunk
        advance(len(chunk))
