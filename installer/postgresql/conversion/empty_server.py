"""Starts a new image for the first time, on an empty place, as the superuser that the old server has.

The image initialises the place itself. It is ready when it answers over TCP: before, it runs a server that
listens on its socket only.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from installer.database.scratch_servers.configuration_files import configuration_of
from installer.database.scratch_servers.started_server import started_server
from installer.database.values.address import DatabaseAddress
from installer.errors import Failed
from installer.postgresql.rehearsal.scratch_server import ALONE, DATA, OWN_DATABASE, PORT
from installer.postgresql.server.server import answers
from installer.system.compose.model import Mount, Service
from installer.system.docker.docker import Container, Engine
from installer.system.docker.scratch import Program, Scratch
from installer.system.secret import Secret
from installer.text import _

OF_FIRST_START = ("POSTGRES_INITDB_ARGS", "POSTGRES_HOST_AUTH_METHOD")
PREFIXES = ("POSTGRES_", "PG")
STOP_SECONDS = 600
LOG_LINES = 12


@dataclass(frozen=True)
class EmptyPlace:
    """Names the volume or folder (`source`) that becomes a server's, and the data directory inside of it."""

    mount: Mount
    inside: PurePosixPath

    @property
    def data_directory(self) -> str:
        """Returns the path in the container."""
        return str(PurePosixPath(DATA, self.inside))


@dataclass(frozen=True)
class NewServer:
    """Describes the server: its image by ID, the service to run as, its place, and its superuser."""

    image: str
    service: Service
    place: EmptyPlace
    user: str
    password: Secret


def start_empty_server(engine: Engine, scratch: Scratch, server: NewServer) -> DatabaseAddress:
    """Starts the server on a network of its own; returns the address of its database `postgres`.

    Raises `ServerWouldNotStart`.
    """
    program = first_start(server, scratch.command_of(server.image), scratch.new_network())
    id = scratch.start(program)
    container = started_server(engine, id, lambda one: answers(_address(one, server)))
    return _address(container, server)


def first_start(server: NewServer, image_command: tuple[str, ...], network: str) -> Program:
    """Returns the program: like the service, but without network access and scripts for the first start."""
    service = server.service
    given = service.command
    if given is None:
        given = image_command if service.entrypoint is None else ()
    own = {**ALONE, "data_directory": server.place.data_directory}
    place = Mount(server.place.mount.kind, server.place.mount.source, DATA, read_only=False)
    return Program(
        image=server.image,
        words=(*given, *(word for name, value in own.items() for word in ("-c", f"{name}={value}"))),
        entrypoint=service.entrypoint,
        environment=_environment(server),
        mounts=(place, *configuration_of(service)),
        network=network,
    )


def stop_cleanly(engine: Engine, address: DatabaseAddress) -> None:
    """Stops the server; its files are complete and on the disk then. Raises `Failed`."""
    engine.stop(address.container_id, STOP_SECONDS)
    container = engine.container(address.container_id)
    if container is None or container.exit_code:
        raise Failed(
            _("The new database server did not stop cleanly."),
            details=engine.logs(address.container_id, LOG_LINES).splitlines() if container else (),
        )


def _environment(server: NewServer) -> Mapping[str, Secret]:
    """Returns the service's variables; those about logins and data are the new server's own."""
    given = server.service.environment
    kept = {name: value for name, value in given.items() if not name.startswith(PREFIXES)}
    first = {name: given[name] for name in OF_FIRST_START if name in given}
    password = {"POSTGRES_PASSWORD": server.password} if server.password.reveal() else {}
    return {
        **kept,
        **first,
        **password,
        "PGDATA": Secret(server.place.data_directory),
        "POSTGRES_USER": Secret(server.user),
        "POSTGRES_DB": Secret(OWN_DATABASE),
    }


def _address(container: Container, server: NewServer) -> DatabaseAddress:
    return DatabaseAddress(
        container.id, container.addresses[0], PORT, server.user, server.password, OWN_DATABASE
    )
