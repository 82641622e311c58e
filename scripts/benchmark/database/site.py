"""Runs the measured site: a database server with default settings, its data in a folder of the host."""

import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmark.database.product import Product
from benchmark.database.products import PRODUCTS
from installer.database.door.running_database import Database
from installer.database.values.address import DatabaseAddress
from installer.system.compose.compose import Compose
from installer.system.docker.docker import Container, Engine
from installer.system.process.process import run
from installer.system.secret import Secret
from testbed.problem import TestbedProblem

DATABASE, SERVICE = "shop", "db"
READY_SECONDS, STOP_SECONDS = 600, 600
COMPOSE_FILE = "docker-compose.yml"
PASSWORD_SETTING, PRODUCT_SETTING = "DB_ROOT_PASSWORD", "BENCH_PRODUCT"


@dataclass(frozen=True)
class BenchSite:
    """A release directory with a running database."""

    product: Product
    directory: Path
    engine: Engine
    compose: Compose
    password: Secret

    @property
    def data(self) -> Path:
        """Returns the server's data directory."""
        return self.directory / self.product.data

    @property
    def backups(self) -> Path:
        """Returns the folder of Airlock's backups."""
        return self.directory / "backups"

    @property
    def copies(self) -> Path:
        """Returns the folder of the copy of the data directory for a rollback."""
        return self.data.with_name(".as-before")

    @property
    def container_name(self) -> str:
        return f"{self.compose.project}-db"

    def container(self) -> Container:
        """Returns the current state of the database's container."""
        found = self.engine.container(self.container_name)
        if found is None:
            raise TestbedProblem(f"The container {self.container_name} is gone.")
        return found

    def address(self) -> DatabaseAddress:
        """Returns the address of the measured database, for its superuser."""
        now, product = self.container(), self.product
        return DatabaseAddress(now.id, now.addresses[0], product.port, product.user, self.password, DATABASE)

    def database(self) -> Database:
        """Returns the measured database, as Airlock uses it."""
        return self.product.database(self.address())

    def start(self) -> None:
        """Starts the server and waits until it is healthy."""
        self.compose.up((SERVICE,), timeout_seconds=READY_SECONDS)
        deadline = time.monotonic() + READY_SECONDS
        while self.container().health != "healthy":
            if time.monotonic() > deadline:
                raise TestbedProblem(
                    "The database did not become healthy.", f"docker logs {self.container_name}"
                )
            time.sleep(0.05)

    def stop(self) -> None:
        """Stops the server cleanly."""
        self.compose.stop((SERVICE,), timeout_seconds=STOP_SECONDS)

    def restart(self) -> None:
        """Restarts the server, with default settings and an empty buffer pool."""
        self.stop()
        self.start()


@contextmanager
def running_site(directory: Path, name: str) -> Iterator[BenchSite]:
    """Yields a site of the product with this name in a new directory.

    Removes its containers afterwards, but not the directory.
    """
    directory.mkdir(parents=True)
    product = PRODUCTS[name]
    compose = product.compose.format(image=product.image, project=directory.name)
    (directory / COMPOSE_FILE).write_text(compose)
    settings = {PASSWORD_SETTING: secrets.token_urlsafe(12), PRODUCT_SETTING: name}
    (directory / ".env").write_text("".join(f"{key}={value}\n" for key, value in settings.items()))
    site = site_in(directory)
    try:
        site.start()
        yield site
    finally:
        run(site.compose.command("down", "--timeout", "1"))


def site_in(directory: Path) -> BenchSite:
    """Returns the site that `running_site` created there."""
    lines = (directory / ".env").read_text().splitlines()
    settings = dict(line.split("=", 1) for line in lines)
    compose = Compose(directory, (COMPOSE_FILE,), directory.name)
    product, password = PRODUCTS[settings[PRODUCT_SETTING]], Secret(settings[PASSWORD_SETTING])
    return BenchSite(product, directory, Engine.connect(), compose, password)
