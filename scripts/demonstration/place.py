"""Defines a machine of the demo, where commands are shown and run."""

import os
import shutil
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from demonstration.screen import Screen
from testbed.command import succeeds
from testbed.engine import Generation
from testbed.images import ONLINE
from testbed.life import server
from testbed.problem import TestbedProblem
from testbed.server import Server


@dataclass(frozen=True)
class Place:
    """A machine with a home folder. Without `server`, it is this machine with its own engine."""

    name: str
    home: Path
    screen: Screen
    programs: Path | None = None
    server: Server | None = None

    def type(self, line: str, *, within: str = "", expecting: int = 0) -> None:
        """Shows a command, runs it, shows its output, and checks its exit code."""
        self.screen.command(f"{self.name}:{Path('~', within)}", line)
        with self._start(line, within) as process:
            self._show(process)
        exit_code = process.returncode
        if exit_code != expecting:
            raise TestbedProblem(f"`{line}` exited with {exit_code} instead of {expecting}.")

    @contextmanager
    def typing(self, line: str, *, within: str = "") -> Iterator["subprocess.Popen[str]"]:
        """Shows a command and its output while the body does something to it; waits for its end."""
        self.screen.command(f"{self.name}:{Path('~', within)}", line)
        with self._start(line, within) as process:
            shower = threading.Thread(target=self._show, args=(process,))
            shower.start()
            try:
                yield process
            finally:
                shower.join()

    def _show(self, process: "subprocess.Popen[str]") -> None:
        assert process.stdout is not None
        try:
            for said in process.stdout:
                self.screen.output(said.rstrip("\n") or " ")
        except SystemExit:
            process.terminate()
            raise

    def ask(self, line: str, *, within: str = "") -> str:
        """Runs a command without showing it, and returns its output."""
        with self._start(line, within) as process:
            said, _ = process.communicate()
        if process.returncode:
            raise TestbedProblem(f"`{line}` on {self.name} exited with {process.returncode}: {said}")
        return said

    def _start(self, line: str, within: str) -> "subprocess.Popen[str]":
        words = ("sh", "-c", line)
        return subprocess.Popen(
            self.server.command(*words) if self.server else words,
            cwd=self.home / within,
            env=self._environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            start_new_session=True,
        )

    def _environment(self) -> Mapping[str, str]:
        environment = self.server.environment() if self.server else dict(os.environ)
        environment["HOME"] = str(self.home)
        if self.programs:
            environment["PATH"] = f"{self.programs}:{environment['PATH']}"
        return environment


@contextmanager
def online_place(
    home: Path, screen: Screen, programs: Path, *, example: str, private: bool
) -> Iterator[Place]:
    """Yields the engineer's machine, with this machine's engine, or with a private one if there is none."""
    home.mkdir()
    if not private and has_engine():
        place, list_images = Place("online", home, screen, programs), f"{LIST_IMAGES} '{example}/*'"
        before = set(place.ask(list_images).split())
        try:
            yield place
        finally:
            made = sorted(set(place.ask(list_images).split()) - before)
            succeeds("docker", "rmi", *made)
    else:
        with server("online", images=IMAGES[example]) as engine:
            yield Place("online", home, screen, programs, engine)


@contextmanager
def offline_place(name: str, home: Path, screen: Screen, generation: Generation) -> Iterator[Place]:
    """Yields a machine without network; its engine has no image, and Airlock was never used on it."""
    home.mkdir()
    with server(name, engine=generation) as engine:
        yield Place(name, home, screen, server=engine)


LIST_IMAGES = "docker images --format '{{.Repository}}:{{.Tag}}'"
IMAGES = {"customer-vault": ONLINE, "order-desk": (*ONLINE, "postgres:17")}  # what a registry would give


def has_engine() -> bool:
    """Returns whether this machine has a usable Docker engine with Compose."""
    return (
        bool(shutil.which("docker"))
        and succeeds("docker", "info")
        and succeeds("docker", "compose", "version")
    )
