"""A release directory and the containers of its project, as adopting looks at them."""

from dataclasses import dataclass
from pathlib import Path

from installer.bundle.manifest.manifest import Manifest
from installer.errors import Refused
from installer.site.release_record import read_record
from installer.site.running.whereabouts import started_in
from installer.system.compose.compose import Compose, ComposeModel
from installer.system.docker.docker import Container, Engine
from installer.text import _


@dataclass(frozen=True)
class RenamedRelease:
    """`containers` are those of the services, running or not; `before` is where they were started."""

    release: Path
    compose: Compose
    model: ComposeModel
    database: str | None
    engine: Engine
    containers: tuple[Container, ...]
    before: Path

    @property
    def project(self) -> str:
        """The name of the project on this host."""
        return self.model.project

    @property
    def services(self) -> tuple[str, ...]:
        """Those that will run from here: all that are up, and what an earlier attempt left stopped."""
        return tuple(name for name in self.model.services if name in self._up() | self._left_stopped())

    @property
    def database_service(self) -> tuple[str, ...]:
        """The database, if it is among them."""
        return tuple(name for name in self.services if name == self.database)

    @property
    def other_services(self) -> tuple[str, ...]:
        """All but the database."""
        return tuple(name for name in self.services if name != self.database)

    @property
    def runs_from_here(self) -> bool:
        """Whether nothing is left to be started from here."""
        own = [one for one in self.containers if one.service in self.services]
        return bool(own) and all(self.is_from_here(one) for one in own)

    def is_from_here(self, container: Container) -> bool:
        """Whether a container was made in this directory, by the name it has now."""
        place = container.working_dir
        return place is not None and place.resolve() == self.release.resolve()

    def found(self, service: str) -> Container | None:
        """The container of a service as it is at this moment."""
        found = self.engine.containers(project=self.project)
        return next((one for one in found if one.service == service and not one.is_one_off), None)

    def _up(self) -> set[str | None]:
        return {one.service for one in self.containers if one.is_up}

    def _left_stopped(self) -> set[str | None]:
        """Services that would always run, stopped while others run from here already, or all are stopped."""
        was_begun = any(map(self.is_from_here, self.containers)) or not self._up()
        lasting: set[str | None] = {name for name, one in self.model.services.items() if one.restart != "no"}
        return lasting & {one.service for one in self.containers} if was_begun else set()


def look_at_release(release: Path, manifest: Manifest, engine: Engine) -> RenamedRelease:
    """The release in that directory. Raises `Refused` where none is installed, or it has no container."""
    record = read_record(release)
    if record is None:
        raise Refused(
            _("No release was taken into operation in this directory."),
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
    database = manifest.database.service if manifest.database else None
    return RenamedRelease(release, compose, compose.model(), database, engine, containers, before)
