"""Runs a temporary PostgreSQL server as a compose service would, on data that is deleted with it.

The server has the service's options and configuration files, but none of its ports, data or networks.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace

from installer.database.scratch_servers.configuration_files import configuration_of
from installer.database.scratch_servers.started_server import KNOCK_SECONDS, started_server
from installer.database.values.address import DatabaseAddress
from installer.postgresql.server.bitnami import no_temporary_server, reads_settings_of_bitnami
from installer.postgresql.server.series import Series, series_of_version
from installer.postgresql.server.server import answers, connect
from installer.system.compose.model import Mount, Service
from installer.system.docker.docker import Container, Engine, EngineProblem
from installer.system.docker.scratch import Program, Scratch
from installer.system.secret import Secret

DATA = "/airlock-data"  # no image keeps anything there; those from 18 on refuse the place of older ones
PORT = 5432
PREFIXES = ("POSTGRES_", "PG")
OWN_DATABASE = "postgres"  # which initdb creates anyway
SHARE_OF_BUFFERS = 4
ALONE = {
    "listen_addresses": "*",
    "port": str(PORT),
    "data_directory": DATA,
    "archive_mode": "off",  # the archive is the running server's
    "max_wal_senders": "0",
    "max_logical_replication_workers": "0",  # subscriptions of the copy would take from the publisher
    "cron.launch_active_jobs": "off",  # jobs of pg_cron would change the data unseen
    "dynamic_shared_memory_type": "sysv",  # /dev/shm of a container is small unless Compose enlarges it
}


@dataclass(frozen=True)
class ScratchServer:
    """Describes the server: the image's ID, the `service` to imitate, and the volume with its files.

    An empty volume becomes a server with the superuser `user` and `password`; otherwise the files decide the
    rights, and `user` with `password` is one of its users.
    """

    image: str
    service: Service
    volume: str
    user: str
    password: Secret
    memory_bytes: int


def start_server(engine: Engine, scratch: Scratch, server: ScratchServer, database: str) -> DatabaseAddress:
    """Starts the server on a network of its own and waits until it answers; `database` need not exist.

    Raises `ServerWouldNotStart`, `CannotRehearse` for an image that is not imitated, or `Refused` when the
    server starts but refuses the login.
    """
    refuse_bitnami(server.service)
    program = program_of(server, scratch.command_of(server.image))
    id = scratch.start(replace(program, network=scratch.new_network()))
    container = started_server(engine, id, lambda one: answers(_address(one, server, OWN_DATABASE)))
    with connect(_address(container, server, OWN_DATABASE)):
        return _address(container, server, database)


def refuse_bitnami(service: Service) -> None:
    """Raises `CannotRehearse` for a service with an image of Bitnami."""
    if reads_settings_of_bitnami(service.image, service.environment):
        raise no_temporary_server()


def major_of_image(engine: Engine, scratch: Scratch, image: str) -> Series:
    """Returns the major version of the server in an image, such as (17,); empty where it has none."""
    try:
        id = scratch.start(Program(image, ("--version",), entrypoint=("postgres",)))
    except EngineProblem:  # the image has no such program
        return ()
    while (container := engine.container(id)) is not None and container.is_up:
        time.sleep(KNOCK_SECONDS)
    said = engine.logs(id, 1)  # such as "postgres (PostgreSQL) 17.2 (Debian 17.2-1)"
    return series_of_version(said.partition("(PostgreSQL) ")[2])


def program_of(server: ScratchServer, image_command: tuple[str, ...]) -> Program:
    """Returns the program that runs the server; nothing that acts by itself or reaches out is on."""
    service = server.service
    given = service.command
    if given is None:
        given = image_command if service.entrypoint is None else ()
    buffers_bytes = server.memory_bytes // SHARE_OF_BUFFERS
    own = {**ALONE, "shared_buffers": f"{buffers_bytes // 1024}kB"}
    return Program(
        image=server.image,
        words=(*given, *(word for name, value in own.items() for word in ("-c", f"{name}={value}"))),
        entrypoint=service.entrypoint,
        environment=_environment(service.environment, server),
        mounts=(Mount("volume", server.volume, DATA, read_only=False), *configuration_of(service)),
        memory_bytes=server.memory_bytes,
    )


def _environment(given: Mapping[str, Secret], server: ScratchServer) -> dict[str, Secret]:
    """Returns the service's variables without those about data and logins; the copy's own replace these."""
    kept = {name: value for name, value in given.items() if not name.startswith(PREFIXES)}
    own = {
        "PGDATA": Secret(DATA),
        "POSTGRES_USER": Secret(server.user),
        "POSTGRES_DB": Secret(OWN_DATABASE),
    }
    if not server.password.reveal():
        return {**kept, **own, "POSTGRES_HOST_AUTH_METHOD": Secret("trust")}
    return {**kept, **own, "POSTGRES_PASSWORD": server.password}


def _address(container: Container, server: ScratchServer, database: str) -> DatabaseAddress:
    return DatabaseAddress(container.id, container.addresses[0], PORT, server.user, server.password, database)
