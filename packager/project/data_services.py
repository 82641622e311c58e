"""Finds services of a project that keep data no import backs up, by their images and mounts as written."""

from collections.abc import Collection

from installer.bundle.variables import by_defaults_if_any
from installer.system.docker.data_stores import Unserved, data_store
from packager.project.written_services import Compose, Service


def unserved_services(compose: Compose, databases: Collection[str]) -> tuple[Unserved, ...]:
    """Returns all services known to keep data, except the `databases` that Airlock backs up."""
    found = ((one.name, _program(one)) for one in compose.services if one.name not in databases)
    return tuple(Unserved(name, program) for name, program in found if program is not None)


def _program(service: Service) -> str | None:
    folders = [mount.target for mount in service.mounts if not mount.is_read_only]
    return data_store(by_defaults_if_any(service.image), folders)
