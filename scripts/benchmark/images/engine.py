"""The engine that the environment names, as for every `docker`: its processes, and what it holds.

There are two: one that images are exported from, and one on the site. For after a save of images that share
layers, engine 26.1.5 never gives these layers back, and a load would find them there.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from benchmark.images.watched import family
from installer.operations.images.held_chains import held_chains
from installer.system.docker.docker import Engine
from testbed.command import output_of, succeeds
from testbed.problem import TestbedProblem

SITE = "BENCH_SITE"


@contextmanager
def on_site() -> Iterator[None]:
    """In the body, the environment names the engine of the site."""
    outside = os.environ["DOCKER_HOST"]
    os.environ["DOCKER_HOST"] = os.environ[SITE]
    try:
        yield
    finally:
        os.environ["DOCKER_HOST"] = outside


def engine_processes() -> tuple[int, ...]:
    """The engine and all that it has started."""
    folder = Path(os.environ["DOCKER_HOST"].removeprefix("unix://")).parent
    return tuple(family(int((folder / "pid").read_text())))


def layer_folders() -> tuple[Path, ...]:
    """What a classic store reads when it saves images."""
    return _root() / "image", _root() / "overlay2"


def remove(references: Sequence[str]) -> None:
    """Take these images from the engine."""
    succeeds("docker", "rmi", "--force", *references)
    output_of("docker", "image", "prune", "--force")


def forget(references: Sequence[str]) -> None:
    """Take these images from the engine; raise TestbedProblem unless it has lost all that only they had."""
    remove(references)
    if left := (*there_of(references), *_layers_without_image()):
        raise TestbedProblem(f"The engine keeps {', '.join(left)}.")


def expect(references: Sequence[str]) -> None:
    """Raise TestbedProblem unless the engine holds all of these."""
    there = there_of(references)
    if lacking := [name for name in references if name not in there]:
        raise TestbedProblem(f"The engine does not hold {', '.join(lacking)}.")


def there_of(references: Iterable[str]) -> tuple[str, ...]:
    """Those of the images that the engine holds."""
    listed = output_of("docker", "images", "--format", "{{.Repository}}:{{.Tag}}").split()
    return tuple(name for name in references if name in listed)


def _layers_without_image() -> tuple[str, ...]:
    """The chain IDs of layers that a classic store keeps although no image has them."""
    kept = {f"sha256:{path.name}" for path in _root().glob("image/*/layerdb/sha256/*")}
    return tuple(sorted(kept - held_chains(Engine.connect())))


def _root() -> Path:
    return Path(output_of("docker", "info", "--format", "{{.DockerRootDir}}").strip())
