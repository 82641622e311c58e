"""Packages of Docker 20.10, 26 and 28, also with containerd's store: their archives look different.

They are the same, byte for byte, and one made on one engine loads by hand on another.
"""

import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from installer.bundle.archive.tar_entries import END_OF_ARCHIVE, entry
from installer.bundle.images.docker_archive import blob_path, metadata
from testbed.engine import Generation
from testbed.life import Store
from testbed.server import Server
from tests.packager.delta_packages import image_of
from tests.packager.projects import shop
from tests.packager.saved_images import Made, layer, named
from tests.testbed.servers import Servers

ROOT = Path(__file__).parents[2]
NAMES = ("busybox:1", "shop-web:2.1.2")
BASE = layer("bin/sh", size_bytes=3 << 20)
TWO = (
    Made("shop/web:1", (BASE, layer("web", size_bytes=9000))),
    Made("shop/worker:1", (BASE, layer("lib"), layer("worker", size_bytes=70))),
)

pytestmark = pytest.mark.engine


@pytest.fixture(scope="module")
def old(servers: Servers) -> Server:
    return servers.start("export-old", images=("busybox:1",), engine="20")


@pytest.fixture(scope="module")
def new(servers: Servers) -> Server:
    return servers.start("export-new", images=("busybox:1",))


def exported(server: Server, folder: Path, services: str) -> Path:
    """The package of a project with these services."""
    project = shop(folder)
    (project / "docker-compose.yml").write_text(f"services:\n{services}")
    shutil.rmtree(project / "prisma")
    words = server.command(sys.executable, "-m", "packager", "export", "2.1.2")
    environment = {**server.environment(), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(words, cwd=project, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return project / "shop_2.1.2_package.tar.gz"


def loadable(images: Sequence[Made]) -> bytes:
    """An archive that every engine reads."""
    layers = {named(one): one for made in images for one in made.layers}
    tables = metadata([(image_of(made), made.config) for made in images])
    blobs = [entry(blob_path(name), one) for name, one in layers.items()]
    return b"".join((*blobs, *(entry(table.path, table.content) for table in tables), END_OF_ARCHIVE))


def ids(server: Server) -> list[str]:
    return [server.output_of("docker", "inspect", "--format", "{{.Id}}", name).strip() for name in NAMES]


@pytest.mark.parametrize("direction", ["old to new", "new to old"])
def test_images_cross_between_engines(old: Server, new: Server, tmp_path: Path, direction: str) -> None:
    source, target = (old, new) if direction == "old to new" else (new, old)
    package = exported(source, tmp_path, "  web: {build: ./web}\n  job: {image: 'busybox:1'}\n")
    subprocess.run(("tar", "-xzf", package), cwd=package.parent, check=True)
    wanted = ids(source)
    for name in NAMES:
        subprocess.run(
            target.command("docker", "rmi", "--force", name),
            env=target.environment(),
            check=False,
            capture_output=True,
        )
    target.output_of("docker", "load", "--input", package.parent / "shop_2.1.2_package/images.tar")
    assert ids(target) == wanted
    page = target.output_of("docker", "run", "--rm", "--network", "none", NAMES[1], "cat", "/page")
    assert page == "hello\n"
    target.load(("busybox:1",))


@pytest.mark.parametrize(
    "other",
    [
        "20.10",
        "26 with containerd's store",
        pytest.param("28", marks=pytest.mark.long),
        pytest.param("28 with containerd's store", marks=pytest.mark.long),
    ],
)
def test_the_same_images_give_the_same_package_on_every_engine(
    old: Server, new: Server, servers: Servers, tmp_path: Path, other: str
) -> None:
    store: Store = "containerd" if "containerd" in other else "classic"
    generation: Generation = "28" if other.startswith("28") else "26"
    second = (
        old
        if other == "20.10"
        else servers.start(f"export-{generation}-{store}", engine=generation, store=store)
    )
    services = "".join(
        f"  service-{number}: {{image: '{one.reference}'}}\n" for number, one in enumerate(TWO)
    )
    (tmp_path / "images.tar").write_bytes(loadable(TWO))
    packages = []
    for number, server in enumerate((new, second)):
        server.output_of("docker", "load", "--input", tmp_path / "images.tar")
        packages.append(exported(server, tmp_path / str(number), services))
    assert packages[0].read_bytes() == packages[1].read_bytes()
