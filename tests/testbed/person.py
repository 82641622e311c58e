"""Somebody on a server who is not root, and whom only a group lets use the engine."""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from testbed.server import Server
from tests.journeys.site import Ended, Site

PERSON, GROUP = 4242, 4343  # nobody has these numbers


@dataclass(frozen=True)
class Person:
    """Types in directories of `site`, whose folder is this person's own; the engine is reached in `tools`."""

    site: Site
    tools: Path

    def types(self, directory: Path, *words: str) -> Ended:
        """Run a command in a directory, without a terminal, and wait for its end."""
        become = ("setpriv", f"--reuid={PERSON}", f"--regid={PERSON}", f"--groups={GROUP}", "--")
        path = f"{self.tools}/engine/bin:{os.environ['PATH']}"
        engine = {"DOCKER_HOST": f"unix://{self.tools}/socket", "DOCKER_CONFIG": f"{self.tools}/engine/cli"}
        return self.site.type(directory, *become, *words, HOME=str(self.site.folder), PATH=path, **engine)

    def owns(self, *paths: Path) -> None:
        """Give these files, and folders with all that is in them, to this person."""
        subprocess.run(("chown", "--recursive", f"{PERSON}:{PERSON}", *paths), check=True)


@contextmanager
def person_of(server: Server) -> Iterator[Person]:
    """A person of this server, with a folder that others may enter as well."""
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="airlock-person-")))
        tools = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="airlock-tools-")))
        socket = server.folder / "docker.sock"
        for folder in (home, tools):
            folder.chmod(0o755)
        os.chown(socket, 0, GROUP)
        stack.callback(os.chown, socket, 0, 0)
        (tools / "engine").mkdir()
        (tools / "socket").touch()
        stack.enter_context(_seen_at(server.engine.folder, tools / "engine"))
        stack.enter_context(_seen_at(socket, tools / "socket"))
        person = Person(Site(server, home), tools)
        person.owns(home)
        yield person


@contextmanager
def _seen_at(place: Path, other: Path) -> Iterator[None]:
    """The test bed's cache lies where only root may look."""
    subprocess.run(("mount", "--bind", place, other), check=True)
    try:
        yield
    finally:
        subprocess.run(("umount", "--lazy", other), check=True)
