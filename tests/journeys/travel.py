"""Fixtures of whole imports between two servers that cannot reach each other; loaded by tests/conftest.py."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from testbed.parts import SHARED_PACKAGES
from tests.journeys.packages import Packages
from tests.journeys.site import Site
from tests.testbed.servers import Servers


@pytest.fixture(scope="session")
def packages(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Packages:
    """The example's packages, exported on the server that is online, once for all parts of a run."""
    shared = os.environ.get(SHARED_PACKAGES)
    return Packages(lambda: servers["online"], Path(shared or tmp_path_factory.mktemp("packages")))


@pytest.fixture
def site(servers: Servers, tmp_path: Path) -> Iterator[Site]:
    """An offline server where nothing is installed yet."""
    site = Site(servers["offline"], tmp_path)
    yield site
    site.remove()


@pytest.fixture
def old_release(site: Site, packages: Packages) -> Path:
    """2.1.1 in operation, with customers' data: its directory."""
    release = site.install(packages["2.1.1"])
    site.seed()
    return release
