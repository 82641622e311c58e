"""A server: a private Docker engine in a network namespace of its own that reaches nothing and nobody."""

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
    """A running server; all it has lies in `folder`."""

    folder: Path

    @property
    def pid(self) -> int:
        """The process of its engine, whose namespaces are the server's."""
        return int((self.folder / "pid").read_text())

    @property
    def engine(self) -> EngineFiles:
        return EngineFiles((self.folder / "engine").resolve())

    def environment(self, base: Mapping[str, str] = os.environ) -> dict[str, str]:
        """`base` with PATH, DOCKER_HOST and DOCKER_CONFIG of this server."""
        kept = {name: value for name, value in base.items() if name != "DOCKER_CONTEXT"}
        return {**self.engine.environment(kept), "DOCKER_HOST": f"unix://{self.folder}/docker.sock"}

    def command(self, *words: str | Path) -> tuple[str, ...]:
        """The words that run a program on this server; run them in `environment()`."""
        return ("nsenter", f"--net=/proc/{self.pid}/ns/net", "--", *map(str, words))

    def output_of(self, *words: str | Path) -> str:
        """Run a program on this server that must succeed; its standard output."""
        return output_of(*self.command(*words), environment=self.environment())

    def input_to(self, text: str, *words: str | Path) -> None:
        """Run a program on this server that must succeed, and that reads `text`."""
        input_to(text, *self.command(*words), environment=self.environment())

    def load(self, references: Sequence[str]) -> None:
        """Give the engine these base images, such as "mariadb:10.11"."""
        for reference in references:
            self.output_of("docker", "load", "--quiet", "--input", image_archive(RECIPES[reference]))


def server_folder(name: str) -> Path:
    """Where the server of this name keeps everything."""
    folder = cache_folder() / "servers" / name
    if len(str(folder)) > LONGEST_FOLDER:
        raise TestbedProblem(
            f"The path {folder} is too long for the sockets in it.", "Set AIRLOCK_TESTBED to a shorter path."
        )
    return folder


def find(name: str) -> Server:
    """The server that was started under this name."""
    found = Server(server_folder(name))
    if not (found.folder / "pid").exists():
        raise TestbedProblem(f"There is no server {name}.", f"scripts/server up {name}")
    return found
