"""Finds the application's database, with user and password, in the environment of its container."""

import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from installer.bundle.layout import ENV
from installer.database.values.address import DatabaseAddress
from installer.errors import Refused
from installer.postgresql.server.server import answers
from installer.site.paths import env_path
from installer.system.compose.compose import Service
from installer.system.docker.docker import Container
from installer.system.docker.docker_command import ask_docker
from installer.system.process.process import ToolFailed
from installer.system.secret import Secret
from installer.text import _

POSTGRESQL_PORT = 5432
REACH_SECONDS = 2.0
SUPERUSER = "postgres"  # unless POSTGRES_USER names another
TRUST = "trust"
Environment = Mapping[str, Secret]


def locate_database(service: Service, container: Container) -> DatabaseAddress:
    """Returns the address of the database that the container was created with, as its superuser.

    Raises `Refused` when its environment has no password, unless the server asks for none.
    """
    environment = {**service.environment, **container.environment}
    host, port = _reachable(container, environment)
    return _address(service, container, environment, host, port)


def answering() -> Callable[[Container], bool]:
    """Returns a function that checks whether the database server in a container answers yet.

    A container starts long before its server: the official images first run a server that listens on a socket
    only, and `pg_isready` takes it for ready. A server that has answered is not asked again.
    """
    answered: set[tuple[str, int]] = set()

    def is_answering(container: Container) -> bool:
        this_start = (container.id, container.restart_count)
        if this_start not in answered and _answers(container):
            answered.add(this_start)
        return this_start in answered

    return is_answering


def _answers(container: Container) -> bool:
    """Asks over TCP; a password that is not known is refused by the server, which is an answer, too."""
    environment = container.environment
    places = tuple(_places(container, environment))
    user, database, password = SUPERUSER, SUPERUSER, Secret("")
    with suppress(ToolFailed):  # a file of a container that has stopped again
        user, database = _user_and_database(container, environment)
        password = _setting(container, environment, "PASSWORD") or Secret("")
    addresses = (DatabaseAddress(container.id, host, port, user, password, database) for host, port in places)
    return not places or any(answers(address) for address in addresses)


def _address(
    service: Service, container: Container, environment: Environment, host: str, port: int
) -> DatabaseAddress:
    password = _setting(container, environment, "PASSWORD")
    if password is None and _trusts(environment):
        password = Secret("")
    if password is None:
        raise Refused(
            _("Service {service} does not specify how to connect to its database.", service=service.name),
            details=[_("{variable} is not set.", variable="POSTGRES_PASSWORD")],
            hint=_("Set it in the environment of the service, as the image requires."),
        )
    user, database = _user_and_database(container, environment)
    return DatabaseAddress(
        container.id, host, port, user, password, database, settings=_settings_of(container)
    )


def _user_and_database(container: Container, environment: Environment) -> tuple[str, str]:
    user = _setting(container, environment, "USER") or Secret(SUPERUSER)
    return user.reveal(), (_setting(container, environment, "DB") or user).reveal()


def _trusts(environment: Environment) -> bool:
    method = environment.get("POSTGRES_HOST_AUTH_METHOD")
    return method is not None and method.reveal() == TRUST


def _settings_of(container: Container) -> str:
    """Returns the file that holds the settings; without a path where the directory was renamed since."""
    beside = env_path(container.working_dir) if container.working_dir else Path(ENV)
    file = next(iter(container.env_files), beside)
    return str(file if file.is_file() else ENV)


def _setting(container: Container, environment: Environment, name: str) -> Secret | None:
    """Reads a setting of the official images: POSTGRES_x, or the content of the file POSTGRES_x_FILE."""
    value, file = environment.get(f"POSTGRES_{name}"), environment.get(f"POSTGRES_{name}_FILE")
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


def _reachable(container: Container, environment: Environment) -> tuple[str, int]:
    places = list(_places(container, environment))
    for place in places:
        if _is_open(place):
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


def _places(container: Container, environment: Environment) -> Iterator[tuple[str, int]]:
    """Yields where the server may be reached; PGPORT is the server's own default, too."""
    chosen = environment.get("PGPORT")
    own = int(chosen.reveal()) if chosen is not None and chosen.reveal().isdecimal() else POSTGRESQL_PORT
    for address in container.addresses:
        yield address, own
    for port in container.ports:
        if port.target == own and port.published:
            yield "127.0.0.1" if port.host_ip in ("", "0.0.0.0", "::") else port.host_ip, port.published


def _is_open(place: tuple[str, int]) -> bool:
    try:
        socket.create_connection(place, REACH_SECONDS).close()
    except OSError:
        return False
    return True
