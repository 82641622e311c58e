"""A real MariaDB server in a container for the tests of one run, with a new database for each."""

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
from installer.mariadb.server.server import connect
from installer.system.secret import Secret
from testbed.images import RECIPES
from testbed.images.recipe import image_archive

READY_SECONDS = 60
DATA = "/var/lib/mysql"
IN_MEMORY = f"--tmpfs={DATA}"
_numbers = count(1)


@dataclass(frozen=True)
class MariaDB:
    """A running server; its root may do everything from anywhere."""

    container_id: str
    host: str
    root_password: Secret
    port: int = 3306

    def address(self, database: str = "") -> DatabaseAddress:
        """Where a database of this server is, for root."""
        return DatabaseAddress(self.container_id, self.host, self.port, "root", self.root_password, database)

    @contextmanager
    def new_database(self) -> Iterator[DatabaseAddress]:
        """A new, empty database for the time of this context."""
        name = f"test_{next(_numbers)}"
        self.execute(f"CREATE DATABASE {name}")
        try:
            yield self.address(name)
        finally:
            self.execute(f"DROP DATABASE IF EXISTS {name}")

    def execute(self, statements: str) -> None:
        """Run statements as root, outside of any database."""
        with connect(self.address(), schema=False) as connection, connection.cursor() as cursor:
            cursor.execute(statements)


def restart(server: MariaDB) -> None:
    """Start a server that has ended, however it ended, and come back when it answers."""
    _docker("start", server.container_id)
    wait_until_ready(server.container_id)


@contextmanager
def running_mariadb(image: str, *options: str, data: str = IN_MEMORY) -> Iterator[MariaDB]:
    """A server of this image with its data in memory; `options` go to `docker run`.

    Another place for the `data` outlives the end of the server: a `--volume` on `DATA`.
    """
    password = secrets.token_urlsafe(12)
    container_id = _docker(
        *("run", "--detach", data, "--env", "MARIADB_ROOT_PASSWORD"),
        *(*options, image),
        environment={"MARIADB_ROOT_PASSWORD": password},
    ).strip()
    try:
        wait_until_ready(container_id)
        yield MariaDB(container_id, _address_of(container_id), Secret(password))
    finally:
        _docker("rm", "--force", "--volumes", container_id)


@contextmanager
def server_of(series: str) -> Iterator[MariaDB]:
    """A server of a series such as `11.8`, its image loaded first."""
    image = f"mariadb:{series}"
    _docker("load", "--quiet", "--input", str(image_archive(RECIPES[image])))
    with running_mariadb(image) as server:
        yield server


def wait_until_ready(container_id: str) -> None:
    """Comes back when the server in the container answers."""
    deadline = time.monotonic() + READY_SECONDS
    check = ("docker", "exec", container_id, "healthcheck.sh", "--connect", "--innodb_initialized")
    while subprocess.run(check, capture_output=True, check=False).returncode:
        if time.monotonic() > deadline:
            raise TimeoutError(_docker("logs", "--tail", "20", container_id))
        time.sleep(0.2)


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
