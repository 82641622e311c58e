import os
import subprocess
import sys
from pathlib import Path

import pytest

from testbed.engine import Generation
from testbed.life import sweep
from testbed.problem import TestbedProblem
from testbed.processes import processes_of, started_at
from testbed.server import Server, find
from tests.testbed.servers import Servers

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"
pytestmark = pytest.mark.engine


def test_a_server_has_an_engine_of_its_own(servers: Servers) -> None:
    offline = servers["offline"]
    assert offline.output_of("docker", "version", "--format", "{{.Server.Version}}").startswith("26.1")
    assert offline.output_of("docker", "images", "--quiet") == ""
    assert offline.environment()["DOCKER_HOST"] != os.environ["DOCKER_HOST"]


@pytest.mark.parametrize(
    ("engine", "server_version", "compose_version"),
    [("28", "28.5", "2.40"), pytest.param("20", "20.10", "2.26", marks=pytest.mark.long)],
)
def test_a_server_may_have_an_older_or_newer_engine(
    servers: Servers, engine: Generation, server_version: str, compose_version: str
) -> None:
    server = servers.start(f"engine-{engine}", images=("busybox:1",), engine=engine)
    version = server.output_of("docker", "version", "--format", "{{.Server.Version}} {{.Client.Version}}")
    assert [one.startswith(server_version) for one in version.split()] == [True, True], version
    assert server.output_of("docker", "compose", "version", "--short").startswith(compose_version)
    server.output_of("docker", "run", "--detach", "--name", "sleeper", "busybox:1", "sleep", "60")
    assert server.output_of("docker", "exec", "sleeper", "echo", "hello") == "hello\n"


def test_a_server_may_keep_its_images_in_containerds_store(servers: Servers) -> None:
    server = servers.start("containerd", images=("busybox:1",), store="containerd")
    status = server.output_of("docker", "info", "--format", "{{.DriverStatus}}")
    assert status.strip() == "[[driver-type io.containerd.snapshotter.v1]]"
    assert server.output_of("docker", "run", "--rm", "busybox:1", "echo", "hello") == "hello\n"


def test_a_server_reaches_no_network(servers: Servers) -> None:
    script = "import socket; socket.create_connection(('192.0.2.1', 80), timeout=5)"
    with pytest.raises(TestbedProblem, match="Network is unreachable"):
        servers["offline"].output_of("python3", "-c", script)


def test_a_pull_on_a_server_fails_at_once(servers: Servers) -> None:
    with pytest.raises(
        TestbedProblem, match=r"network is unreachable|failure in name resolution|misbehaving"
    ):
        servers["offline"].output_of("timeout", "5", "docker", "pull", "nowhere.example/app:1")


def test_a_server_that_ends_leaves_nothing() -> None:
    with Servers() as started:
        brief = started.start("brief", images=("busybox:1",))
        brief.output_of("docker", "run", "--detach", "--restart", "always", "busybox:1", "sleep", "1000")
        folder = brief.folder
        assert processes_of(folder)
    assert (folder.exists(), processes_of(folder)) == (False, [])


def test_what_a_killed_run_left_is_swept_by_the_next() -> None:
    script = (
        "import os, time; from testbed.life import start;"
        "made = start(f'killed-{os.getpid()}', owner=os.getpid());"
        "print(made.folder, flush=True); time.sleep(600)"
    )
    environment = {**os.environ, "PYTHONPATH": str(SCRIPTS)}
    words = (sys.executable, "-c", script)
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=environment) as owner:
        assert owner.stdout is not None
        folder = Path(owner.stdout.readline().strip())
        engine = Server(folder).pid
        owner.kill()
    assert started_at(engine)
    sweep()
    assert (folder.exists(), started_at(engine)) == (False, "")


def test_a_server_nobody_started_is_named_with_the_way_to_start_it() -> None:
    with pytest.raises(TestbedProblem) as raised:
        find("nobody")
    assert str(raised.value) == "Error: There is no server nobody.\n→ scripts/server up nobody"
