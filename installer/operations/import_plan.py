"""Decides what an import will do. The plan holds what undoing needs after a crash, and no secrets."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Literal

from installer.bundle.manifest import Manifest
from installer.site.installation import Installation
from installer.site.paths import ENV, backups_folder
from installer.system.compose import Compose, ComposeModel, Mount

StateMode = Literal["copy", "move"]
DATA_FOLDERS = ("/var/lib/mysql", "/bitnami/mariadb", "/bitnami/mysql")  # in a database's container


@dataclass(frozen=True)
class CarriedState:
    """One file or folder the site owns, on its way from the old directory to the new one."""

    source: Path
    target: Path
    is_database: bool

    def brings(self, source: Path, target: Path) -> bool:
        """Whether what is at `source` arrives at `target` with it, being it or inside it."""
        return target.is_relative_to(self.target) and source == self.source / target.relative_to(self.target)


@dataclass(frozen=True)
class Previous:
    """What bringing the old release back needs."""

    directory: Path
    files: tuple[str, ...]
    env_file: Path | None  # the one it was started with, where that is not its .env
    version: str | None
    running_services: tuple[str, ...]
    healthy_services: tuple[str, ...]  # of those, without the ones that their health check calls ill
    images: tuple[tuple[str, str], ...]  # reference as the old compose file writes it, image ID


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
        return self.state_mode == "copy" and any(item.is_database for item in self.state)


@dataclass(frozen=True)
class Situation:
    """What is known before anything is changed: the package, what stands on this host, and the plan."""

    manifest: Manifest
    compose: Compose
    model: ComposeModel
    installation: Installation | None
    plan: ImportPlan


def plan_import(
    manifest: Manifest,
    compose: Compose,
    model: ComposeModel,
    installation: Installation | None,
    *,
    volumes: frozenset[str],
    references: Mapping[str, str],
    settings: tuple[str, ...],
    state_mode: StateMode,
    now: datetime,
) -> ImportPlan:
    """The plan for this package on this host.

    `volumes` are the names of all volumes the engine has; `references` those of the package's image
    references that it knows, each with the image ID it means now.
    """
    state = tuple(_outermost(_carried_state(manifest, compose, model, installation)))
    targets = tuple(item.target for item in state)
    return ImportPlan(
        started_at=now,
        release=compose.directory,
        version=manifest.application.version,
        project=model.project,
        previous=_previous(installation) if installation else None,
        settings=tuple(name for name in settings if compose.directory / name not in targets),
        state_mode=state_mode,
        state=state,
        created_paths=_outside(targets, _missing_paths(compose.directory, model)),
        created_volumes=tuple(sorted(name for name in model.volumes.values() if name not in volumes)),
        emptied_paths=_outside(targets, _empty_folders(compose.directory, model)),
        references_before=tuple(sorted(references.items())),
        database=manifest.database.service if manifest.database else None,
    )


def _previous(installation: Installation) -> Previous:
    own = sorted((c for c in installation.containers if not c.is_one_off), key=lambda c: c.is_up)
    images = {c.image: c.image_id for c in own if c.image and not c.image.startswith("sha256:")}
    return Previous(
        directory=installation.directory,
        files=installation.compose.files,
        env_file=installation.compose.env_file,
        version=installation.version,
        running_services=installation.running_services,
        healthy_services=installation.healthy_services,
        images=tuple(sorted(images.items())),
    )


def _carried_state(
    manifest: Manifest, compose: Compose, model: ComposeModel, installation: Installation | None
) -> Iterator[CarriedState]:
    """Pairs the new release's writable folders with the old one's by service and place in the container."""
    if installation is None or installation.is_in(compose.directory):
        return
    for service, mount in _own_mounts(compose.directory, model):
        source = _source_before(installation, service, mount)
        target = Path(mount.source)
        if source is not None and source != target and _is_state(manifest, compose, target):
            serves = manifest.database is not None and service == manifest.database.service
            yield CarriedState(source, target, is_database=serves and mount.target in DATA_FOLDERS)


def _outermost(state: Iterable[CarriedState]) -> Iterator[CarriedState]:
    """One per target, and without those that another brings along; holding the database is inherited."""
    merged: dict[Path, CarriedState] = {}
    for item in state:
        before = merged.setdefault(item.target, item)
        if item.source == before.source and item.is_database:
            merged[item.target] = item
    for item in merged.values():
        if not any(one is not item and one.brings(item.source, item.target) for one in merged.values()):
            with_it = [one for one in merged.values() if item.brings(one.source, one.target)]
            yield replace(item, is_database=any(one.is_database for one in with_it))


def _own_mounts(release: Path, model: ComposeModel) -> Iterator[tuple[str, Mount]]:
    for service in model.services.values():
        for mount in service.mounts:
            if mount.kind == "bind" and Path(mount.source).is_relative_to(release):
                yield service.name, mount


def _source_before(installation: Installation, service: str, mount: Mount) -> Path | None:
    before = installation.model.services.get(service)
    mounts = before.mounts if before else ()
    source = next(
        (Path(m.source).resolve() for m in mounts if m.kind == "bind" and m.target == mount.target), None
    )
    return source if source is not None and source.exists() else None


def _is_state(manifest: Manifest, compose: Compose, target: Path) -> bool:
    path = target.relative_to(compose.directory)
    return path != Path(ENV) and any(
        path == Path(item) or Path(item) in path.parents for item in manifest.state
    )


def _outside(targets: Iterable[Path], paths: Iterable[Path]) -> tuple[Path, ...]:
    targets = tuple(targets)
    return tuple(path for path in paths if not any(path.is_relative_to(target) for target in targets))


def _missing_paths(release: Path, model: ComposeModel) -> Iterator[Path]:
    """The topmost folders that Compose would create for bind mounts."""
    paths = {Path(mount.source) for _service, mount in _own_mounts(release, model)}
    yield from sorted({_topmost_missing(path) for path in paths if not path.exists()})


def _empty_folders(release: Path, model: ComposeModel) -> Iterator[Path]:
    paths = {Path(mount.source) for _service, mount in _own_mounts(release, model)}
    yield from sorted(path for path in paths if path.is_dir() and not any(path.iterdir()))


def _topmost_missing(path: Path) -> Path:
    return path if path.parent.exists() else _topmost_missing(path.parent)
