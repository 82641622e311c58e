"""Fixtures of the real world, and the account of what a test run used. Start it with `scripts/test`."""

import os
import signal
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from tests.journeys.travel import old_release, packages, site  # noqa: F401
from tests.testbed.accounts import Account
from tests.testbed.mariadb import MariaDB, running_mariadb
from tests.testbed.postgresql import PostgreSQL, running_postgresql
from tests.testbed.servers import Servers

if TYPE_CHECKING:
    from installer.database.values.address import DatabaseAddress
    from installer.system.docker.docker import Engine


os.environ.setdefault("AIRLOCK_RUNTIME", "none")  # tests of a package with its own Python say so
settings.register_profile("any machine", deadline=None)  # a loaded machine is slow, not wrong
settings.load_profile("any machine")
LONG = pytest.mark.long


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--require-engine", action="store_true", help="fail rather than skip without an engine")
    parser.addoption("--record-agreement", action="store_true", help="write docs/lint.md; see scripts/judge")


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(Account(), "account")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if "DOCKER_HOST" in os.environ or config.getoption("--require-engine"):
        return
    for item in items:
        if item.get_closest_marker("engine"):
            item.add_marker(pytest.mark.skip("needs the private engine that scripts/test starts"))


@pytest.fixture(scope="session")
def engine() -> "Engine":
    """The private engine this run is on."""
    from installer.system.docker.docker import Engine

    return Engine.connect()


@pytest.fixture(scope="session")
def mariadb() -> Iterator[MariaDB]:
    """One MariaDB 10.11 server, shared by the whole run."""
    with running_mariadb("mariadb:10.11") as server:
        yield server


@pytest.fixture
def database(mariadb: MariaDB) -> "Iterator[DatabaseAddress]":
    """A new, empty database of the shared server, gone after the test."""
    with mariadb.new_database() as address:
        yield address


@pytest.fixture(
    scope="session", params=[pytest.param("15", marks=LONG), "17", pytest.param("18", marks=LONG)]
)
def postgresql(request: pytest.FixtureRequest) -> Iterator[PostgreSQL]:
    """One PostgreSQL server of each major version, shared by the whole run."""
    with running_postgresql(f"postgres:{request.param}") as server:
        yield server


@pytest.fixture
def pg(postgresql: PostgreSQL) -> "Iterator[DatabaseAddress]":
    """A new, empty PostgreSQL database of a shared server, gone after the test."""
    with postgresql.new_database() as address:
        yield address


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    """More servers than the one this run is on, by name; each starts when first asked for."""
    with Servers() as started:
        yield started


@pytest.fixture(autouse=True)
def _signals_as_before() -> Iterator[None]:
    """A command line that ends leaves signals ignored; the next test is another process's."""
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.getsignal(number) for number in numbers}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)
