"""Reads from a delta's own manifest what it leaves out, and its size."""

from dataclasses import dataclass
from pathlib import Path

from installer.system.reading.package_reader import find_package, open_package


@dataclass(frozen=True)
class LeftOut:
    """The number of layers that are not in a package, their uncompressed size, and that of its Python."""

    layers: int
    size_bytes: int
    python_size_bytes: int = 0


def read_left_out(package: Path) -> LeftOut:
    """Reads the manifest of a package; `package` is its file or its first part."""
    with open_package(find_package(package), _ignore_progress) as stream:
        manifest = stream.manifest
    sizes = {layer.diff_id: layer.size_bytes for image in manifest.images for layer in image.layers}
    return LeftOut(
        len(manifest.left_out),
        sum(sizes[diff_id] for diff_id in manifest.left_out),
        sum(file.size_bytes for file in manifest.left_out_files),
    )


def _ignore_progress(size_bytes: int) -> None:
    """Ignores reading progress: only the beginning is read."""
