"""The same images and sources give the same package, byte for byte, on another day and another machine."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from installer.system.reading.package_reader import find_package, open_package
from testbed.faketime import faketime_library
from testbed.server import Server
from tests.packager.projects import shop
from tests.testbed.servers import Servers

ROOT = Path(__file__).parents[2]
IMAGES = ("busybox:1", "nginx:1.24")
COMPOSE = """\
services:
  web:
    image: nginx:1.24
    volumes: ["./proxy/nginx.conf:/etc/nginx/nginx.conf:ro"]
  job:
    image: busybox:1
"""
BORN = {"GIT_AUTHOR_DATE": "2026-01-01T00:00:00Z", "GIT_COMMITTER_DATE": "2026-01-01T00:00:00Z"}
PERSON = ("-c", "user.name=Engineer", "-c", "user.email=engineer@example.org")
ANOTHER_DAY = {"FAKETIME": "+400d", "TZ": "Pacific/Kiritimati"}
ANOTHER_PERSON = {"HOME": "/tmp", "USER": "somebody", "LOGNAME": "somebody", "LANG": "ko_KR.UTF-8"}
BECOMING_ANOTHER = """
hostname elsewhere
mount -t tmpfs none /dev/shm  # libfaketime leaves files there
umask 077
exec env LD_PRELOAD="$0" "$@"
"""

pytestmark = pytest.mark.engine


@pytest.fixture(scope="module")
def old_engine(servers: Servers) -> Server:
    return servers.start("another", images=IMAGES, engine="20")


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    """A project under Git."""
    project = shop(tmp_path / "here", **{"docker-compose.yml": COMPOSE, ".gitignore": ".env\n*.tar.*\n"})
    for unused in ("web", "prisma"):
        shutil.rmtree(project / unused)
    for words in (("init", "--quiet"), ("add", "."), ("commit", "--quiet", "--message", "2.1.2")):
        subprocess.run(("git", *PERSON, *words), cwd=project, env={**os.environ, **BORN}, check=True)
    return project


def export(project: Path, words: tuple[str, ...], environment: Mapping[str, str], *options: str) -> Path:
    """The package that `words`, a way to start programs, make of the project."""
    airlock = (sys.executable, "-m", "packager", "export", "2.1.2", *options)
    done = subprocess.run(
        (*words, *airlock), cwd=project, env={**environment, "PYTHONPATH": str(ROOT)}, capture_output=True,
        text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    (package,) = (path for path in project.glob("*.tar*") if path.suffix != ".sha256")
    return package


@pytest.mark.parametrize("compression", ["gzip", "zstd"])
def test_another_day_another_machine_another_engine_make_the_same_package(
    sources: Path, tmp_path: Path, old_engine: Server, compression: str
) -> None:
    elsewhere = tmp_path / "elsewhere/deeper/shop"
    subprocess.run(("git", "clone", "--quiet", sources, elsewhere), check=True)
    for path in elsewhere.rglob("*"):
        if ".git" not in path.parts:
            path.chmod(path.stat().st_mode & 0o700)
            os.utime(path, (1, 1))
    options = ("--compression", compression)
    here = export(sources, (), os.environ, *options)
    there = export(elsewhere, *another_machine(old_engine), *options)
    assert there.name == here.name
    assert manifest_of(there) == manifest_of(here)  # says which file differs
    assert there.read_bytes() == here.read_bytes()


def manifest_of(package: Path) -> dict[str, object]:
    with open_package(find_package(package), lambda size_bytes: None) as stream:
        found: dict[str, object] = json.loads(stream.raw_manifest)
    return found


def another_machine(engine: Server) -> tuple[tuple[str, ...], dict[str, str]]:
    """One processor, another name, clock, time zone, language, person, hash seed and umask, an old engine."""
    words = ("unshare", "--uts", "--mount", "taskset", "--cpu-list", "0", "sh", "-c", BECOMING_ANOTHER)
    seen = {"PYTHONHASHSEED": "7", **ANOTHER_DAY, **ANOTHER_PERSON}
    return engine.command(*words, str(faketime_library())), {**engine.environment(), **seen}
