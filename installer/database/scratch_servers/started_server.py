"""Waits until a temporary database server answers, and explains why one does not."""

import time
from collections.abc import Callable

from installer.database.values.problems import ServerWouldNotStart
from installer.system.docker.docker import Container, Engine
from installer.text import _

START_SECONDS = 900  # a newer server converts the files first
KNOCK_SECONDS = 0.2
LOG_LINES = 12
KILLED = 137


def started_server(engine: Engine, id: str, is_answering: Callable[[Container], bool]) -> Container:
    """Returns the container `id` as soon as its server answers; it is asked once it has an address.

    Raises `ServerWouldNotStart`.
    """
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        container = engine.container(id)
        if container is None or not container.is_running:
            raise _ended(engine, container)
        if container.addresses and is_answering(container):
            return container
        time.sleep(KNOCK_SECONDS)
    raise _silent(engine, id)


def _ended(engine: Engine, container: Container | None) -> ServerWouldNotStart:
    lines = engine.logs(container.id, LOG_LINES).splitlines() if container else []
    if container is not None and container.exit_code == KILLED:
        return ServerWouldNotStart(
            _("The database server was killed during startup; it may need more memory."), details=lines
        )
    return ServerWouldNotStart(_("The database server exited during startup."), details=lines)


def _silent(engine: Engine, id: str) -> ServerWouldNotStart:
    return ServerWouldNotStart(
        _("The database server did not answer within {seconds} seconds.", seconds=START_SECONDS),
        details=engine.logs(id, LOG_LINES).splitlines(),
    )
