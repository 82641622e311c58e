"""Engines that Airlock serves: on each, a release is exported, installed and started as a person types it."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from testbed.engine import engine_files
from testbed.server import Server
from tests.engines.forwarding import forwarded
from tests.engines.seen import Seen, record, words_of
from tests.packager.projects import shop
from tests.testbed.servers import Servers

ROOT = Path(__file__).parents[2]
STORE = " with containerd's store"
STRICT = ", clients older than API 1.44 refused"
KINDS: dict[str, dict[str, Any]] = {
    "Docker 20.10": {"engine": "20"},
    "Docker 26.1": {"engine": "26"},
    f"Docker 26.1{STORE}": {"engine": "26", "store": "containerd"},
    f"Docker 26.1{STRICT}": {"engine": "26", "oldest_api": "1.44"},
    "Docker 28.5": {"engine": "28"},
    f"Docker 28.5{STORE}": {"engine": "28", "store": "containerd"},
}
SLOW = ("Docker 28.5", f"Docker 28.5{STORE}")  # journeys in `scripts/test` cross it, too
COMPOSE = """
services:
  web: {image: "busybox:1", init: true, command: sleep 1000}
"""
WATCHER = COMPOSE.replace(
    "init: true,", 'init: true, volumes: ["/var/run/docker.sock:/var/run/docker.sock"],'
)

pytestmark = pytest.mark.engine
LONG = (pytest.mark.long,)


@dataclass(frozen=True)
class Place:
    """A server with a kind of engine, and the folder of a test on it."""

    server: Server
    folder: Path

    def types(self, folder: Path, *words: str, **variables: str) -> "subprocess.CompletedProcess[str]":
        return typed(folder, self.server.command(*words), {**self.server.environment(), **variables})

    def export(self, compose: str) -> "subprocess.CompletedProcess[str]":
        return export(self.folder, compose, self.server.command(), self.server.environment())

    def unpack(self) -> Path:
        """The release directory of the package that was exported."""
        package = self.folder / "shop" / "shop_2.1.2_package.tar.gz"
        subprocess.run(("tar", "-xzf", package), cwd=self.folder, check=True)
        return self.folder / "shop_2.1.2_package"

    def clear(self) -> None:
        self.server.output_of("sh", "-c", "docker ps -aq | xargs -r docker rm -f")


@pytest.fixture(params=[pytest.param(kind, marks=LONG) if kind in SLOW else kind for kind in KINDS])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def started(servers: Servers) -> Callable[[str], Server]:
    """Starts a server with a kind of engine when it is first asked for."""
    names = {kind: f"kind-{number}" for number, kind in enumerate(KINDS)}
    return cache(lambda kind: servers.start(names[kind], images=("busybox:1",), **KINDS[kind]))


@pytest.fixture
def place(started: Callable[[str], Server], kind: str, tmp_path: Path) -> Iterator[Place]:
    place = Place(started(kind), tmp_path)
    yield place
    place.clear()


@pytest.fixture
def strict(started: Callable[[str], Server], tmp_path: Path) -> Place:
    return Place(started(f"Docker 26.1{STRICT}"), tmp_path)


def test_a_release_is_exported_and_taken_into_operation(place: Place, kind: str) -> None:
    exported = place.export(COMPOSE)
    record(Seen(kind, "a real one", "export", exported.returncode, ""))
    assert exported.returncode == 0, exported.stdout
    release = place.unpack()
    place.server.output_of("docker", "rmi", "busybox:1")
    imported = place.types(release, "./import-package.sh", "--yes")
    running = place.server.output_of("docker", "ps", "--format", "{{.Names}} {{.Image}}").splitlines()
    record(Seen(kind, "a real one", "import", imported.returncode, ""))
    assert (imported.returncode, running) == (0, ["shop-web-1 busybox:1"]), imported.stdout


def test_a_service_that_talks_to_an_engine_which_refuses_old_clients_is_a_warning(strict: Place) -> None:
    socket = f"{strict.server.folder}/docker.sock"
    mounted = f'volumes: ["{socket}:/var/run/docker.sock"]'
    exported = strict.export(COMPOSE.replace("init: true", f"init: true, {mounted}"))
    assert exported.returncode == 0, exported.stdout
    shown = strict.types(strict.unpack(), "./import-package.sh", "--dry-run")
    assert shown.returncode == 0, shown.stdout
    (warned,) = re.findall(r"warning +(.*?)\n +ok ", shown.stdout, re.DOTALL)
    assert [re.sub(r"26\.\S+", "26", line.strip()) for line in warned.splitlines()] == [
        "Services of the release talk to the Docker engine through its socket.",
        f"web: {socket}",
        "Docker 26 refuses clients older than API 1.44.",
        "→ Ask the vendor whether these services support API 1.44.",
    ]


def test_a_docker_command_that_such_an_engine_refuses_is_named(strict: Place) -> None:
    assert strict.export(COMPOSE).returncode == 0
    old = engine_files("20").folder / "bin" / "docker"
    programs = strict.folder / "bin"
    programs.mkdir()
    (programs / "docker").symlink_to(old)
    path = f"{programs}:{strict.server.environment()['PATH']}"
    refused = strict.types(strict.unpack(), "./import-package.sh", "--yes", PATH=path)
    engine, words = f"the command of Docker 20.10 on Docker 26.1{STRICT}", words_of(refused.stdout)
    record(Seen(engine, "a real one", "import", refused.returncode, words))
    assert (refused.returncode, words) == (3, "`docker` is too old for this Docker engine."), refused.stdout


def test_an_export_takes_an_engine_at_a_tcp_port(tmp_path: Path) -> None:
    with forwarded(os.environ["DOCKER_HOST"].removeprefix("unix://")) as address:
        exported = export(tmp_path, COMPOSE, (), {**os.environ, "DOCKER_HOST": address})
    record(Seen("DOCKER_HOST=tcp://…", "a real one", "export", exported.returncode, ""))
    assert exported.returncode == 0, exported.stdout


def export(
    folder: Path, compose: str, before: Sequence[str], environment: Mapping[str, str]
) -> "subprocess.CompletedProcess[str]":
    """Exports a small project in `folder`; the words `before` the command say where it runs."""
    project = shop(folder)
    (project / "docker-compose.yml").write_text(compose)
    shutil.rmtree(project / "prisma")
    return typed(project, (*before, sys.executable, "-m", "packager", "export", "2.1.2"), environment)


def typed(
    folder: Path, words: Sequence[str], environment: Mapping[str, str]
) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        words,
        cwd=folder,
        env={**environment, "PYTHONPATH": str(ROOT), "LANG": "en_US.UTF-8"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
