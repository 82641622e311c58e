"""Finds the container names that compose files fix, as written: without knowing any variable."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from installer.site.files.written_compose import Written, read_written


def fixed_container_names(folder: Path, files: Iterable[str]) -> frozenset[str]:
    """Returns the container names in these files of `folder` and in the files they include or extend."""
    services = read_written(folder, files).services
    return frozenset(name for service in services for name in _name_of(service))


def _name_of(service: tuple[Written, ...]) -> Iterator[str]:
    said = (str(part.node["container_name"]) for part in service if "container_name" in part.node)
    yield from list(said)[:1]
