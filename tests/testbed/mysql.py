"""A real MySQL server in a container for the tests of one run."""

import os
import secrets
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from installer.mariadb.server.server import speaks
from installer.system.secret import Secret
from testbed.images import RECIPES
from testbed.images.recipe import image_archive
from tests.testbed.mariadb import DATA, MariaDB

IMAGE = "mysql:9.7"
READY_SECONDS = 90
PORT = 3306
ADDRESS = "{{.NetworkSettings.IPAddress}}"


@contextmanager
def running_mysql(*options: str, words: Sequence[str] = ()) -> Iterator[MariaDB]:
    """A server with its data in memory; `options` go to `docker run`, `words` to the server."""
    _docker("load", "--quiet", "--input", str(image_archive(RECIPES[IMAGE])))
    password = secrets.token_urlsafe(12)
    begun = ("run", "--detach", f"--tmpfs={DATA}", "--env", "MYSQL_ROOT_PASSWORD")
    container_id = _docker(*begun, *options, IMAGE, *words, MYSQL_ROOT_PASSWORD=password).strip()
    try:
        host = _docker("inspect", "--format", ADDRESS, container_id).strip()
        _wait_until_ready(container_id, host)
        yield MariaDB(container_id, host, Secret(password))
    finally:
        _docker("rm", "--force", "--volumes", container_id)


def _wait_until_ready(container_id: str, host: str) -> None:
    """Comes back when the server answers over TCP, where that of the first start does not listen."""
    deadline = time.monotonic() + READY_SECONDS
    while not speaks(host, PORT):
        if time.monotonic() > deadline:
            raise TimeoutError(_docker("logs", "--tail", "20", container_id))
        time.sleep(0.1)


def _docker(*words: str, **environment: str) -> str:
    done = subprocess.run(
        ("docker", *words), stdout=subprocess.PIPE, text=True, check=True, env={**os.environ, **environment}
    )
    return done.stdout
