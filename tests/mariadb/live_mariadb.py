"""A MariaDB server whose files lie where a real site has them: in a folder of this host, or in a volume."""

import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from installer.database.values.address import DatabaseAddress
from installer.system.docker.docker import Container, Engine
from installer.system.process.process import output_of, run
from installer.system.secret import Secret

READY_SECONDS = 90
PASSWORD = "s$ecr\"et '1"


@dataclass(frozen=True)
class Live:
    """A server that serves the schema `app`."""

    container: Container
    address: DatabaseAddress


@contextmanager
def live_mariadb(
    engine: Engine, place: Path | None = None, *options: str, image: str = "mariadb:10.11"
) -> Iterator[Live]:
    """Its files lie in `place`, or in a volume of its own; `options` are the server's."""
    name = f"live-{secrets.token_hex(4)}"
    source = str(place) if place else name
    words = ("run", "--detach", "--name", name, "--volume", f"{source}:/var/lib/mysql")
    environment = ("--env", "MARIADB_ROOT_PASSWORD", "--env", "MARIADB_DATABASE=app")
    try:
        id = output_of(
            ("docker", *words, *environment, image, *options), secrets={"MARIADB_ROOT_PASSWORD": PASSWORD}
        ).strip()
        _wait_until_ready(id)
        container = engine.container(id)
        assert container is not None
        yield Live(
            container, DatabaseAddress(id, container.addresses[0], 3306, "root", Secret(PASSWORD), "app")
        )
    finally:
        run(("docker", "rm", "--force", "--volumes", name))
        run(("docker", "volume", "rm", "--force", name))


def _wait_until_ready(id: str) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while run(("docker", "exec", id, "healthcheck.sh", "--connect", "--innodb_initialized")).exit_code:
        assert time.monotonic() < deadline, run(("docker", "logs", "--tail", "20", id)).stderr
        time.sleep(0.2)
