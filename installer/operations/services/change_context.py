"""Holds what every step of a change uses: the plan, and the doors to this host."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from installer.bundle.layout import MANIFEST
from installer.bundle.manifest.manifest import Manifest
from installer.bundle.manifest.manifest_file import parse_manifest
from installer.bundle.sql.migrations import Migration, read_migrations
from installer.database.door.running_database import Database
from installer.database.engines import engine_of_container, locate
from installer.errors import Failed
from installer.operations.plan.import_plan import ImportPlan
from installer.screen.console import Console
from installer.site.starting.health import SETTLE_SECONDS, Watch, wait_until_healthy, waiting_words
from installer.system.compose.compose import Compose, ComposeModel
from installer.system.docker.docker import Container, Engine
from installer.text import _

DATABASE_STOP_SECONDS = 600
WAY_BACK_SECONDS = 300.0


@dataclass(frozen=True)
class Change:
    """Describes a plan to carry out or undo. Holds nothing that could not be found again after a crash.

    `sets_aside`: an undo keeps data elsewhere instead of deleting it, because it may be in use by now.
    """

    plan: ImportPlan
    engine: Engine
    console: Console
    deadline_seconds: float
    sets_aside: bool = False
    _models: dict[Path, ComposeModel] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def manifest(self) -> Manifest:
        """Returns the manifest of the new release."""
        return parse_manifest((self.plan.release / MANIFEST).read_bytes())

    @property
    def new(self) -> Compose:
        """Returns the new release."""
        overrides = (str(self._place_of(name)) for name in self.plan.overrides)
        return Compose(self.plan.release, (*self.manifest.compose_files, *overrides), self.plan.project)

    def _place_of(self, override: str) -> Path:
        """Returns the override's path: in the old directory until it is carried over."""
        previous = self.plan.previous
        if previous is None or (self.plan.release / override).exists():
            return Path(override)
        return previous.directory / override

    @property
    def old(self) -> Compose | None:
        """Returns the old release, if there was one."""
        previous = self.plan.previous
        if previous is None:
            return None
        return Compose(previous.directory, previous.files, self.plan.project, previous.env_file)

    def model_of(self, release: Compose) -> ComposeModel:
        """Returns the model of `new` or `old`, asked once: their files do not change during a run."""
        if release.directory not in self._models:
            self._models[release.directory] = release.model()
        return self._models[release.directory]

    @property
    def new_model(self) -> ComposeModel:
        """Returns the model of the new release."""
        return self.model_of(self.new)

    def patiently(self) -> "Change":
        """Returns this change with a longer deadline, so that a short one does not cut off the undo."""
        return replace(self, deadline_seconds=max(self.deadline_seconds, WAY_BACK_SECONDS))

    def containers(self) -> tuple[Container, ...]:
        """Returns the project's containers, running or not, without those of `docker compose run`."""
        return tuple(c for c in self.engine.containers(project=self.plan.project) if not c.is_one_off)

    def old_containers(self) -> tuple[Container, ...]:
        """Returns the old release's containers: those from before, and those that an undo created again."""
        started, previous = self.plan.started_at, self.plan.previous
        directory = previous.directory if previous is not None else None
        return tuple(c for c in self.containers() if c.created_at <= started or c.working_dir == directory)

    def new_containers(self) -> tuple[Container, ...]:
        """Returns the new release's containers."""
        old = {one.id for one in self.old_containers()}
        return tuple(one for one in self.containers() if one.id not in old)

    def container_of(self, service: str) -> Container:
        """Returns the container of a service. Raises `Failed` if there is none."""
        container = next((c for c in self.containers() if c.service == service), None)
        if container is None:
            raise Failed(_("The service {service} has no container.", service=service))
        return container

    def is_running(self, service: str) -> bool:
        """Returns whether a container of the service is running."""
        return any(c.is_running for c in self.containers() if c.service == service)

    def wait_for(
        self, services: Sequence[str], *, patient: bool = False, settle_seconds: float = SETTLE_SECONDS
    ) -> None:
        """Returns when these services are healthy, and the databases among them answer."""
        with self.console.waiting(waiting_words(services)) as now:
            wait_until_healthy(
                self.watch(patient=patient),
                services,
                deadline_seconds=self.deadline_seconds,
                settle_seconds=settle_seconds,
                tell=lambda waiting: now(waiting_words(waiting)),
            )

    def watch(self, *, patient: bool) -> Watch:
        """Returns a watch over the project's services; the databases among them must answer."""
        return Watch(self.engine, self.plan.project, patient=patient, tests=self._database_answers())

    def _database_answers(self) -> dict[str, Callable[[Container], bool]]:
        """Returns the tests of the databases' containers, by the image that each actually runs."""
        services = self.plan.database_services
        found = {c.service: c for c in self.containers() if c.service in services}
        return {name: engine_of_container(found[name]).answering() for name in services if name in found}

    def database_of(self, release: Compose, service: str) -> Database | None:
        """Locates the running database of a service of `release`; None if the release has no such service."""
        described = self.model_of(release).services.get(service)
        return locate(described, self.container_of(service)) if described else None

    def migrations_of(self, service: str) -> tuple[Migration, ...]:
        """Reads the migrations of the new release for the database of a service."""
        described = (one for one in self.manifest.databases if one.service == service)
        folders = ((self.plan.release / one.folder, one.prisma) for one in described)
        return tuple(one for folder, prisma in folders for one in read_migrations(folder, prisma))
