"""Starts and stops servers. A server's network and mounts belong to its engine and end with it."""

import json
import os
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Literal

from testbed.cache import cache_folder
from testbed.command import succeeds
from testbed.engine import Generation, engine_files
from testbed.problem import TestbedProblem
from testbed.processes import kill_all, started_at
from testbed.server import Server, server_folder

Store = Literal["classic", "containerd"]
"""The image store of an engine; `containerd` requires engine 26 or newer."""

READY_SECONDS = 60
STOP_SECONDS = 30
LOOPBACK = Path(__file__).with_name("loopback.py")


@contextmanager
def server(
    name: str,
    *,
    images: Sequence[str] = (),
    engine: Generation = "26",
    store: Store = "classic",
    oldest_api: str | None = None,
) -> Iterator[Server]:
    """Runs a server while the body runs, under a name that no other run uses."""
    sweep()
    running = start(
        f"{name}-{os.getpid()}",
        images=images,
        engine=engine,
        store=store,
        oldest_api=oldest_api,
        owner=os.getpid(),
    )
    try:
        yield running
    finally:
        stop(running)


def start(
    name: str,
    *,
    images: Sequence[str] = (),
    engine: Generation = "26",
    store: Store = "classic",
    oldest_api: str | None = None,
    owner: int | None = None,
) -> Server:
    """Starts a server that runs until `stop`; with an owner (a process), until `sweep` after its end.

    Its engine refuses clients older than `oldest_api` (default: its own limit).
    """
    made = Server(server_folder(name))
    if made.folder.exists():
        raise TestbedProblem(f"Server {name} already exists.", f"scripts/server down {name}")
    files = engine_files(engine)
    made.folder.mkdir(parents=True)
    try:
        (made.folder / "engine").symlink_to(files.folder)
        if owner:
            (made.folder / "owner").write_text(f"{owner} {started_at(owner)}")
        settings = {"features": {"containerd-snapshotter": True}} if store == "containerd" else {}
        (made.folder / "daemon.json").write_text(json.dumps(settings))
        _start_engine(made, {"DOCKER_MIN_API_VERSION": oldest_api} if oldest_api else {})
        made.load(images)
    except BaseException:
        stop(made)
        raise
    return made


def stop(server: Server) -> None:
    """Stops a server and deletes all its data. Its containers are killed, and their data is not kept."""
    with suppress(FileNotFoundError):
        pid = server.pid
        _remove_containers(server)
        _end(pid)
    kill_all(server.folder)
    shutil.rmtree(server.folder, ignore_errors=True)


def sweep() -> None:
    """Removes the servers whose owners died without removing them."""
    for owner in (cache_folder() / "servers").glob("*/owner"):
        with suppress(FileNotFoundError):
            pid, born = owner.read_text().split()
            if started_at(int(pid)) != born:
                stop(Server(owner.parent))


def engine_words(folder: Path) -> tuple[str, ...]:
    """Returns the command that starts the engine of the server in `folder`, in its own namespaces."""
    return (
        *("unshare", "--net", "--mount", "--propagation", "slave", "--", sys.executable, str(LOOPBACK)),
        *("dockerd", "--host", f"unix://{folder}/docker.sock", "--pidfile", f"{folder}/pid"),
        *("--config-file", f"{folder}/daemon.json"),
        *("--data-root", f"{folder}/data", "--exec-root", f"{folder}/exec"),
    )


def _start_engine(server: Server, limits: Mapping[str, str]) -> None:
    log = os.open(server.folder / "log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    pid = os.posix_spawnp(  # no Popen: the engine outlives the process that starts it
        "unshare",
        engine_words(server.folder),
        {**server.engine.daemon_environment(), **limits},
        file_actions=[(os.POSIX_SPAWN_DUP2, log, 1), (os.POSIX_SPAWN_DUP2, log, 2)],
        setsid=True,  # Ctrl-C is handled by the test bed: containers first, then the engine
    )
    os.close(log)
    if not _comes_true(lambda: _answers(server), READY_SECONDS, unless=lambda: _has_ended(pid)):
        said = (server.folder / "log").read_text(errors="replace").splitlines()[-8:]
        raise TestbedProblem("The private Docker engine did not start. Its log:\n  " + "\n  ".join(said))


def _answers(server: Server) -> bool:
    return (server.folder / "pid").exists() and succeeds(
        "docker", "version", environment=server.environment()
    )


def _remove_containers(server: Server) -> None:
    environment = server.environment()
    succeeds(
        *(
            "timeout",
            str(STOP_SECONDS),
            "sh",
            "-c",
            "docker ps --all --quiet | xargs --no-run-if-empty docker rm --force",
        ),
        environment=environment,
    )


def _end(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)
    _comes_true(lambda: _has_ended(pid), STOP_SECONDS)


def _has_ended(pid: int) -> bool:
    """Returns whether the engine has ended; reaps it if it is a child of this process."""
    with suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)
    return not started_at(pid)


def _comes_true(
    condition: Callable[[], bool], seconds: float, *, unless: Callable[[], bool] = lambda: False
) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline or unless():
            return False
        time.sleep(0.1)
    return True
