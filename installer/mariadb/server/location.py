"""Finds the application's database, with user and password, in the environment of its container."""

import socket
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from installer.bundle.layout import ENV
from installer.database.values.address import DatabaseAddress
from installer.errors import Refused
from installer.mariadb.server.server import speaks
from installer.site.paths import env_path
from installer.system.compose.compose import Service
from installer.system.docker.docker import Container
from installer.system.docker.docker_command import ask_docker
from installer.system.process.process import ToolFailed
from installer.system.secret import Secret
from installer.text import _

MARIADB_PORT = 3306
REACH_SECONDS = 2.0
PREFIXES = ("MARIADB_", "MYSQL_")
ROOT = "root"
UNKNOWN_ROOT = ("RANDOM_ROOT_PASSWORD", "ROOT_PASSWORD_HASH")
Environment = Mapping[str, Secret]


def locate_database(service: Service, container: Container) -> DatabaseAddress:
    """Returns the address of the schema that the container was created with, as root where possible.

    Raises `Refused` when its environment names no schema or no password.
    """
    environment = {**service.environment, **container.environment}
    user, password = _credentials(service, container, environment)
    host, port = _reachable(container)
    schema = _setting(container, environment, "DATABASE")
    if schema is None:
        raise _not_said(service, "MARIADB_DATABASE")
    otherwise = _for_application(container, environment, (host, port)) if user == ROOT else None
    return DatabaseAddress(
        container.id, host, port, user, password, schema.reveal(), otherwise, _settings_of(container)
    )


def locate_for_application(service: Service, container: Container) -> DatabaseAddress | None:
    """Returns the schema's address as the application's user of the image; None where it creates none."""
    environment = {**service.environment, **container.environment}
    return _for_application(container, environment, _reachable(container))


def _for_application(
    container: Container, environment: Environment, place: tuple[str, int]
) -> DatabaseAddress | None:
    user, password, schema = (
        _setting(container, environment, name) for name in ("USER", "PASSWORD", "DATABASE")
    )
    if user is None or password is None or schema is None:
        return None
    return DatabaseAddress(
        container.id, *place, user.reveal(), password, schema.reveal(), settings=_settings_of(container)
    )


def _settings_of(container: Container) -> str:
    """Returns the file that holds the settings; without a path where the directory was renamed since."""
    beside = env_path(container.working_dir) if container.working_dir else Path(ENV)
    file = next(iter(container.env_files), beside)
    return str(file if file.is_file() else ENV)


def answering() -> Callable[[Container], bool]:
    """Returns a function that checks whether the database server in a container answers yet.

    A container starts long before its server: the official images first run a server that listens on a socket
    only. A server that has answered is not asked again, because a server blocks a host that connects too
    often.
    """
    answered: set[tuple[str, int]] = set()

    def answers(container: Container) -> bool:
        this_start = (container.id, container.restart_count)
        places = tuple(_places(container))
        if this_start not in answered and (not places or any(speaks(*place) for place in places)):
            answered.add(this_start)
        return this_start in answered

    return answers


def _credentials(service: Service, container: Container, environment: Environment) -> tuple[str, Secret]:
    root = _setting(container, environment, "ROOT_PASSWORD")
    if root is not None:
        return ROOT, root
    if any(
        f"{prefix}ALLOW_EMPTY_{kind}PASSWORD" in environment for prefix in PREFIXES for kind in ("ROOT_", "")
    ):
        return ROOT, Secret("")
    user, password = _setting(container, environment, "USER"), _setting(container, environment, "PASSWORD")
    if user is None or password is None:
        raise (
            _unknown_root(service)
            if _has_unknown_root(environment)
            else _not_said(service, "MARIADB_ROOT_PASSWORD")
        )
    return user.reveal(), password


def _setting(container: Container, environment: Environment, name: str) -> Secret | None:
    """Reads a setting of the official images: MARIADB_x before MYSQL_x, the value itself or its file."""
    for prefix in PREFIXES:
        value, file = environment.get(f"{prefix}{name}"), environment.get(f"{prefix}{name}_FILE")
        if value is not None and value.reveal():
            return value
        if file is not None and file.reveal():
            return Secret(_content_of(file.reveal(), container).rstrip("\r\n"))
    return None


def _content_of(path: str, container: Container) -> str:
    asked = ask_docker(("docker", "exec", container.id, "cat", path))
    if asked.exit_code:
        raise ToolFailed(asked)
    return asked.stdout


def _reachable(container: Container) -> tuple[str, int]:
    places = list(_places(container))
    for place in places:
        if _answers(place):
            return place
    if not places:
        raise Refused(
            _("The database's container {name} has no address.", name=container.name),
            hint=_(
                "See `docker logs {name}`, start the database, then run the command again.",
                name=container.name,
            ),
        )
    return places[0]


def _places(container: Container) -> Iterator[tuple[str, int]]:
    for address in container.addresses:
        yield address, MARIADB_PORT
    for port in container.ports:
        if port.target == MARIADB_PORT and port.published:
            yield "127.0.0.1" if port.host_ip in ("", "0.0.0.0", "::") else port.host_ip, port.published


def _answers(place: tuple[str, int]) -> bool:
    try:
        socket.create_connection(place, REACH_SECONDS).close()
    except OSError:
        return False
    return True


def _has_unknown_root(environment: Environment) -> bool:
    return any(f"{prefix}{name}" in environment for prefix in PREFIXES for name in UNKNOWN_ROOT)


def _unknown_root(service: Service) -> Refused:
    return Refused(
        _("The root password of the database in service {service} is not known.", service=service.name),
        details=[_("The password was generated at random, or only its hash is set.")],
        hint=_(
            "Create a user with all rights on the database, and set MARIADB_USER and"
            " MARIADB_PASSWORD to its name and password."
        ),
    )


def _not_said(service: Service, variable: str) -> Refused:
    return Refused(
        _("Service {service} does not specify how to connect to its database.", service=service.name),
        details=[_("{variable} is not set.", variable=variable)],
        hint=_("Set it in the environment of the service, as the image requires."),
    )
