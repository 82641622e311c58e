"""Describes what an import will do, as frozen values; `make_plan` decides it.

The plan holds what an undo needs after a crash, and no secrets.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Literal

from installer.bundle.manifest.manifest import Manifest
from installer.database.records.backup_record import DUMP_SUFFIX, new_path, record_path
from installer.operations.adaptations.find_adaptations import UNCHANGED, Adaptations
from installer.operations.plan.labels import label_among
from installer.operations.plan.planned_conversion import Conversion
from installer.operations.plan.planned_outage import Outage
from installer.site.directory_mark import DirectoryMark
from installer.site.paths import backups_folder, runs_folder
from installer.site.running.installation import Installation, VersionSource
from installer.system.compose.compose import Compose, ComposeModel, Service
from installer.system.docker.data_stores import Unserved

StateMode = Literal["copy", "move"]
SnapshotChoice = Literal["auto", "always", "never"]
BackupChoice = Literal["auto", "stopped", "serving"]
BEFORE_MIGRATION = "before_migration"


@dataclass(frozen=True)
class CarriedState:
    """Describes one file or folder of the site, on its way from the old directory to the new one.

    A copied one leaves the original untouched; the others are moved.
    """

    source: Path
    target: Path
    databases: tuple[str, ...]  # the services whose databases keep their files in it
    is_copied: bool

    def brings(self, source: Path, target: Path) -> bool:
        """Returns whether the data at `source` arrives at `target` with this one, being it or inside it."""
        return target.is_relative_to(self.target) and source == self.source / target.relative_to(self.target)


@dataclass(frozen=True)
class Snapshot:
    """Describes a copy, for a rollback, of database files that both releases use in one place.

    `live` holds the files. `holder`, on the same filesystem, is the folder for the copy, and later for the
    new release's version of the files; it belongs to the volume `volume`, or is created beside `live`.
    """

    live: Path
    holder: Path
    volume: str | None


@dataclass(frozen=True)
class PlannedDatabase:
    """Describes what happens to the database of one Compose service.

    `snapshot` is the copy of its files, if both releases use them in one place. `pending` are the migrations
    that step 10 applies: these and no others. With a `conversion`, the new server gets files of its own, and
    `snapshot` keeps not a copy but the old files themselves. `kept_files` is the data directory, as the way
    back keeps it, of which the backup is made while the new release serves already; None: it is made before
    the old database stops.
    """

    service: str
    snapshot: Snapshot | None = None
    pending: tuple[str, ...] = ()
    conversion: Conversion | None = None
    kept_files: Path | None = None


@dataclass(frozen=True)
class Previous:
    """Describes what a rollback needs to know of the old release."""

    directory: Path
    files: tuple[str, ...]
    env_file: Path | None  # the one it was started with, if that is not its .env
    version: str | None
    running_services: tuple[str, ...]
    healthy_services: tuple[str, ...]  # of these, those without trouble
    images: tuple[tuple[str, str], ...]  # reference as the old compose file writes it, image ID
    version_source: VersionSource = "release"
    mark: DirectoryMark | None = None  # identifies the directory after it was renamed
    trouble: tuple[tuple[str, str], ...] = ()  # service, what was wrong with it before, as `docker ps` says
    ended_services: tuple[str, ...] = ()  # jobs that had finished
    smoke_problem: str | None = None  # why its smoke check failed before; "": passed; None: not known


@dataclass(frozen=True)
class ImportPlan:
    """Describes everything that will change on this host.

    An undo deletes `created_*`, which did not exist before; empties `emptied_paths`, folders that existed and
    were empty; and points `references_before`, (reference, image ID), at their old images.
    """

    started_at: datetime
    release: Path
    version: str
    project: str
    previous: Previous | None
    settings: tuple[str, ...]  # files such as .env, by relative path, copied from the old directory
    state_mode: StateMode
    state: tuple[CarriedState, ...]
    created_paths: tuple[Path, ...]
    created_volumes: tuple[str, ...]
    emptied_paths: tuple[Path, ...]
    references_before: tuple[tuple[str, str], ...]  # those of the package's images that the engine had
    databases: tuple[PlannedDatabase, ...]
    rehearsal: str = ""  # what the rehearsal found, as text
    kept: tuple[str, ...] = ()  # files by relative path, taken over as the site has them
    overrides: tuple[str, ...] = ()  # the site's compose files, read behind those of the release
    outage: Outage | None = None

    @property
    def database_services(self) -> tuple[str, ...]:
        """Returns the services of the databases, in their order."""
        return tuple(database.service for database in self.databases)

    def database(self, service: str) -> PlannedDatabase:
        """Returns the database of a service, which the plan must have."""
        return next(one for one in self.databases if one.service == service)

    def with_database(self, database: PlannedDatabase) -> "ImportPlan":
        """Returns the plan with this in the place of the database of the same service."""
        others = (database if one.service == database.service else one for one in self.databases)
        return replace(self, databases=tuple(others))

    @property
    def snapshots(self) -> tuple[Snapshot, ...]:
        """Returns the copies of database files, and the old files that are kept where both use one place."""
        return tuple(one.snapshot for one in self.databases if one.snapshot is not None)

    @property
    def copied_files(self) -> tuple[Snapshot, ...]:
        """Returns the copies of database files; files that are kept as they are need no copy."""
        kept = (one.snapshot for one in self.databases if one.conversion is None)
        return tuple(snapshot for snapshot in kept if snapshot is not None)

    def converted_record(self, database: PlannedDatabase) -> Path:
        """Returns the path of the file that is written when the conversion of a database is complete."""
        return runs_folder(self.release) / self.run_name / f"converted_{database.service}"

    @property
    def has_pending(self) -> bool:
        """Returns whether step 10 applies any migration."""
        return any(database.pending for database in self.databases)

    def label_of(self, service: str) -> str:
        """Returns what tells the backup of one database from those of the others; empty for the only one."""
        return label_among(service, self.databases)

    def backup_path(self, database: PlannedDatabase) -> Path:
        """Returns the path of the backup of an old database, existing or planned."""
        label = self.label_of(database.service)
        return new_path(backups_folder(self.release), BEFORE_MIGRATION, self.started_at, label)

    def has_backup(self, database: PlannedDatabase) -> bool:
        """Returns whether the backup is finished: a dump without its record was being written when killed."""
        path = self.backup_path(database)
        return record_path(path).is_file() and path.is_file()

    def state_path(self, database: PlannedDatabase) -> Path:
        """Returns where the state of a database at its stop is recorded, as if of a dump there."""
        folder = runs_folder(self.release) / self.run_name
        return folder / f"state_{database.service}{DUMP_SUFFIX}"

    def proof_of(self, database: PlannedDatabase) -> Path | None:
        """Returns what the database is compared with: its backup, else its state at the stop."""
        if self.has_backup(database):
            return self.backup_path(database)
        state = self.state_path(database)
        return state if record_path(state).is_file() else None

    @property
    def waiting_for_backup(self) -> tuple[PlannedDatabase, ...]:
        """Returns the databases of whose kept files the backup is still to be made."""
        return tuple(one for one in self.databases if one.kept_files and not self.has_backup(one))

    @property
    def backed_up(self) -> tuple[PlannedDatabase, ...]:
        """Returns the databases whose backups are finished."""
        return tuple(filter(self.has_backup, self.databases))

    @property
    def run_name(self) -> str:
        """Returns the name of the run's folder; sorts by time."""
        return f"{self.started_at:%Y%m%d-%H%M%S}-import"

    def keeps_old_files(self, database: PlannedDatabase) -> bool:
        """Returns whether the old database's files stay untouched, so that a rollback needs no restore."""
        is_elsewhere = database.conversion is not None and database.snapshot is None
        return is_elsewhere or any(
            item.is_copied and database.service in item.databases for item in self.state
        )

    def keeps_files(self, database: PlannedDatabase) -> bool:
        """Returns whether a rollback takes seconds: it uses the old files, whichever server wrote since."""
        return self.keeps_old_files(database) or database.snapshot is not None


@dataclass(frozen=True)
class Situation:
    """Describes what is known before anything changes: the package, what this host runs, and the plan.

    `package` is what the person named, if it was not the release directory. `way_back` says how a rollback
    restores each database, and why, one line for each. `adaptations` are what the site changed in its
    old directory. `silent_changes` say which values change and which rows vanish without an error, or may.
    `dormant` and `old_dormant` are the services of inactive profiles, of the new and the old release.
    `host_facts` say what the preflight found, for the record of the run.
    `missing_files` are those that the site must provide and are nowhere, relative to the release directory.
    `file_stores` are services whose files show that they store data. `other_databases` are those on the
    servers of the release's databases, by service, that belong to no database of the release.
    """

    manifest: Manifest
    compose: Compose
    model: ComposeModel
    installation: Installation | None
    plan: ImportPlan
    package: Path | None = None
    way_back: tuple[str, ...] = ()
    missing_files: tuple[str, ...] = ()
    silent_changes: tuple[str, ...] = ()
    dormant: Mapping[str, Service] = field(default_factory=dict)
    old_dormant: Mapping[str, Service] = field(default_factory=dict)
    host_facts: Mapping[str, object] = field(default_factory=dict)
    adaptations: Adaptations = UNCHANGED
    file_stores: tuple[Unserved, ...] = ()
    other_databases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
