"""What a delta that has been written leaves out, as its own manifest says."""

from dataclasses import dataclass
from pathlib import Path

from installer.system.reading.package_reader import find_package, open_package


@dataclass(frozen=True)
class LeftOut:
    """The number of layers that are not in a package, and what they take uncompressed."""

    layers: int
    size_bytes: int


def read_left_out(package: Path) -> LeftOut:
    """Read the head of a package, which `package` or its first part is."""
    with open_package(find_package(package), _untold) as stream:
        manifest = stream.manifest
    sizes = {layer.diff_id: layer.size_bytes for image in manifest.images for layer in image.layers}
    return LeftOut(len(manifest.left_out), sum(sizes[diff_id] for diff_id in manifest.left_out))


def _untold(size_bytes: int) -> None:
    """Only the beginning is read."""
