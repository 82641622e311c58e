"""What an import will do, as frozen values; `make_plan` decides it.

The plan holds what undoing needs after a crash, and no secrets.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal

from installer.bundle.manifest.manifest import Manifest
from installer.operations.adaptations.find_adaptations import UNCHANGED, Adaptations
from installer.site.directory_mark import DirectoryMark
from installer.site.paths import backups_folder
from installer.site.running.installation import Installation, VersionSource
from installer.system.compose.compose import Compose, ComposeModel, Service

StateMode = Literal["copy", "move"]
SnapshotChoice = Literal["auto", "always", "never"]


@dataclass(frozen=True)
class CarriedState:
    """One file or folder the site owns, on its way from the old directory to the new one.

    A copied one leaves the original untouched; the others are moved.
    """

    source: Path
    target: Path
    is_database: bool
    is_copied: bool

    def brings(self, source: Path, target: Path) -> bool:
        """Whether what is at `source` arrives at `target` with it, being it or inside it."""
        return target.is_relative_to(self.target) and source == self.source / target.relative_to(self.target)


@dataclass(frozen=True)
class Snapshot:
    """A copy of database files that both releases use in one place, for the way back.

    `live` holds the files. `holder`, on the same filesystem, is the folder for the copy, and later for what
    the new release made of the files; it belongs to the volume of that name, or is made beside `live`.
    """

    live: Path
    holder: Path
    volume: str | None


@dataclass(frozen=True)
class Previous:
    """What bringing the old release back needs."""

    directory: Path
    files: tuple[str, ...]
    env_file: Path | None  # the one it was started with, where that is not its .env
    version: str | None
    running_services: tuple[str, ...]
    healthy_services: tuple[str, ...]  # of those, without the ones in trouble
    images: tuple[tuple[str, str], ...]  # reference as the old compose file writes it, image ID
    version_source: VersionSource = "release"
    mark: DirectoryMark | None = None  # by which the directory is recognised when it was renamed
    trouble: tuple[tuple[str, str], ...] = ()  # service, what was wrong with it before, as `docker ps` says
    ended_services: tuple[str, ...] = ()  # jobs that had done their work
    smoke_problem: str | None = None  # why it failed its smoke check before; "": it did not; None: not known


@dataclass(frozen=True)
class ImportPlan:
    """Everything that will be changed on this host.

    When undone, `created_*`, which did not exist before, go; `emptied_paths`, folders that stood there with
    nothing in them, are emptied; and `references_before`, (reference, image ID), mean what they meant.
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
    references_before: tuple[tuple[str, str], ...]  # those of the package's images that the engine knew
    database: str | None  # the service
    snapshot: Snapshot | None
    rehearsal: str = ""  # what the rehearsal found, in words
    kept: tuple[str, ...] = ()  # files by relative path, taken over as the site has them
    overrides: tuple[str, ...] = ()  # the site's compose files, read behind those of the release
    pending: tuple[str, ...] = ()  # the migrations that step 10 applies: these and no others

    @property
    def backup_path(self) -> Path:
        """Where the backup of the old database is, or will be."""
        return (
            backups_folder(self.release) / f"backup_before_migration_{self.started_at:%Y%m%d_%H%M%S}.sql.gz"
        )

    @property
    def run_name(self) -> str:
        """The name of the run's folder; sorts by time."""
        return f"{self.started_at:%Y%m%d-%H%M%S}-import"

    @property
    def keeps_old_database_files(self) -> bool:
        """Whether the old database's files stay untouched, so that going back needs no restore."""
        return any(item.is_database and item.is_copied for item in self.state)

    @property
    def keeps_database_files(self) -> bool:
        """Whether the database comes back by its files, which takes seconds, whatever a new server did."""
        return self.keeps_old_database_files or self.snapshot is not None


@dataclass(frozen=True)
class Situation:
    """What is known before anything is changed: the package, what stands on this host, and the plan.

    `package` is what the person named, where that was not the release directory.
    `way_back` says how the database would come back, and why so; empty where there is none yet.
    `adaptations` are what the site changed in its old directory.
    `silent_changes` say which values change and which rows vanish without an error, or may.
    `dormant` and `old_dormant` are the services of inactive profiles, of the new and the old release.
    `missing_files` are those that the site must provide and nobody has, relative to the release directory.
    """

    manifest: Manifest
    compose: Compose
    model: ComposeModel
    installation: Installation | None
    plan: ImportPlan
    package: Path | None = None
    way_back: str = ""
    missing_files: tuple[str, ...] = ()
    silent_changes: tuple[str, ...] = ()
    dormant: Mapping[str, Service] = field(default_factory=dict)
    old_dormant: Mapping[str, Service] = field(default_factory=dict)
    adaptations: Adaptations = UNCHANGED
