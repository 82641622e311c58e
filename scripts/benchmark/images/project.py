"""Writes the smallest Compose project that exports some images."""

from collections.abc import Sequence
from pathlib import Path

from benchmark.images.releases import BenchImage

APPLICATION = "bench"


def write_project(parent: Path, images: Sequence[BenchImage]) -> Path:
    """Creates the project's folder in `parent`, with a service for each image."""
    folder = parent / APPLICATION
    folder.mkdir(parents=True)
    services = [
        f"  service-{number}:\n    image: {image.reference}\n" for number, image in enumerate(images, 1)
    ]
    (folder / "docker-compose.yml").write_text("services:\n" + "".join(services))
    return folder
