"""A real PostgreSQL server in a container for the tests of one run, with a new database for each."""

import json
import os
import secrets
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count

from installer.database.values.address import DatabaseAddress
from installer.postgresql.server.queries import run_script
from installer.postgresql.server.server import answers, connect
from installer.system.secret import Secret
from testbed.images import RECIPES
from testbed.images.recipe import image_archive

READY_SECONDS = 60
VOLUME = "/var/lib/postgresql"  # of the images from 18 on; in older ones the volume is below it
PORT = 5432
IN_MEMORY = f"--tmpfs={VOLUME}"
_numbers = count(1)


@dataclass(frozen=True)
class PostgreSQL:
    """A running server, reached as its superuser."""

    container_id: str
    host: str
    password: Secret
    user: str = "postgres"

    def address(self, database: str = "postgres") -> DatabaseAddress:
        """Where a database of this server is."""
        return DatabaseAddress(self.container_id, self.host, PORT, self.user, self.password, database)

    @contextmanager
    def new_database(self) -> Iterator[DatabaseAddress]:
        """A new, empty database for the time of this context."""
        name = f"test_{next(_numbers)}"
        self.execute(f"CREATE DATABASE {name}")
        try:
            yield self.address(name)
        finally:
            self.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def execute(self, script: str, database: str = "postgres") -> None:
        """Run a script."""
        with connect(self.address(database)) as connection:
            run_script(connection, script)


@contextmanager
def running_postgresql(image: str, *options: str, data: str = IN_MEMORY) -> Iterator[PostgreSQL]:
    """A server of this image with its data in memory; `options` go to `docker run`."""
    _docker("load", "--quiet", "--input", str(image_archive(RECIPES[image])))
    password = secrets.token_urlsafe(12)
    container_id = _docker(
        *("run", "--detach", data, "--env", "POSTGRES_PASSWORD"),
        *(*options, image),
        environment={"POSTGRES_PASSWORD": password},
    ).strip()
    try:
        server = PostgreSQL(container_id, _address_of(container_id), Secret(password))
        wait_until_ready(server)
        yield server
    finally:
        _docker("rm", "--force", "--volumes", container_id)


def wait_until_ready(server: PostgreSQL) -> None:
    """Comes back when the server answers over TCP."""
    deadline = time.monotonic() + READY_SECONDS
    while not answers(server.address()):
        if time.monotonic() > deadline:
            raise TimeoutError(_docker("logs", "--tail", "20", server.container_id))
        time.sleep(0.1)


def _address_of(container_id: str) -> str:
    [described] = json.loads(_docker("inspect", container_id))
    return str(described["NetworkSettings"]["Networks"]["bridge"]["IPAddress"])


def _docker(*words: str, environment: Mapping[str, str] | None = None) -> str:
    done = subprocess.run(
        ("docker", *words),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        env={**os.environ, **(environment or {})},
    )
    return done.stdout
