"""Describes a release directory and the containers of its project, for `adopt`."""

from dataclasses import dataclass
from pathlib import Path

from installer.bundle.manifest.manifest import Manifest
from installer.errors import Refused
from installer.site.release_record import read_record
from installer.site.running.directory_of_containers import started_in
from installer.system.compose.compose import Compose, ComposeModel
from installer.system.docker.docker import Container, Engine
from installer.text import _


@dataclass(frozen=True)
class RenamedRelease:
    """Holds the `containers` of the services, running or not; `before` is where they were started."""

    release: Path
    compose: Compose
    model: ComposeModel
    databases: tuple[str, ...]
    engine: Engine
    containers: tuple[Container, ...]
    before: Path

    @property
    def project(self) -> str:
        """Returns the name of the project on this host."""
        return self.model.project

    @property
    def services(self) -> tuple[str, ...]:
        """Returns the services to run from here: those that are up, or left stopped by an earlier attempt."""
        return tuple(name for name in self.model.services if name in self._up() | self._left_stopped())

    @property
    def database_services(self) -> tuple[str, ...]:
        """Returns those of `services` that are databases."""
        return tuple(name for name in self.services if name in self.databases)

    @property
    def other_services(self) -> tuple[str, ...]:
        """Returns all of `services` but the databases."""
        return tuple(name for name in self.services if name not in self.databases)

    @property
    def runs_from_here(self) -> bool:
        """Returns whether every service already runs from here."""
        own = [one for one in self.containers if one.service in self.services]
        return bool(own) and all(self.is_from_here(one) for one in own)

    def is_from_here(self, container: Container) -> bool:
        """Returns whether a container was created in this directory, by its current name."""
        place = container.working_dir
        return place is not None and place.resolve() == self.release.resolve()

    def found(self, service: str) -> Container | None:
        """Finds the current container of a service."""
        found = self.engine.containers(project=self.project)
        return next((one for one in found if one.service == service and not one.is_one_off), None)

    def _up(self) -> set[str | None]:
        return {one.service for one in self.containers if one.is_up}

    def _left_stopped(self) -> set[str | None]:
        """Finds stopped services that should always run, if others run from here already or none does."""
        was_begun = any(map(self.is_from_here, self.containers)) or not self._up()
        always_running: set[str | None] = {
            name for name, one in self.model.services.items() if one.restart != "no"
        }
        return always_running & {one.service for one in self.containers} if was_begun else set()


def look_at_release(release: Path, manifest: Manifest, engine: Engine) -> RenamedRelease:
    """Finds the release in that directory. Raises `Refused` if none is installed, or it has no container."""
    record = read_record(release)
    if record is None:
        raise Refused(
            _("No release is installed in this directory."),
            details=[_("Looked in: {path}", path=release)],
            hint=_("Run this in the directory that was renamed."),
        )
    compose = Compose(release, manifest.compose_files, record.project)
    containers = tuple(one for one in engine.containers(project=record.project) if not one.is_one_off)
    before = started_in(containers)
    if before is None:
        raise Refused(
            _("{project} has no containers, so nothing runs from another directory.", project=record.project),
            hint=_("Start it here: docker compose up -d"),
        )
    databases = tuple(one.service for one in manifest.databases)
    return RenamedRelease(release, compose, compose.model(), databases, engine, containers, before)
