"""Defines a server: a private Docker engine in its own network namespace, without any connection."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from testbed.cache import cache_folder
from testbed.command import input_to, output_of
from testbed.engine import EngineFiles
from testbed.images import RECIPES
from testbed.images.recipe import image_archive
from testbed.problem import TestbedProblem

LONGEST_FOLDER = 70  # a socket's path has at most 107 characters, and containerd makes some below the folder


@dataclass(frozen=True)
class Server:
    """A running server; all its files are in `folder`."""

    folder: Path

    @property
    def pid(self) -> int:
        """Returns the process ID of its engine, whose namespaces are the server's."""
        return int((self.folder / "pid").read_text())

    @property
    def engine(self) -> EngineFiles:
        return EngineFiles((self.folder / "engine").resolve())

    def environment(self, base: Mapping[str, str] = os.environ) -> dict[str, str]:
        """Returns `base` with PATH, DOCKER_HOST and DOCKER_CONFIG of this server."""
        kept = {name: value for name, value in base.items() if name != "DOCKER_CONTEXT"}
        return {**self.engine.environment(kept), "DOCKER_HOST": f"unix://{self.folder}/docker.sock"}

    def command(self, *words: str | Path) -> tuple[str, ...]:
        """Returns the command that runs a program on this server; run it in `environment()`."""
        return ("nsenter", f"--net=/proc/{self.pid}/ns/net", "--", *map(str, words))

    def output_of(self, *words: str | Path) -> str:
        """Runs a program on this server that must succeed; returns its standard output."""
        return output_of(*self.command(*words), environment=self.environment())

    def input_to(self, text: str, *words: str | Path) -> None:
        """Runs a program on this server that reads `text` and must succeed."""
        input_to(text, *self.command(*words), environment=self.environment())

    def load(self, references: Sequence[str]) -> None:
        """Loads these base images into the engine, such as "mariadb:10.11"."""
        for reference in references:
            self.output_of("docker", "load", "--quiet", "--input", image_archive(RECIPES[reference]))


def server_folder(name: str) -> Path:
    """Returns the folder of the server with this name."""
    folder = cache_folder() / "servers" / name
    if len(str(folder)) > LONGEST_FOLDER:
        raise TestbedProblem(
            f"The path {folder} is too long for the sockets in it.", "Set AIRLOCK_TESTBED to a shorter path."
        )
    return folder


def find(name: str) -> Server:
    """Returns the server that was started under this name."""
    found = Server(server_folder(name))
    if not (found.folder / "pid").exists():
        raise TestbedProblem(f"There is no server {name}.", f"scripts/server up {name}")
    return found
