"""Restarting a private engine as `systemctl restart docker` would, in the namespaces that it had."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from testbed.command import succeeds
from testbed.life import engine_words
from testbed.processes import is_over
from testbed.server import Server

PATIENCE_SECONDS = 60


def restart_engine(
    server: Server,
    number: signal.Signals = signal.SIGTERM,
    while_away: Callable[[], None] = lambda: None,
) -> None:
    """Come back when the engine answers again; call `while_away` when it and its containers have ended."""
    pid = server.pid
    inside = ("nsenter", f"--net=/proc/{pid}/ns/net", f"--mount=/proc/{pid}/ns/mnt")
    with subprocess.Popen((*inside, "sleep", "infinity")) as keeper:  # namespaces go with their last process
        try:
            _wait_until(lambda: _namespaces(keeper.pid) == _namespaces(pid))
            os.kill(pid, number)
            _wait_until(lambda: _has_ended(pid))
            (server.folder / "pid").unlink(missing_ok=True)  # left by one that was killed
            while_away()
            _start(server, keeper.pid)
            _wait_until(lambda: succeeds("docker", "version", environment=server.environment()))
        finally:
            keeper.kill()


def _start(server: Server, keeper: int) -> None:
    words = engine_words(server.folder)
    inside = ("nsenter", f"--net=/proc/{keeper}/ns/net", f"--mount=/proc/{keeper}/ns/mnt")
    log = os.open(server.folder / "log", os.O_WRONLY | os.O_APPEND)
    os.posix_spawnp(
        "nsenter",
        (*inside, *words[words.index("dockerd") :]),
        server.engine.daemon_environment(),
        file_actions=[(os.POSIX_SPAWN_DUP2, log, 1), (os.POSIX_SPAWN_DUP2, log, 2)],
        setsid=True,
    )
    os.close(log)


def _namespaces(pid: int) -> list[str]:
    return [str(Path(f"/proc/{pid}/ns/{kind}").readlink()) for kind in ("net", "mnt")]


def _has_ended(pid: int) -> bool:
    with suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)
    return is_over(pid)


def _wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)
