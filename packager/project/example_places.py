"""Locates mounts whose path is only a variable, by `.env.example`: every site starts from its values."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from installer.bundle.layout import ENV_EXAMPLE
from installer.bundle.variables import NoValue, with_values
from installer.system.compose.environment import read_settings
from packager.project.compose_files import based
from packager.project.mounts import PATH_STARTS, BindMount, project_path
from packager.project.written_services import Compose


def with_example_places(compose: Compose, directory: Path) -> Compose:
    """Returns the compose files with those mounts located that `.env.example` places inside the project."""
    example = read_settings(directory / ENV_EXAMPLE, {})
    values = {name: value for name, value in example.items() if value}
    services = (
        replace(service, mounts=tuple(_placed(mount, directory, values) for mount in service.mounts))
        for service in compose.services
    )
    return replace(compose, services=tuple(services))


def _placed(mount: BindMount, directory: Path, values: Mapping[str, str]) -> BindMount:
    """Returns the mount located; unchanged if it may be a volume, is elsewhere, or read-only and missing."""
    if mount.path is not None or "$" not in mount.source:
        return mount
    try:
        source = with_values(mount.source, values)
    except NoValue:
        return mount
    path = project_path(based(mount.base, source)) if source.startswith(PATH_STARTS) else None
    is_lost = mount.is_read_only and not (directory / (path or "")).exists()
    if path is None or path == "." or path.startswith("..") or is_lost:
        return mount
    return replace(mount, source=source, path=path)
