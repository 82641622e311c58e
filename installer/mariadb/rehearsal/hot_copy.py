"""Copies the files of a running MariaDB server with its own image's `mariadb-backup`.

The server continues to write. Only at the end does the program block commits for a moment, and writes to
tables without transactions (MyISAM, Aria) for as long as it copies those. It has its own time limit for
locks.
"""

import time
from collections.abc import Callable
from pathlib import Path

from installer.database.values.address import DatabaseAddress
from installer.errors import Failed
from installer.mariadb.server.programs import PASSWORD_VARIABLE
from installer.mariadb.server.queries import value_of
from installer.mariadb.server.server import connect
from installer.system.compose.model import Mount
from installer.system.docker.docker import Container, Engine
from installer.system.docker.docker_command import ask_docker
from installer.system.docker.scratch import Program, Scratch
from installer.system.files.files import size_of_tree
from installer.text import _

PROGRAM = "mariadb-backup"
COPY = "/airlock-copy"  # a path of its own: the container has the server's data as well
LOCK_SECONDS = 30
LOOK_SECONDS = 0.2
LOG_LINES = 8
THREADS = 2


class CopyFailed(Failed):
    """Reports that the program ended with an error; carries the last lines of its output."""


def can_copy_while_running(container: Container) -> bool:
    """Returns whether the server's image has the program."""
    return ask_docker(("docker", "exec", container.id, PROGRAM, "--version")).exit_code == 0


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
    with connect(address, schema=False) as connection:
        port = int(value_of(connection, "SELECT @@port"))
    _run(engine, scratch, copying(container, address, port, volume), volume, advance)
    _run(engine, scratch, preparing(container, volume), volume, lambda size_bytes: None)
    return _size(scratch.place_of(volume))


def copying(container: Container, address: DatabaseAddress, port: int, volume: str) -> Program:
    """Returns the program that copies, in the server's network and with its files.

    The password is not in its command line.
    """
    return Program(
        image=container.image_id,
        entrypoint=(PROGRAM,),
        words=(
            "--backup", f"--target-dir={COPY}", f"--parallel={THREADS}",
            f"--ftwrl-wait-timeout={LOCK_SECONDS}",
            "--host=127.0.0.1", f"--port={port}", f"--user={address.user}",
        ),
        environment={PASSWORD_VARIABLE: address.password},
        mounts=(Mount("volume", volume, COPY, read_only=False),),
        beside=container.id,
    )  # fmt: skip


def preparing(container: Container, volume: str) -> Program:
    """Returns the program that brings all copied files to the same moment."""
    return Program(
        image=container.image_id,
        entrypoint=(PROGRAM,),
        words=("--prepare", f"--target-dir={COPY}"),
        mounts=(Mount("volume", volume, COPY, read_only=False),),
    )


def _run(
    engine: Engine, scratch: Scratch, program: Program, volume: str, advance: Callable[[int], None]
) -> None:
    place, told_bytes = scratch.place_of(volume), 0
    id = scratch.start(program)
    while (running := engine.container(id)) is not None and running.is_up:
        time.sleep(LOOK_SECONDS)
        there_bytes = _size(place)
        advance(max(0, there_bytes - told_bytes))
        told_bytes = max(told_bytes, there_bytes)
    if running is None or running.exit_code:
        lines = engine.logs(id, LOG_LINES).splitlines() if running else []
        raise CopyFailed(_("The copy of the running database failed."), details=lines)


def _size(place: Path) -> int:
    try:
        return size_of_tree(place)
    except OSError:
        return 0
