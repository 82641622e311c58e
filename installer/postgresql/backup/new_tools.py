"""Runs the programs of a new image against a server of an older one: the new one loads their dump."""

from dataclasses import replace

from installer.database.values.address import DatabaseAddress
from installer.postgresql.server.queries import value_of
from installer.postgresql.server.server import connect
from installer.system.docker.docker import Engine
from installer.system.docker.scratch import Program, Scratch
from installer.system.secret import Secret


def with_new_tools(engine: Engine, scratch: Scratch, image: str, live: DatabaseAddress) -> DatabaseAddress:
    """Returns the same database, whose programs now run in a container of `image` beside the server.

    The container shares the server's network, from where the official images let everybody in. The server
    and its files are not touched.
    """
    with connect(live) as connection:
        port = str(value_of(connection, "SHOW port"))
    id = scratch.start(
        Program(
            image,
            ("2147483647",),  # seconds; busybox knows no "infinity"
            entrypoint=("sleep",),
            environment={"PGPORT": Secret(port)},
            network=f"container:{live.container_id}",
        )
    )
    return replace(live, container_id=id)
