"""The roads to an engine that lead nowhere, on real sockets. The `docker` command reads DOCKER_HOST."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from installer.errors import Refused
from installer.system.docker.connection import connect, translated
from installer.system.docker.docker import Engine
from installer.system.docker.recognition.engine_address import engine_address
from installer.system.docker.recognition.open_and_close import open_and_close
from installer.system.engine_problems import EngineProblem
from tests.engines.in_container import engine_in_a_container

pytestmark = pytest.mark.engine


def refusal(monkeypatch: pytest.MonkeyPatch, address: str) -> Refused:
    monkeypatch.setenv("DOCKER_HOST", address)
    with pytest.raises(Refused) as refused:
        connect()
    return refused.value


def test_no_socket_means_that_the_engine_is_not_running(monkeypatch, tmp_path) -> None:
    address = f"unix://{tmp_path}/docker.sock"
    problem = refusal(monkeypatch, address)
    assert problem.happened == "The Docker engine is not running."
    assert problem.details == (f"No response from {address}: No such file or directory",)


def test_a_folder_with_a_blank_is_part_of_the_address(monkeypatch, tmp_path) -> None:
    address = f"unix://{tmp_path}/a b/docker.sock"
    problem = refusal(monkeypatch, address)
    assert problem.details == (f"No response from {address}: No such file or directory",)


def test_a_dead_socket_means_that_the_engine_is_not_running(monkeypatch, tmp_path) -> None:
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(f"{tmp_path}/docker.sock")
    problem = refusal(monkeypatch, f"unix://{tmp_path}/docker.sock")
    assert problem.details == (f"No response from unix://{tmp_path}/docker.sock: Connection refused",)


def test_an_address_without_a_machine_is_wrong_and_says_where_it_comes_from(monkeypatch) -> None:
    problem = refusal(monkeypatch, "tcp://no-such-host.invalid:2375")
    assert problem.happened == "The address of the Docker engine is invalid: tcp://no-such-host.invalid:2375"
    assert problem.details[0].startswith("It comes from DOCKER_HOST: ")


def test_an_engine_on_another_machine_is_refused(monkeypatch) -> None:
    problem = refusal(monkeypatch, "ssh://person@elsewhere")
    assert problem.happened == "The Docker engine is on another machine: ssh://person@elsewhere"


def test_an_engine_at_an_address_that_is_not_this_machines_is_refused_unless_it_may_be_elsewhere(
    monkeypatch: pytest.MonkeyPatch, engine: Engine
) -> None:
    with engine_in_a_container() as address, monkeypatch.context() as inside:
        problem = refusal(inside, address)
        client = connect(may_be_elsewhere=True)
        client.close()
    assert problem.happened == f"The Docker engine is on another machine: {address}"
    assert client.api_version == "1.45"


def test_every_loopback_address_is_on_this_machine(monkeypatch) -> None:
    with engine_of(b'{"ApiVersion": "1.45"}', host="127.0.0.5") as address:
        monkeypatch.setenv("DOCKER_HOST", address)
        connect().close()


def test_a_pipe_of_windows_is_on_this_machine_or_not_there(tmp_path) -> None:
    pipe = tmp_path / "docker_engine"
    with pytest.raises(FileNotFoundError):
        open_and_close(f"npipe://{pipe}")
    pipe.touch()
    assert open_and_close(f"npipe://{pipe}") is True


def test_a_context_that_is_not_there_is_told_in_dockers_words(monkeypatch) -> None:
    monkeypatch.delenv("DOCKER_HOST", raising=False)
    monkeypatch.setenv("DOCKER_CONTEXT", "gone")
    with pytest.raises(Refused) as refused:
        engine_address()
    assert refused.value.happened == "The `docker` command does not know which engine to use."
    assert refused.value.details[0].startswith('context "gone"')


def test_a_machine_without_docker_is_refused(monkeypatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(Refused) as refused:
        connect()
    assert refused.value.happened == "The program `docker` was not found."


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody without rights")
def test_a_socket_of_other_people_means_that_one_may_not_use_the_engine(tmp_path) -> None:
    with socket.socket(socket.AF_UNIX) as guarded:
        guarded.bind(f"{tmp_path}/docker.sock")
        guarded.listen()
        (tmp_path / "docker.sock").chmod(0o660)
        shown = as_nobody(f"unix://{tmp_path}/docker.sock")
    assert shown == [
        "You do not have permission to use the Docker engine.",
        f"Permission denied at unix://{tmp_path}/docker.sock.",
        "Run the command with sudo, or as a member of the group `docker`.",
    ]


def test_an_engine_older_than_the_oldest_we_know_is_refused(monkeypatch) -> None:
    with engine_of(b'{"ApiVersion": "1.40", "Version": "19.03.15"}') as address:
        problem = refusal(monkeypatch, address)
    assert problem.happened == "This Docker engine is too old."
    assert problem.details == ("It supports API 1.40; Airlock requires Docker 20.10 or newer.",)


def test_something_else_that_answers_at_the_address_is_not_taken_for_an_engine(monkeypatch) -> None:
    with engine_of(b"<html>hello</html>") as address:
        problem = refusal(monkeypatch, address)
    assert problem.happened == f"The address of the Docker engine is invalid: {address}"


def test_what_the_engine_says_about_a_failed_request_is_passed_on() -> None:
    client = connect()
    with pytest.raises(EngineProblem) as failed, translated("start the container gone"):
        client.start("gone")
    client.close()
    assert failed.value.happened == "The Docker engine failed to start the container gone."
    assert failed.value.details == ("No such container: gone",)


def test_an_engine_that_goes_away_is_a_broken_connection(monkeypatch) -> None:
    with engine_of(json.dumps({"ApiVersion": "1.45"}).encode()) as address:
        monkeypatch.setenv("DOCKER_HOST", address)
        client = connect()
    with pytest.raises(EngineProblem) as failed, translated("report its version"):
        client.version()
    client.close()
    assert failed.value.happened == "The connection to the Docker engine was lost."


def as_nobody(address: str) -> list[str]:
    """What somebody without rights is told. The modules are imported before the rights are given up."""
    program = (
        "import os, docker, docker.errors, docker.utils, requests, encodings.idna\n"
        "from installer.errors import Refused\n"
        "from installer.system.docker import connection\n"
        "os.setgroups([]), os.setgid(65534), os.setuid(65534)\n"
        "try: connection.connect()\n"
        "except Refused as e: print(e.happened, *e.details, e.hint, sep='\\n')\n"
    )
    environment = {**os.environ, "DOCKER_HOST": address, "PYTHONPATH": str(Path(__file__).parents[3])}
    folder = Path(address.removeprefix("unix://")).parent
    for parent in (folder, *folder.parents):
        if parent == folder or "pytest" in parent.name:
            parent.chmod(0o755)
    done = subprocess.run(
        (sys.executable, "-c", program), env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout.splitlines()


@contextmanager
def engine_of(answer: bytes, host: str = "127.0.0.1") -> Iterator[str]:
    """A server that gives every request the same answer."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_words: object) -> None:
            return

    server = HTTPServer((host, 0), Answer)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"tcp://{host}:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
