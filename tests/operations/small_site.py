"""A small application without a database, taken into operation again and again on the engine of the tests."""

import io
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from installer.bundle.manifest.manifest import Application, Database, Image, Layer, format_of
from installer.operations.import_.import_ import ImportRequest, import_release
from installer.operations.way_back.roll_back import roll_back
from installer.screen.console import Console
from installer.system.docker.docker import Engine
from installer.system.process.process import output_of
from tests.bundle.builders import CONTENTS, a_manifest, a_package_directory

BUSYBOX = "busybox:1"
WEB = """
services:
  web:
    image: busybox:1
    init: true
    stop_grace_period: 1s
    healthcheck: {test: ["CMD", "true"], interval: 1s}
"""


@dataclass(frozen=True)
class SmallSite:
    """`folder` holds the release directories side by side."""

    engine: Engine
    project: str
    folder: Path

    def release(
        self,
        version: str,
        compose: str,
        files: Mapping[str, bytes] | None = None,
        *state: str,
        databases: tuple[Database, ...] = (),
        references: tuple[str, ...] = (BUSYBOX,),
    ) -> Path:
        """An unpacked package of this version, with these files in it."""
        contents = {"docker-compose.yml": compose.encode(), **(files or {})}
        kept = {name: raw for name, raw in CONTENTS.items() if not name.startswith(("prisma", "proxy"))}
        manifest = a_manifest(
            {**kept, **contents},
            format=format_of(None, databases),
            application=Application("small", "Small", version, self.project),
            images=tuple(map(self._image, references)),
            databases=databases,
            smoke=None,
            state=state,
            upgrade_from=None,
        )
        return a_package_directory(self.folder, {**kept, **contents}, manifest)

    def _image(self, reference: str) -> Image:
        stored = self.engine.image(reference)
        assert stored is not None
        layers = tuple(Layer(layer, 10) for layer in stored.diff_ids)
        return Image(reference, stored.id, stored.platform, layers)

    def import_(self, release: Path, **asked: Any) -> str:
        """Import without questions; gives what was told."""
        story = io.StringIO()
        request = ImportRequest(
            **{
                "release": release,
                "package": None,
                "from_directory": None,
                "state_mode": "copy",
                "snapshot": "auto",
                "rehearse": "never",
                "on_failure": "rollback",
                "dry_run": False,
                "health_seconds": 20.0,
                **asked,
            }
        )
        import_release(request, Console(story=story, assume_yes=True))
        return story.getvalue()

    def roll_back(self, release: Path, health_seconds: float = 20.0) -> None:
        roll_back(release, Console(story=io.StringIO(), assume_yes=True), health_seconds=health_seconds)

    def says(self, service: str, *words: str) -> str:
        """What a command in the service's container answers."""
        (container,) = (c for c in self.engine.containers(project=self.project) if c.service == service)
        return output_of(("docker", "exec", container.id, *words))


@pytest.fixture
def site(tmp_path: Path) -> Iterator[SmallSite]:
    """A site whose releases begin with the service `WEB`; nothing of it is left in the engine afterwards."""
    site = SmallSite(Engine.connect(), f"s-{uuid.uuid4().hex[:8]}", tmp_path)
    try:
        yield site
    finally:
        for container in site.engine.containers(project=site.project):
            output_of(("docker", "rm", "--force", container.id))
        output_of(("docker", "network", "prune", "--force"))
