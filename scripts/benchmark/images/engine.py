"""The engine of the server that the benchmark runs on: its processes, and what it holds."""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from benchmark.images.watched import family
from installer.operations.images.held_chains import held_chains
from installer.system.docker import Engine
from testbed.command import output_of, succeeds
from testbed.problem import TestbedProblem


def engine_processes() -> tuple[int, ...]:
    """The engine and all that it has started."""
    folder = Path(os.environ["DOCKER_HOST"].removeprefix("unix://")).parent
    return tuple(family(int((folder / "pid").read_text())))


def forget(references: Sequence[str]) -> None:
    """Take these images from the engine, and every layer that no other image has."""
    succeeds("docker", "rmi", "--force", *references)
    output_of("docker", "image", "prune", "--force")
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
    root = output_of("docker", "info", "--format", "{{.DockerRootDir}}").strip()
    kept = {f"sha256:{path.name}" for path in Path(root).glob("image/*/layerdb/sha256/*")}
    return tuple(sorted(kept - held_chains(Engine.connect())))
