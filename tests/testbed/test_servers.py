import os
import subprocess

import pytest

from testbed.problem import TestbedProblem
from testbed.server import find
from tests.testbed.servers import Servers

pytestmark = pytest.mark.engine


def test_a_server_has_an_engine_of_its_own(servers: Servers) -> None:
    offline = servers["offline"]
    assert offline.output_of("docker", "version", "--format", "{{.Server.Version}}").startswith("26.1")
    assert offline.output_of("docker", "images", "--quiet") == ""
    assert offline.environment()["DOCKER_HOST"] != os.environ["DOCKER_HOST"]


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
        pid, folder = brief.pid, brief.folder
    assert not folder.exists()
    assert subprocess.run(["kill", "-0", str(pid)], capture_output=True, check=False).returncode
    assert (
        str(folder)
        not in subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    )


def test_a_server_nobody_started_is_named_with_the_way_to_start_it() -> None:
    with pytest.raises(TestbedProblem) as raised:
        find("nobody")
    assert str(raised.value) == "Error: There is no server nobody.\n→ scripts/server up nobody"
