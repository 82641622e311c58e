"""Defines the measures by their names in the report, the commands by hand, and the targets.

In a command, `{images}` are the names of the images, `{changed}` are commands that save the images that the
next version changes, and `{memory}` is a folder in memory.
"""

from collections.abc import Callable
from dataclasses import dataclass

from benchmark.images.watched import Cost

MEMORY_LIMIT_BYTES = 150 * 1000**2
INSTALLER_BYTES = 5 * 1000**2
LINEAR_WITHIN = 0.15

HAND_EXPORT = "by hand: `docker save -o`, `tar -czf`"
SAVE = "the engine's save alone, to /dev/null"
SAVE_CHANGED = "the engine's save of the changed images alone, side by side"
GZIP = "export, `.tar.gz`"
ZSTD = "export, `.tar.zst`"
PLAIN = "export, `.tar`"
FILL_CACHE = "export, filling a cache"
NEXT = "export of the next version with that cache"
DELTA = "export of a delta (`--since`)"
HAND_IMPORT = "by hand: `tar -xzf`, `docker load -i`"
LOAD = "the engine's load alone, from memory"
IMPORT = "import, `.tar.gz`"
IMPORT_ZSTD = "import, `.tar.zst`"
IMPORT_DELTA = "import of a delta"
IMPORT_PRESENT = "import, images there already"
DISK_WRITE = "the images written to the disk for good"
SHA256 = "SHA-256 of the images"

LINES = {
    HAND_EXPORT: "docker save -o images.tar {images} && tar -czf images.tar.gz images.tar",
    SAVE: "docker save {images} > /dev/null",
    SAVE_CHANGED: "{changed} wait",
    HAND_IMPORT: "tar -xzf images.tar.gz && docker load -i images.tar",
    LOAD: "docker load < {memory}/images.tar",
    DISK_WRITE: "dd if={memory}/images.tar of=written bs=1M conv=fsync",
    SHA256: "openssl dgst -sha256 {memory}/images.tar",
}
EXPORTS = (HAND_EXPORT, SAVE, SAVE_CHANGED, GZIP, ZSTD, PLAIN, FILL_CACHE, NEXT, DELTA)
IMPORTS = (HAND_IMPORT, LOAD, IMPORT, IMPORT_ZSTD, IMPORT_DELTA, IMPORT_PRESENT)
FLOORS = (DISK_WRITE, SHA256)
OURS = (*EXPORTS[3:], *IMPORTS[2:])


def wall_time(cost: Cost) -> float:
    """Returns the wall time in seconds."""
    return cost.seconds


def package_size(cost: Cost) -> float:
    """Returns the package size in bytes."""
    return float(cost.size_bytes or 0)


@dataclass(frozen=True)
class Target:
    """A target: Airlock's figure is at most `limit` times that of another measure."""

    ours: str
    other: str
    figure: Callable[[Cost], float]
    limit: float


TARGETS = (
    Target(GZIP, HAND_EXPORT, wall_time, 0.27),
    Target(GZIP, SAVE, wall_time, 1.25),
    Target(GZIP, HAND_EXPORT, package_size, 1.15),
    Target(ZSTD, HAND_EXPORT, wall_time, 0.30),
    Target(ZSTD, HAND_EXPORT, package_size, 0.92),
    Target(NEXT, HAND_EXPORT, wall_time, 0.12),
    Target(IMPORT, HAND_IMPORT, wall_time, 0.9),
    Target(IMPORT, LOAD, wall_time, 1.15),
    Target(IMPORT_DELTA, HAND_IMPORT, wall_time, 0.2),
    Target(IMPORT_PRESENT, HAND_IMPORT, wall_time, 0.05),
)
