"""A whole export as on macOS and on Windows: the package has the bytes of one that was made on Linux."""

import os
import shutil
from pathlib import Path

import pytest

from testbed.images.python import PYTHON_OF_PACKAGES
from testbed.server import Server
from tests.packager.desks.checkouts import checkout_of_windows, commit, git
from tests.packager.desks.desk import DESKS, ROOT, airlock
from tests.packager.desks.forwarded import forwarded
from tests.packager.projects import shop
from tests.packager.test_reproducible import manifest_of
from tests.testbed.servers import Servers

pytestmark = pytest.mark.engine

PACKAGE = "shop_2.1.2_package.tar.gz"
COMPOSE = """\
services:
  web:
    build: ./web
    volumes: ["./proxy:/etc/proxy:ro"]
  db:
    image: airlock-test/mariadb:1
    environment: {MARIADB_ROOT_PASSWORD: "${DB_ROOT_PASSWORD:?set it}"}
    volumes: ["./data:/var/lib/mysql"]
"""
WORDS = ("export", "2.1.2", "--runtime", PYTHON_OF_PACKAGES.reference)


@pytest.fixture(scope="module")
def online(servers: Servers) -> Server:
    server = servers["online"]
    server.output_of("docker", "tag", "busybox:1", "airlock-test/mariadb:1")
    return server


@pytest.fixture
def project(tmp_path: Path) -> Path:
    more = {"docker-compose.yml": COMPOSE, "proxy/start.sh": "#!/bin/sh\n", "web/.gitattributes": "* -text\n"}
    folder = shop(tmp_path / "here", **more, **{".gitignore": ".env\n*.tar.*\n"})
    (folder / "proxy/start.sh").chmod(0o755)
    return commit(folder)


def airlock_of_windows(place: Path) -> Path:
    """Airlock as Git for Windows checks it out."""
    for name in ("installer", "packager", "templates"):
        shutil.copytree(ROOT / name, place / name, ignore=shutil.ignore_patterns("__pycache__"))
    for path in (path for path in place.rglob("*") if path.is_file() and path.suffix != ".mo"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    return place


@pytest.mark.parametrize("desk", DESKS)
def test_a_package_is_the_same_wherever_it_is_made(
    project: Path, online: Server, tmp_path: Path, desk: str
) -> None:
    here = airlock(None, project, *WORDS, given=online.environment())
    assert here.returncode == 0, here.stderr
    elsewhere, program = tmp_path / "there/shop", ROOT
    if desk == "windows":
        program = airlock_of_windows(tmp_path / "program")
        checkout_of_windows(project, elsewhere)
    else:
        git(project, "clone", "--quiet", str(project), str(elsewhere))
    with forwarded(f"{online.folder}/docker.sock") as address:
        given = {**online.environment(os.environ), **({"DOCKER_HOST": address} if desk == "windows" else {})}
        there = airlock(desk, elsewhere, *WORDS, given=given, root=program)
    assert (there.returncode, there.stdout) == (0, f"{PACKAGE}\n"), there.stderr
    assert manifest_of(elsewhere / PACKAGE) == manifest_of(project / PACKAGE)  # says which file differs
    assert (elsewhere / PACKAGE).read_bytes() == (project / PACKAGE).read_bytes()
