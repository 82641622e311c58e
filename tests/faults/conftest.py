"""The installed release that the tests of this folder share, and the record of what they saw."""

from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from tests.faults.reliability import Case, record
from tests.faults.vault import Vault, installed
from tests.journeys.packages import Packages
from tests.journeys.site import Site
from tests.testbed.servers import Servers

BALLAST = """
CREATE TABLE ballast (id INT PRIMARY KEY, noise VARBINARY(1000));
INSERT INTO ballast SELECT seq, RANDOM_BYTES(1000) FROM seq_1_to_100000"""
HERE = Path(__file__).parent
OF_THEIR_OWN = (  # record each moment
    *("broken_disks", "clock", "crash_points", "engine_away", "failing_changes", "power_cuts"),
    *("power_cuts_of_sites", "random_kills", "restore_crash_points", "two_admins"),
)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Records each test of this folder as a case: what broke, and whether it ended as it must."""
    report = yield
    suite = item.path.stem.removeprefix("test_")
    if item.path.parent == HERE and report.when == "call" and suite not in OF_THEIR_OWN:
        sentence, _bracket, fault = item.name.removeprefix("test_").partition("[")
        words = [name.replace("_", " ") for name in (suite, sentence)]
        record(Case(words[0], words[1], fault.rstrip("]"), report.passed))
    return report


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
