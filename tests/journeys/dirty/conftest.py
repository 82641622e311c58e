"""The dirty site: packages with a vendor's other habits, and the installation that was made by hand."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from testbed.dirty.application import make_dirty
from testbed.dirty.installation import DirtyInstallation, install_by_hand, live_in
from tests.journeys.packages import Packages
from tests.journeys.site import Site
from tests.testbed.servers import Servers


class DirtyPackages(Packages):
    """Packages of the example as another vendor would have written it."""

    def source(self, version: str) -> Path:
        is_new = not (self._folder / version).exists()
        tree = super().source(version)
        if is_new:
            make_dirty(tree, version)
        return tree


@pytest.fixture(scope="session")
def dirty_packages(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Packages:
    return DirtyPackages(lambda: servers["online"], tmp_path_factory.mktemp("dirty packages"))


@pytest.fixture
def dirty_host(servers: Servers, tmp_path: Path) -> Iterator[Site]:
    """A server where nothing is installed; its folder's name has blanks and Korean letters."""
    folder = tmp_path / "현장 서버 1"
    folder.mkdir()
    site = Site(servers["offline"], folder)
    yield site
    site.remove()


@pytest.fixture
def lived_in(dirty_host: Site, dirty_packages: Packages) -> DirtyInstallation:
    """2.1.1, installed by hand, in use for a year, and renamed while it ran."""
    release = dirty_host.unpack(dirty_packages["2.1.1"])
    dirty_host.type(release, "docker", "load", "-i", "images.tar")
    for name in ("backend", "frontend"):
        image = f"customer-vault/{name}"
        dirty_host.server.output_of("docker", "tag", f"{image}:2.1.1", f"{image}:latest")
    installed = install_by_hand(dirty_host.server, dirty_packages.source("2.1.1"), dirty_host.folder)
    dirty_host.seed()
    return live_in(installed)
