"""Runs a temporary MariaDB server as a compose service would, on data that is deleted with it.

The server has the service's options and configuration files, but none of its ports, data or networks.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace

from installer.database.scratch_servers.configuration_files import configuration_of
from installer.database.scratch_servers.started_server import started_server
from installer.database.values.address import DatabaseAddress
from installer.mariadb.server.server import connect, speaks
from installer.system.compose.model import Mount, Service
from installer.system.docker.docker import Container, Engine, EngineProblem
from installer.system.docker.scratch import Program, Scratch
from installer.system.secret import Secret

DATA = "/var/lib/mysql"
PORT = 3306
PREFIXES = ("MARIADB_", "MYSQL_")
ABOUT_UPGRADES = ("_AUTO_UPGRADE", "_DISABLE_UPGRADE_BACKUP")
KNOCK_SECONDS = 0.2
BESIDE_THE_POOL_BYTES = 256 * 1024**2


@dataclass(frozen=True)
class ScratchServer:
    """Describes the server: the image's ID, the `service` to imitate, and the volume with its files.

    An empty volume becomes a server with root only, with `password`; otherwise the files decide the rights,
    and `user` with `password` is one of its users.
    """

    image: str
    service: Service
    volume: str
    user: str
    password: Secret
    memory_bytes: int


def start_server(engine: Engine, scratch: Scratch, server: ScratchServer, database: str) -> DatabaseAddress:
    """Starts the server on a network of its own and waits until it answers; `database` need not exist.

    Raises `ServerWouldNotStart`, or `Refused` when the server starts but refuses the login.
    """
    program = program_of(server, scratch.command_of(server.image))
    id = scratch.start(replace(program, network=scratch.new_network()))
    container = started_server(engine, id, lambda one: speaks(one.addresses[0], PORT))
    return _opened(container, server, database)


def is_mariadb(engine: Engine, scratch: Scratch, image: str) -> bool:
    """Returns whether the image is one of MariaDB, which upgrades the files of an older MariaDB."""
    try:
        id = scratch.start(Program(image, ("--version",), entrypoint=("mariadbd",)))
    except EngineProblem:  # the image has no such program
        return False
    while (container := engine.container(id)) is not None and container.is_up:
        time.sleep(KNOCK_SECONDS)
    return container is not None and container.exit_code == 0


def program_of(server: ScratchServer, image_command: tuple[str, ...]) -> Program:
    """Returns the program that runs the server; its events are off, as they would change the data unseen."""
    service = server.service
    pool_bytes = max(server.memory_bytes - BESIDE_THE_POOL_BYTES, server.memory_bytes // 2)
    own = (f"--innodb-buffer-pool-size={pool_bytes}", "--event-scheduler=OFF")
    given = service.command
    if given is None:
        given = image_command if service.entrypoint is None else ()
    return Program(
        image=server.image,
        words=(*given, *own),
        entrypoint=service.entrypoint,
        environment=_environment(service.environment, server.password),
        mounts=(Mount("volume", server.volume, DATA, read_only=False), *configuration_of(service)),
        memory_bytes=server.memory_bytes,
    )


def _environment(given: Mapping[str, Secret], password: Secret) -> dict[str, Secret]:
    """Returns the service's variables without those that create data: schema, accounts and passwords.

    The copy's own replace these.
    """
    kept = {
        name: value
        for name, value in given.items()
        if not name.startswith(PREFIXES) or name.endswith(ABOUT_UPGRADES)
    }
    if not password.reveal():
        return {
            **kept,
            "MARIADB_ALLOW_EMPTY_ROOT_PASSWORD": Secret("1"),
            "MYSQL_ALLOW_EMPTY_PASSWORD": Secret("1"),
        }
    return {**kept, "MARIADB_ROOT_PASSWORD": password, "MYSQL_ROOT_PASSWORD": password}


def _opened(container: Container, server: ScratchServer, database: str) -> DatabaseAddress:
    """Returns the address after a successful login."""
    address = DatabaseAddress(
        container.id, container.addresses[0], PORT, server.user, server.password, database
    )
    with connect(address, schema=False):
        return address
