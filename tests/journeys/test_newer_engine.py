"""Imports on a site with Docker 28 and Compose 2.40, of packages that Docker 26 saved; in both stores."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from testbed.life import Store
from testbed.server import Server
from tests.journeys.packages import Packages
from tests.journeys.site import Site
from tests.testbed.servers import Servers

pytestmark = [pytest.mark.engine, pytest.mark.database]

STORES: tuple[Store, ...] = ("classic", "containerd")
ROWS = "SELECT id, email, name FROM users ORDER BY id"


@pytest.fixture(scope="module", params=STORES)
def newer(servers: Servers, request: pytest.FixtureRequest) -> Server:
    return servers.start(f"site-28-{request.param}", engine="28", store=request.param)


@pytest.fixture
def site(newer: Server, tmp_path: Path) -> Iterator[Site]:
    """An offline server where nothing is installed yet."""
    site = Site(newer, tmp_path)
    yield site
    site.remove()


def holding_tags(site: Site) -> list[str]:
    tags = site.server.output_of("docker", "images", "--format", "{{.Repository}}:{{.Tag}}").split()
    return [tag for tag in tags if ":airlock-" in tag]


def test_an_upgrade_keeps_the_data_and_leaves_no_holding_tag(
    site: Site, packages: Packages, old_release: Path
) -> None:
    before = site.sql(ROWS)
    ended = site.import_(site.unpack(packages["2.1.2"]))
    assert ended.code == 0, ended.told
    assert "ok       Docker 28.5." in ended.told
    assert (site.version(), site.sql(ROWS), holding_tags(site)) == ("2.1.2", before, [])


@pytest.mark.long
def test_a_failing_migration_ends_with_the_old_release_on_exactly_its_data(
    site: Site, packages: Packages, old_release: Path
) -> None:
    assert site.import_(site.unpack(packages["2.1.2"])).code == 0
    before, containers = site.dump(), site.containers()
    ended = site.import_(site.unpack(packages["2.1.3"]), "--rehearse", "never")
    assert ended.code == 6, ended.told
    assert (site.dump(), site.containers(), site.version()) == (before, containers, "2.1.2")


@pytest.mark.long
def test_a_finished_upgrade_is_left_for_the_release_before(
    site: Site, packages: Packages, old_release: Path
) -> None:
    before, containers = site.dump(), site.containers()
    release = site.unpack(packages["2.1.2"])
    assert site.import_(release).code == 0
    back = site.type(release, "./airlock", "rollback", "--yes")
    assert back.code == 0, back.told
    assert (site.dump(), site.containers(), site.version()) == (before, containers, "2.1.1")


@pytest.mark.long
def test_a_delta_is_imported(site: Site, packages: Packages, old_release: Path) -> None:
    package = packages.since("2.1.2", "2.1.1")
    ended = site.type(old_release, "./airlock", "import", str(package), "--yes")
    assert ended.code == 0, ended.told
    assert site.version() == "2.1.2"


@pytest.mark.long
def test_images_are_loaded_by_hand(site: Site, packages: Packages) -> None:
    release = site.unpack(packages["2.1.1"])
    loaded = site.type(release, "docker", "load", "-i", "images.tar")
    assert (loaded.code, loaded.told.count("Loaded image: ")) == (0, 4)
