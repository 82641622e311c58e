"""Finds what belongs to the release directory of a command: database, migrations, backups."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from installer.bundle.layout import MANIFEST, shown
from installer.bundle.manifest.manifest import Database as Described
from installer.bundle.manifest.manifest import Manifest
from installer.bundle.manifest.manifest_file import parse_manifest
from installer.bundle.sql.migrations import Migration, read_migrations
from installer.bundle.sql.provider import refuse_other_engine
from installer.database.door.running_database import Database
from installer.database.engines import ENGINES, engine_of_container, locate
from installer.errors import Refused, UsageProblem
from installer.operations.decisions.sqlite_stores import sqlite_stores
from installer.operations.plan.labels import label_among
from installer.operations.services.sweep_files import sweep_files
from installer.screen.console import Console
from installer.site.files.container_names import fixed_container_names
from installer.site.kept_record import read_kept
from installer.site.paths import backups_folder, env_path, log_path
from installer.site.release_record import read_record
from installer.site.running.installation import find_installation
from installer.site.running.other_files import refuse_other_files
from installer.site.starting.health import Watch, wait_until_healthy, waiting_words
from installer.site.starting.start_again import start_again
from installer.system.compose.compose import Compose, Service
from installer.system.docker.data_stores import Unserved, unserved_stores
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

    def databases(self, named: str | None = None) -> tuple[Described, ...]:
        """Returns the databases of the release, in order; only that of the service `named`, if one is.

        Raises `Refused` if there is none, `UsageProblem` if none has that name.
        """
        described = self.manifest().databases
        if not described:
            model = self.compose().model()
            by_files = sqlite_stores(model, Engine.connect())
            raise _no_database(dict.fromkeys((*unserved_stores(model, ()), *by_files)))
        found = tuple(one for one in described if named in (None, one.service))
        if not found:
            raise _not_among(named or "", described)
        return found

    def only_database(self, named: str | None = None) -> Described:
        """Returns the database of the service `named`, or the only one of the release.

        Raises `UsageProblem` if none is named and there are several.
        """
        found = self.databases(named)
        if len(found) > 1:
            raise _several(found)
        return found[0]

    def label_of(self, service: str) -> str:
        """Returns what tells one database from the others in texts and names; empty for the only one."""
        return label_among(service, self.manifest().databases)

    def labels_of(self, service: str) -> tuple[str, ...]:
        """Returns the labels of its backups: the only one has those of a release with several, too."""
        label = self.label_of(service)
        return (label,) if label else ("", service)

    def database(self, named: str | None = None) -> Database:
        """Finds the running database. Raises `Refused` if the application has none or it is not running."""
        service = self.database_service(named)
        container = next(iter(self.database_containers(service.name)), None)
        if container is None:
            raise _not_running(service.name)
        if read_record(self.release) is not None:
            refuse_other_files(self.release, service, container)
        return locate(service, container)

    def database_service(self, named: str | None = None) -> Service:
        """Returns the service of a database, running or not. Raises `Refused` if there is none."""
        described = self.only_database(named)
        service = self.compose().model().services.get(described.service)
        if service is None:
            raise _not_running(described.service)
        return service

    def database_containers(self, service: str) -> tuple[Container, ...]:
        """Returns the running containers of a database's service."""
        return tuple(one for one in self.containers() if one.is_running and one.service == service)

    @contextmanager
    def locked(self, activity: str) -> Iterator[None]:
        """Holds the site's lock and writes the log file while the body runs.

        First deletes the unfinished files of a run that was killed.
        """
        with self.console.logging_to(log_path(self.release)), site_lock(self.name(), activity):
            sweep_files(self.release)
            yield

    def started_database(self, named: str | None, deadline_seconds: float) -> Database:
        """Returns the database; starts it if it is stopped, and waits until it answers."""
        self._start(self.only_database(named).service, deadline_seconds)
        return self.database(named)

    def _start(self, database: str, deadline_seconds: float) -> None:
        own = [one for one in self.containers() if one.service == database]
        if not any(one.is_running for one in own):
            self.console.say(_("Starting: {services}", services=database))
            if own:
                start_again(self.compose(), Engine.connect(), (database,))
            else:
                self.compose().up((database,), no_deps=True, timeout_seconds=deadline_seconds)
        started = next((one for one in self.containers() if one.service == database), None)
        tests = {database: engine_of_container(started).answering()} if started else {}
        watch = Watch(Engine.connect(), self.project(), patient=True, tests=tests)
        wait_until_healthy(watch, (database,), deadline_seconds=deadline_seconds, settle_seconds=0)

    def wait_until_healthy(self, services: Sequence[str], deadline_seconds: float) -> None:
        """Returns when these services are healthy; gives those that crash time to recover."""
        with self.console.waiting(waiting_words(services)) as now:
            wait_until_healthy(
                Watch(Engine.connect(), self.project(), patient=True),
                services,
                deadline_seconds=deadline_seconds,
                tell=lambda waiting: now(waiting_words(waiting)),
            )

    def services_beside_databases(self) -> tuple[str, ...]:
        """Returns the application's running services except the databases, sorted."""
        up = {c.service for c in self.containers() if c.service and c.is_up}
        return tuple(sorted(up - {one.service for one in self.manifest().databases}))

    def containers(self) -> tuple[Container, ...]:
        """Returns the containers of the services, without those that a person runs with `compose run`."""
        containers = Engine.connect().containers(project=self.project())
        return tuple(container for container in containers if not container.is_one_off)

    def migrations(self, described: Described) -> tuple[Migration, ...]:
        """Reads the migrations of a database of the release, in order.

        Raises `Refused` if some that the package brought are missing: the rest would look complete, and if
        they are for another kind of server.
        """
        folder = self.release / described.folder
        refuse_other_engine(folder, described.engine, described.service)
        migrations = read_migrations(folder, described.prisma)
        missing = {entry.name for entry in described.migrations} - {one.name for one in migrations}
        if missing:
            raise Refused(
                _("Migrations of this release are missing in {folder}.", folder=folder),
                details=sorted(map(shown, missing)),
                hint=_("Copy them from the package again. To see what else is missing: ./airlock verify"),
            )
        return migrations

    def backups_folder(self) -> Path:
        """Returns the folder for backups of the databases."""
        return backups_folder(self.release)


def _not_running(service: str) -> Refused:
    return Refused(
        _("The database is not running: service {service}.", service=service),
        hint=_("Start it: docker compose up -d {service}", service=service),
    )


def _not_among(named: str, described: Sequence[Described]) -> UsageProblem:
    return UsageProblem(
        _("There is no database `{name}` in this release.", name=named),
        details=[_("Its databases: {names}", names=", ".join(one.service for one in described))],
    )


def _several(described: Sequence[Described]) -> UsageProblem:
    return UsageProblem(
        _("This release has several databases: {names}", names=", ".join(one.service for one in described)),
        hint=_("Specify one: --database {name}", name=described[0].service),
    )


def _no_database(stores: Iterable[Unserved]) -> Refused:
    """Makes the error that Airlock has no database to work on; names databases that it does not serve."""
    served = ", ".join(product for engine in ENGINES for product in engine.products)
    return Refused(
        _("This application has no database that Airlock serves: {products}.", products=served),
        details=[_("Not served: {store}", store=store) for store in stores],
        hint=_("Back up and restore its data with the service's own tools."),
    )
