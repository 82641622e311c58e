"""Finds what belongs to the release directory of a command: database, migrations, backups."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from installer.bundle.layout import MANIFEST, shown
from installer.bundle.manifest.manifest import Manifest, parse_manifest
from installer.bundle.sql.migrations import Migration, read_migrations
from installer.database.door.running_database import Database
from installer.database.engines import ENGINES, engine_of, locate
from installer.errors import Refused
from installer.operations.services.health import wait_until_healthy, waiting_words
from installer.operations.services.sweep_files import sweep_files
from installer.screen.console import Console
from installer.site.files.container_names import fixed_container_names
from installer.site.kept_record import read_kept
from installer.site.paths import backups_folder, env_path, log_path
from installer.site.release_record import read_record
from installer.site.running.installation import find_installation
from installer.site.running.other_files import refuse_other_files
from installer.site.running.start_again import start_again
from installer.system.compose.compose import Compose, ComposeModel, Service
from installer.system.docker.data_stores import unserved_stores
from installer.system.docker.docker import Container, Engine, site_name
from installer.text import _
from installer.workflow.lock import site_lock


@dataclass(frozen=True)
class Site:
    """Represents one release directory on this host; looks everything up when it is asked for."""

    release: Path
    console: Console

    def manifest(self) -> Manifest:
        """Reads the manifest of the release. Raises `Refused` if there is none."""
        path = self.release / MANIFEST
        if not path.is_file():
            raise Refused(
                _("{directory} is not a release directory.", directory=self.release),
                details=[_("It contains no {file}.", file=MANIFEST)],
                hint=_("Go to the directory that was unpacked from a package, then run: ./airlock"),
            )
        return parse_manifest(path.read_bytes())

    def name(self) -> str:
        """Returns a name for the place where this application can run: one run at a time may change it."""
        return site_name(Engine.connect(), self.manifest().application.project)

    def project(self) -> str:
        """Returns the compose project's name on this host, which an older installation may have chosen."""
        return self.compose().project or self.manifest().application.project

    def compose(self) -> Compose:
        """Returns the release as a compose project; before its import, the running one that it replaces."""
        record, manifest = read_record(self.release), self.manifest()
        project = record.project if record else manifest.application.project
        if record is None and not env_path(self.release).exists():
            names = fixed_container_names(self.release, manifest.compose_files)
            running = find_installation(
                Engine.connect(), project, names, from_directory=None, near=self.release
            )
            if running is not None:
                return running.compose
        files = (*manifest.compose_files, *read_kept(self.release).overrides)
        return Compose(self.release, files, project)

    def database(self) -> Database:
        """Finds the running database. Raises `Refused` if the application has none or it is not running."""
        service = self.database_service()
        container = next(iter(self.database_containers()), None)
        if container is None:
            raise _not_running(service.name)
        if read_record(self.release) is not None:
            refuse_other_files(self.release, service, container)
        return locate(service, container)

    def database_service(self) -> Service:
        """Returns the service of the database, running or not. Raises `Refused` if there is none."""
        database, model = self.manifest().database, self.compose().model()
        if database is None:
            raise _no_database(model)
        service = model.services.get(database.service)
        if service is None:
            raise _not_running(database.service)
        return service

    def database_containers(self) -> tuple[Container, ...]:
        """Returns the running containers of the database's service."""
        database = self.manifest().database
        name = database.service if database else None
        return tuple(c for c in self.containers() if c.is_running and c.service == name)

    @contextmanager
    def locked(self, activity: str) -> Iterator[None]:
        """Holds the site's lock and writes the log file while the body runs.

        First deletes the unfinished files of a run that was killed.
        """
        with self.console.logging_to(log_path(self.release)), site_lock(self.name(), activity):
            sweep_files(self.release)
            yield

    def started_database(self, deadline_seconds: float) -> Database:
        """Returns the database; starts it if it is stopped, and waits until it answers."""
        described = self.manifest().database
        if described is not None:
            self._start(described.service, deadline_seconds)
        return self.database()

    def _start(self, database: str, deadline_seconds: float) -> None:
        own = [one for one in self.containers() if one.service == database]
        if not any(one.is_running for one in own):
            self.console.say(_("Starting: {services}", services=database))
            if own:
                start_again(self.compose(), self.containers, (database,))
            else:
                self.compose().up((database,), no_deps=True, timeout_seconds=deadline_seconds)
        started = next((one for one in self.containers() if one.service == database), None)
        tests = {database: engine_of(started.image).answering()} if started else {}
        wait_until_healthy(
            Engine.connect(),
            self.project(),
            (database,),
            deadline_seconds=deadline_seconds,
            patient=True,
            settle_seconds=0,
            tests=tests,
        )

    def wait_until_healthy(self, services: Sequence[str], deadline_seconds: float) -> None:
        """Returns when these services are healthy; gives those that crash time to recover."""
        with self.console.waiting(waiting_words(services)) as now:
            wait_until_healthy(
                Engine.connect(),
                self.project(),
                services,
                deadline_seconds=deadline_seconds,
                patient=True,
                tell=lambda waiting: now(waiting_words(waiting)),
            )

    def services_beside_database(self) -> tuple[str, ...]:
        """Returns the application's running services except the database, sorted."""
        database = self.manifest().database
        up = {c.service for c in self.containers() if c.service and c.is_up}
        return tuple(sorted(up - {database.service if database else ""}))

    def containers(self) -> tuple[Container, ...]:
        """Returns the containers of the services, without those that a person runs with `compose run`."""
        containers = Engine.connect().containers(project=self.project())
        return tuple(container for container in containers if not container.is_one_off)

    def migrations(self) -> tuple[Migration, ...]:
        """Reads the migrations of the release, in order; none without a database.

        Raises `Refused` if some that the package brought are missing: the rest would look complete.
        """
        manifest = self.manifest()
        if manifest.database is None:
            return ()
        folder = self.release / manifest.database.migrations
        migrations = read_migrations(folder)
        missing = {entry.name for entry in manifest.migrations} - {one.name for one in migrations}
        if missing:
            raise Refused(
                _("Migrations of this release are missing in {folder}.", folder=folder),
                details=sorted(map(shown, missing)),
                hint=_("Copy them from the package again. To see what else is missing: ./airlock verify"),
            )
        return migrations

    def backups_folder(self) -> Path:
        """Returns the folder for backups of the database."""
        return backups_folder(self.release)


def _not_running(service: str) -> Refused:
    return Refused(
        _("The database is not running: service {service}.", service=service),
        hint=_("Start it: docker compose up -d {service}", service=service),
    )


def _no_database(model: ComposeModel) -> Refused:
    """Makes the error that Airlock has no database to work on; names databases that it does not serve."""
    served = ", ".join(product for engine in ENGINES for product in engine.products)
    return Refused(
        _("This application has no database that Airlock serves: {products}.", products=served),
        details=[_("Not served: {store}", store=store) for store in unserved_stores(model, None)],
        hint=_("Back up and restore its data with the service's own tools."),
    )
