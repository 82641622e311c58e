"""A machine of the demo: where commands are typed, shown and run."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from demonstration.screen import Screen
from testbed.command import succeeds
from testbed.engine import Generation
from testbed.images import USUAL
from testbed.life import server
from testbed.problem import TestbedProblem
from testbed.server import Server


@dataclass(frozen=True)
class Place:
    """A machine with a home folder. Without `server` it is this machine with its own engine."""

    name: str
    home: Path
    screen: Screen
    programs: Path | None = None
    server: Server | None = None

    def type(self, line: str, *, within: str = "", expecting: int = 0) -> None:
        """Show a command line, run it and show all it says; its exit code is checked."""
        self.screen.command(f"{self.name}:{Path('~', within)}", line)
        exit_code = self._run(line, within, stdout=sys.stdout).returncode
        if exit_code != expecting:
            raise TestbedProblem(f"`{line}` ended with {exit_code} instead of {expecting}.")

    def ask(self, line: str, *, within: str = "") -> str:
        """Run a command line quietly; what it prints."""
        done = self._run(line, within, stdout=subprocess.PIPE)
        if done.returncode:
            raise TestbedProblem(f"`{line}` on {self.name} ended with {done.returncode}.")
        return str(done.stdout)

    def _run(self, line: str, within: str, stdout: "IO[str] | int") -> "subprocess.CompletedProcess[str]":
        words: Sequence[str] = ("sh", "-c", f"({line}) 2>&1")
        sys.stdout.flush()
        return subprocess.run(
            self.server.command(*words) if self.server else words,
            cwd=self.home / within,
            env=self._environment(),
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            text=True,
            check=False,
        )

    def _environment(self) -> Mapping[str, str]:
        environment = self.server.environment() if self.server else dict(os.environ)
        environment["HOME"] = str(self.home)
        if self.programs:
            environment["PATH"] = f"{self.programs}:{environment['PATH']}"
        return environment


@contextmanager
def online_place(home: Path, screen: Screen, programs: Path, *, private: bool) -> Iterator[Place]:
    """The engineer's machine, with this machine's engine where it has one, else (or `private`) its own."""
    home.mkdir()
    if not private and has_engine():
        place = Place("online", home, screen, programs)
        before = set(place.ask(LIST_IMAGES).split())
        try:
            yield place
        finally:
            made = sorted(set(place.ask(LIST_IMAGES).split()) - before)
            succeeds("docker", "rmi", *made)
    else:
        with server("online", images=USUAL) as engine:
            yield Place("online", home, screen, programs, engine)


@contextmanager
def offline_place(name: str, home: Path, screen: Screen, generation: Generation) -> Iterator[Place]:
    """A machine that reaches nothing; its engine holds no image, and it knows nothing of Airlock."""
    home.mkdir()
    with server(name, engine=generation) as engine:
        yield Place(name, home, screen, server=engine)


LIST_IMAGES = "docker images --format '{{.Repository}}:{{.Tag}}' 'customer-vault/*'"


def has_engine() -> bool:
    """Whether this machine has a Docker engine with Compose that we may use."""
    return (
        bool(shutil.which("docker"))
        and succeeds("docker", "info")
        and succeeds("docker", "compose", "version")
    )
