"""Writes images.tar out of archives that engines would save, and reads it again."""

import gzip
import io
import tarfile
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from installer.bundle.manifest.manifest import Image, Layer
from packager.compression.gzip_codec import GzipCodec
from packager.compression.packer import Packer
from packager.images.ask_engine import Read, asking
from packager.images.image_configs import WantedImage
from packager.images.images_tar import write_images
from packager.layers.images_sink import ImagesSink
from packager.layers.layer_cache import LayerCache
from tests.packager.saved_images import Made, named


@dataclass
class Engine:
    """Gives out one archive, and remembers what it was asked for."""

    archive: bytes
    asked: list[Sequence[str]] = field(default_factory=list)

    @contextmanager
    def save(self, image_ids: Sequence[str]) -> Iterator[IO[bytes]]:
        self.asked.append(image_ids)
        yield io.BytesIO(self.archive)


@dataclass(frozen=True)
class Written:
    """What was written: the images, images.tar packed and as it is."""

    images: tuple[Image, ...]
    packed: bytes
    raw: bytes

    @property
    def names(self) -> list[str]:
        with tarfile.open(fileobj=io.BytesIO(self.raw)) as archive:
            return archive.getnames()

    @property
    def layers(self) -> list[bytes]:
        """The contents of all blobs before the first config."""
        configs = {image.id.replace(":", "/") for image in self.images}
        with tarfile.open(fileobj=io.BytesIO(self.raw)) as archive:
            blobs = [(entry.name, archive.extractfile(entry)) for entry in archive]
            first = next(i for i, (name, _file) in enumerate(blobs) if name.removeprefix("blobs/") in configs)
            return [file.read() for _name, file in blobs[:first] if file]


def wanted(made: Made, image_id: str | None = None) -> WantedImage:
    size_bytes = sum(map(len, made.layers))
    platform = f"linux/{made.architecture}"
    return WantedImage(made.reference, image_id or made.id, platform, made.diff_ids, size_bytes)


def described(made: Made) -> Image:
    layers = tuple(Layer(named(one), len(one)) for one in made.layers)
    return Image(made.reference, named(made.config), f"linux/{made.architecture}", layers)


def write(
    engine: Engine | io.BytesIO,
    folder: Path,
    *images: WantedImage | Made,
    cache: Path | None = None,
    leave_out: Collection[str] = (),
    read: Read | None = None,
) -> Written:
    """images.tar of these images; `cache` is a folder."""
    source = engine if isinstance(engine, Engine) else Engine(engine.getvalue())
    asked = [one if isinstance(one, WantedImage) else wanted(one) for one in images]
    packed = io.BytesIO()
    with Packer(packed, GzipCodec(), threads=1) as packer:
        sink = ImagesSink(packer)
        kept = LayerCache(cache, sink.packer) if cache else None
        with asking(source.save, asked, kept, read) as on_their_way:
            listed = write_images(on_their_way, sink, folder, lambda size: None, leave_out=leave_out)
    return Written(listed, packed.getvalue(), gzip.decompress(packed.getvalue()))
