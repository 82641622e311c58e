"""A server of MariaDB or MySQL with its files where a real site has them: in a folder, or in a volume."""

import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from installer.database.values.address import DatabaseAddress
from installer.mariadb.server.server import speaks
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
    """Its files lie in `place`, or in a volume of its own; `options` are the server's.

    `image` may be one of MySQL, with its own names of variables.
    """
    name = f"live-{secrets.token_hex(4)}"
    source = str(place) if place else name
    words = ("run", "--detach", "--name", name, "--volume", f"{source}:/var/lib/mysql")
    prefix = "MYSQL" if image.startswith("mysql") else "MARIADB"
    password, database = f"{prefix}_ROOT_PASSWORD", f"{prefix}_DATABASE"
    environment = ("--env", password, "--env", f"{database}=app")
    try:
        id = output_of(
            ("docker", *words, *environment, image, *options), secrets={password: PASSWORD}
        ).strip()
        container = engine.container(id)
        assert container is not None
        _wait_until_ready(container)
        yield Live(
            container, DatabaseAddress(id, container.addresses[0], 3306, "root", Secret(PASSWORD), "app")
        )
    finally:
        run(("docker", "rm", "--force", "--volumes", name))
        run(("docker", "volume", "rm", "--force", name))


def _wait_until_ready(container: Container) -> None:
    """Comes back when the server answers over TCP, where that of the first start does not listen."""
    deadline = time.monotonic() + READY_SECONDS
    while not speaks(container.addresses[0], 3306):
        words = ("docker", "logs", "--tail", "20", container.id)
        assert time.monotonic() < deadline, run(words).stderr
        time.sleep(0.2)
