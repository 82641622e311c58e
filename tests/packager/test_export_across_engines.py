"""A package made on one engine loads by hand on another: 20.10, whose archives look different, and 26."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from testbed.server import Server
from tests.packager.projects import shop
from tests.testbed.servers import Servers

ROOT = Path(__file__).parents[2]
NAMES = ("busybox:1", "shop-web:2.1.2")

pytestmark = pytest.mark.engine


@pytest.fixture(scope="module")
def old(servers: Servers) -> Server:
    return servers.start("export-old", images=("busybox:1",), engine="20")


@pytest.fixture(scope="module")
def new(servers: Servers) -> Server:
    return servers.start("export-new", images=("busybox:1",))


def exported(server: Server, folder: Path) -> Path:
    project = shop(folder)
    compose = "services:\n  web: {build: ./web}\n  job: {image: 'busybox:1'}\n"
    (project / "docker-compose.yml").write_text(compose)
    shutil.rmtree(project / "prisma")
    words = server.command(sys.executable, "-m", "packager", "export", "2.1.2")
    environment = {**server.environment(), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(words, cwd=project, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    subprocess.run(("tar", "-xzf", "shop_2.1.2_package.tar.gz"), cwd=project, check=True)
    return project / "shop_2.1.2_package"


def ids(server: Server) -> list[str]:
    return [server.output_of("docker", "inspect", "--format", "{{.Id}}", name).strip() for name in NAMES]


@pytest.mark.parametrize("direction", ["old to new", "new to old"])
def test_images_cross_between_engines(old: Server, new: Server, tmp_path: Path, direction: str) -> None:
    source, target = (old, new) if direction == "old to new" else (new, old)
    release = exported(source, tmp_path)
    wanted = ids(source)
    for name in NAMES:
        subprocess.run(
            target.command("docker", "rmi", "--force", name),
            env=target.environment(),
            check=False,
            capture_output=True,
        )
    target.output_of("docker", "load", "--input", release / "images.tar")
    assert ids(target) == wanted
    page = target.output_of("docker", "run", "--rm", "--network", "none", NAMES[1], "cat", "/page")
    assert page == "hello\n"
    target.load(("busybox:1",))
