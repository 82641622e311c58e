"""Copies the files of a running PostgreSQL server with its own image's `pg_basebackup`.

The server continues to write; nobody waits for the copy. All databases of the server are copied.
"""

import time
from collections.abc import Callable
from pathlib import Path

from installer.database.values.address import DatabaseAddress
from installer.errors import Failed
from installer.postgresql.server.programs import PASSWORD_VARIABLE
from installer.postgresql.server.queries import value_of
from installer.postgresql.server.server import connect
from installer.system.compose.model import Mount
from installer.system.docker.docker import Container, Engine
from installer.system.docker.scratch import Program, Scratch
from installer.system.files.files import size_of_tree
from installer.text import _

PROGRAM = "pg_basebackup"
COPY = "/airlock-copy"
LOOK_SECONDS = 0.2
LOG_LINES = 8


class CopyFailed(Failed):
    """Reports that the program ended with an error; carries the last lines of its output."""


def copy_running_server(
    engine: Engine,
    scratch: Scratch,
    container: Container,
    address: DatabaseAddress,
    volume: str,
    advance: Callable[[int], None],
) -> int:
    """Fills the empty `volume` with the server's files as of the end of the copy, ready for a server.

    `advance` gets the number of bytes that have arrived. Returns their total, 0 where only the engine can
    read them. Raises `CopyFailed`.
    """
    with connect(address) as connection:
        port = int(value_of(connection, "SHOW port"))
    place, told_bytes = scratch.place_of(volume), 0
    id = scratch.start(copying(container, address, port, volume))
    while (running := engine.container(id)) is not None and running.is_up:
        time.sleep(LOOK_SECONDS)
        there_bytes = _size(place)
        advance(max(0, there_bytes - told_bytes))
        told_bytes = max(told_bytes, there_bytes)
    if running is None or running.exit_code:
        lines = engine.logs(id, LOG_LINES).splitlines() if running else []
        raise CopyFailed(_("The copy of the running database failed."), details=lines)
    return _size(place)


def copying(container: Container, address: DatabaseAddress, port: int, volume: str) -> Program:
    """Returns the program that copies. The password is not in its command line.

    It runs in the server's network: the official images let replication in from there alone.
    """
    return Program(
        image=container.image_id,
        entrypoint=(PROGRAM,),
        words=(
            f"--pgdata={COPY}", "--wal-method=stream", "--checkpoint=fast", "--no-sync", "--no-manifest",
            "--host=127.0.0.1", f"--port={port}", f"--username={address.user}", "--no-password",
        ),
        environment={PASSWORD_VARIABLE: address.password},
        mounts=(Mount("volume", volume, COPY, read_only=False),),
        network=f"container:{container.id}",
    )  # fmt: skip


def _size(place: Path) -> int:
    try:
        return size_of_tree(place)
    except OSError:
        return 0
