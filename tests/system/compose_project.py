"""Small compose projects for tests: real files in a fresh folder, and nothing left of them afterwards."""

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from installer.system.compose.compose import Compose
from installer.system.process.process import run

SLEEPS = 'services: {web: {image: "busybox:1", init: true, command: sleep 60}}'


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Path]:
    """A fresh folder whose name is unique; the compose project named after it is removed afterwards."""
    folder = tmp_path / f"f-{uuid.uuid4().hex[:8]}"
    folder.mkdir()
    yield folder
    label = f"label=com.docker.compose.project={folder.name}"
    for kind, words in {
        "container": ("rm", "--force", "--volumes"),
        "network": ("rm",),
        "volume": ("rm", "--force"),
    }.items():
        everything = ("--all",) if kind == "container" else ()
        names = run(("docker", kind, "ls", *everything, "--quiet", "--filter", label)).stdout.split()
        if names:
            run(("docker", kind, *words, *names))


def compose(folder: Path, text: str) -> Compose:
    """The project in `folder`, its compose file holding `text`."""
    (folder / "docker-compose.yml").write_text(text)
    return Compose(folder, ("docker-compose.yml",), folder.name)
