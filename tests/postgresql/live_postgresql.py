"""A PostgreSQL server whose files lie where a real site has them: in a folder of this host."""

import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from installer.database.values.address import DatabaseAddress
from installer.postgresql.server.server import answers
from installer.system.docker.docker import Container, Engine
from installer.system.process.process import output_of, run
from installer.system.secret import Secret
from testbed.images import RECIPES
from testbed.images.recipe import image_archive

READY_SECONDS = 90
PASSWORD = "s$ecr\"et '1"
FIRST_WITH_ONE_VOLUME = 18


@dataclass(frozen=True)
class Live:
    """A server that serves the database `app`; its volume is at `volume`."""

    container: Container
    address: DatabaseAddress
    volume: str


@contextmanager
def live_postgresql(engine: Engine, place: Path, major: int) -> Iterator[Live]:
    """Its files lie in `place`."""
    output_of(("docker", "load", "--quiet", "--input", str(image_archive(RECIPES[f"postgres:{major}"]))))
    place.chmod(0o755)  # as the engine creates a folder; the server must reach what is below
    name = f"live-{secrets.token_hex(4)}"
    volume = "/var/lib/postgresql" + ("" if major >= FIRST_WITH_ONE_VOLUME else "/data")
    words = ("run", "--detach", "--name", name, "--volume", f"{place}:{volume}")
    environment = ("--env", "POSTGRES_PASSWORD", "--env", "POSTGRES_DB=app")
    try:
        id = output_of(
            ("docker", *words, *environment, f"postgres:{major}"), secrets={"POSTGRES_PASSWORD": PASSWORD}
        ).strip()
        container = engine.container(id)
        assert container is not None
        address = DatabaseAddress(id, container.addresses[0], 5432, "postgres", Secret(PASSWORD), "app")
        _wait_until_ready(address)
        yield Live(container, address, volume)
    finally:
        run(("docker", "rm", "--force", "--volumes", name))


def _wait_until_ready(address: DatabaseAddress) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while not answers(address):
        words = ("docker", "logs", "--tail", "20", address.container_id)
        assert time.monotonic() < deadline, run(words).stderr
        time.sleep(0.2)
