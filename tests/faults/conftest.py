"""The installed release that the tests of this folder share."""

from collections.abc import Iterator

import pytest

from tests.faults.vault import Vault, installed
from tests.journeys.packages import Packages
from tests.journeys.site import Site
from tests.testbed.servers import Servers

BALLAST = """
CREATE TABLE ballast (id INT PRIMARY KEY, noise VARBINARY(1000));
INSERT INTO ballast SELECT seq, RANDOM_BYTES(1000) FROM seq_1_to_100000"""


@pytest.fixture(scope="session")
def vault(servers: Servers, packages: Packages, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vault]:
    """2.1.1 in operation with customers' data, alone on its server; every test must leave it as it was."""
    site = Site(servers["vault"], tmp_path_factory.mktemp("site"))
    with installed(site, packages["2.1.1"], packages["2.1.2"]) as vault:
        yield vault


@pytest.fixture
def ballast(vault: Vault) -> Iterator[None]:
    """Rows enough that a dump or a copy takes a while."""
    vault.site.sql(BALLAST)
    yield
    vault.site.sql("DROP TABLE ballast")
