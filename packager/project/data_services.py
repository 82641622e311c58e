"""Finds services of a project that keep data no import backs up, by their images, mounts and settings."""

from collections.abc import Collection

from installer.bundle.variables import by_defaults_if_any
from installer.system.docker.data_stores import Unserved, data_store
from packager.project.databases.database_addresses import settings_of
from packager.project.written_services import Compose, Service


def unserved_services(compose: Compose, databases: Collection[str]) -> tuple[Unserved, ...]:
    """Returns all services known to keep data, except the `databases` that Airlock backs up."""
    found = ((one.name, _program(one, compose)) for one in compose.services if one.name not in databases)
    return tuple(Unserved(name, program) for name, program in found if program is not None)


def _program(service: Service, compose: Compose) -> str | None:
    folders = [mount.target for mount in service.mounts if not mount.is_read_only]
    settings = map(by_defaults_if_any, settings_of(compose, service.name))
    return data_store(by_defaults_if_any(service.image), folders, settings)
