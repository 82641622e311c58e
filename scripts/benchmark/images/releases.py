"""Defines the measured images, and loads them into an engine from their layers, without a registry.

As a program, it creates missing layers from packages of a Debian mirror.
"""

import hashlib
import json
import os
import subprocess
import tarfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import IO

from benchmark.images import layers
from benchmark.images.layers import Layer, layer_file
from installer.bundle.archive.tar_entries import END_OF_ARCHIVE, entry, entry_header, entry_padding
from testbed.images.recipe import BUILT_AT
from testbed.problem import TestbedProblem

CHUNK_BYTES = 1 << 20
CopiedLayer = tuple[Layer, int]
GROWING = Layer("growing", ("python3-django", "python3-sqlalchemy"), layers.SITE)
ARCHITECTURE = {"x86_64": "amd64", "aarch64": "arm64"}


@dataclass(frozen=True)
class BenchImage:
    """An image of the layers up to `top`; another `copy` has the same files in separate layers."""

    reference: str
    top: Layer
    copy: int = 0

    @property
    def layers(self) -> tuple[CopiedLayer, ...]:
        """Returns its layers with their copy number, the lowest first."""
        return tuple((layer, self.copy) for layer in self.top.stack)


def release(edition: int) -> tuple[BenchImage, ...]:
    """Returns four images over one base, 10 layers; the next edition changes the two application layers."""
    return (
        BenchImage("bench/database:1", layers.DATABASE),
        BenchImage("bench/web:1", layers.SITE),
        BenchImage(f"bench/shop:{edition}", layers.shop(edition)),
        BenchImage(f"bench/worker:{edition}", layers.worker(edition)),
    )


def apart(count: int) -> tuple[BenchImage, ...]:
    """Returns `count` images of 0.3 GB each: the same files, no layer twice."""
    return tuple(BenchImage(f"bench/apart-{number}:1", GROWING, number) for number in range(count))


def alike(count: int) -> tuple[BenchImage, ...]:
    """Returns `count` images of the same layers, 0.3 GB in total."""
    return tuple(BenchImage(f"bench/alike-{number}:1", GROWING) for number in range(count))


def references(images: Sequence[BenchImage]) -> tuple[str, ...]:
    """Returns their names, for the command line."""
    return tuple(image.reference for image in images)


def every_layer(images: Sequence[BenchImage]) -> tuple[CopiedLayer, ...]:
    """Returns their layers, without duplicates."""
    return tuple(dict.fromkeys(one for image in images for one in image.layers))


def size_bytes(images: Sequence[BenchImage]) -> int:
    """Returns the uncompressed size of all their layers, without duplicates."""
    return sum(layer_file(layer).stat().st_size for layer, _copy in every_layer(images))


def give(images: Sequence[BenchImage]) -> None:
    """Loads the images into the engine of this server."""
    with subprocess.Popen(
        ("docker", "load", "--quiet"), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL
    ) as load:
        assert load.stdin
        _write_archive(images, load.stdin)
        load.stdin.close()
    if load.returncode:
        raise TestbedProblem("The engine could not load the images to measure.")


def _write_archive(images: Sequence[BenchImage], file: IO[bytes]) -> None:
    """Writes the layout that every engine reads: layers, configs, manifest.json."""
    digests = {one: _digest(one) for one in every_layer(images)}
    for one, digest in digests.items():
        _write_layer(one, f"{digest}.tar", file)
    listed = []
    for image in images:
        diff_ids = [digests[one] for one in image.layers]
        config = json.dumps(_config(image, diff_ids)).encode()
        name = f"{hashlib.sha256(config).hexdigest()}.json"
        file.write(entry(name, config))
        layer_names = [f"{digest}.tar" for digest in diff_ids]
        listed.append({"Config": name, "RepoTags": [image.reference], "Layers": layer_names})
    file.write(entry("manifest.json", json.dumps(listed).encode()) + END_OF_ARCHIVE)


def _write_layer(one: CopiedLayer, name: str, file: IO[bytes]) -> None:
    size = sum(map(len, _content(one)))
    file.write(entry_header(name, size))
    for chunk in _content(one):
        file.write(chunk)
    file.write(entry_padding(size))


def _config(image: BenchImage, diff_ids: list[str]) -> dict[str, object]:
    return {
        "architecture": ARCHITECTURE.get(os.uname().machine, os.uname().machine),
        "os": "linux",
        "created": BUILT_AT,
        "config": {"Cmd": ["sleep", "infinity"], "Labels": {"bench": image.reference}},
        "rootfs": {"type": "layers", "diff_ids": [f"sha256:{digest}" for digest in diff_ids]},
        "history": [{"created": BUILT_AT, "created_by": "bench"} for _digest in diff_ids],
    }


def _digest(one: CopiedLayer) -> str:
    digest = hashlib.sha256()
    for chunk in _content(one):
        digest.update(chunk)
    return digest.hexdigest()


def _content(one: CopiedLayer) -> Iterator[bytes]:
    """Yields the layer's archive; an empty file at the front makes a copy a different layer."""
    layer, copy = one
    if copy:
        yield tarfile.TarInfo(f".copy-{copy}").tobuf(tarfile.GNU_FORMAT)
    with layer_file(layer).open("rb") as file:
        yield from iter(lambda: file.read(CHUNK_BYTES), b"")


if __name__ == "__main__":
    for made, _copy in every_layer((*release(1), *release(2), *alike(1))):
        layer_file(made)
