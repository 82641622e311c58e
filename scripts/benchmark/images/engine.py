"""Inspects the engine that the environment names: its processes, and its images.

There are two engines: one to export from, and one on the site. After a save of images with shared layers,
engine 26.1.5 never deletes these layers, and a load would find them.
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
    """Selects the engine of the site in the environment while the body runs."""
    outside = os.environ["DOCKER_HOST"]
    os.environ["DOCKER_HOST"] = os.environ[SITE]
    try:
        yield
    finally:
        os.environ["DOCKER_HOST"] = outside


def engine_processes() -> tuple[int, ...]:
    """Returns the engine's process and all its children."""
    folder = Path(os.environ["DOCKER_HOST"].removeprefix("unix://")).parent
    return tuple(family(int((folder / "pid").read_text())))


def layer_folders() -> tuple[Path, ...]:
    """Returns the folders that a classic store reads when it saves images."""
    return _root() / "image", _root() / "overlay2"


def remove(references: Sequence[str]) -> None:
    """Removes these images from the engine."""
    succeeds("docker", "rmi", "--force", *references)
    output_of("docker", "image", "prune", "--force")


def forget(references: Sequence[str]) -> None:
    """Removes these images from the engine; raises TestbedProblem unless all their own layers are gone."""
    remove(references)
    if left := (*there_of(references), *_layers_without_image()):
        raise TestbedProblem(f"The engine keeps {', '.join(left)}.")


def expect(references: Sequence[str]) -> None:
    """Raises TestbedProblem unless the engine has all of these."""
    there = there_of(references)
    if lacking := [name for name in references if name not in there]:
        raise TestbedProblem(f"The engine lacks {', '.join(lacking)}.")


def there_of(references: Iterable[str]) -> tuple[str, ...]:
    """Returns those of the images that the engine has."""
    listed = output_of("docker", "images", "--format", "{{.Repository}}:{{.Tag}}").split()
    return tuple(name for name in references if name in listed)


def _layers_without_image() -> tuple[str, ...]:
    """Returns the chain IDs of layers that a classic store keeps although no image has them."""
    kept = {f"sha256:{path.name}" for path in _root().glob("image/*/layerdb/sha256/*")}
    return tuple(sorted(kept - held_chains(Engine.connect())))


def _root() -> Path:
    return Path(output_of("docker", "info", "--format", "{{.DockerRootDir}}").strip())
