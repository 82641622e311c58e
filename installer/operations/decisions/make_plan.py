"""Decides what an import will do: where each data goes, and what did not exist before."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from installer.bundle.layout import ENV
from installer.bundle.manifest.manifest import Manifest
from installer.database.engines import DATA_FOLDERS
from installer.operations.adaptations.choose_adaptations import NOTHING, Chosen
from installer.operations.plan.import_plan import (
    CarriedState,
    ImportPlan,
    PlannedDatabase,
    Previous,
    StateMode,
)
from installer.site.directory_mark import mark_of
from installer.site.running.installation import Installation
from installer.site.running.troubled_services import troubled
from installer.system.compose.compose import Compose, ComposeModel, Mount
from installer.system.files.live_tree import is_empty_folder


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
    chosen: Chosen = NOTHING,
) -> ImportPlan:
    """Makes the plan for this package on this host.

    `volumes` are the names of all volumes of the engine; `references` are those of the package's image
    references that it knows, each with its current image ID.
    """
    found = _outermost(_carried_state(manifest, compose, model, installation, chosen))
    state = tuple(replace(item, is_copied=state_mode == "copy") for item in found)
    targets = tuple(item.target for item in state)
    return ImportPlan(
        started_at=now,
        release=compose.directory,
        version=manifest.application.version,
        project=model.project,
        previous=_previous(installation, now) if installation else None,
        settings=tuple(name for name in settings if compose.directory / name not in targets),
        state_mode=state_mode,
        state=state,
        created_paths=_outside(targets, _missing_paths(compose.directory, model)),
        created_volumes=tuple(sorted(name for name in model.volumes.values() if name not in volumes)),
        emptied_paths=_outside(targets, _empty_folders(compose.directory, model)),
        references_before=tuple(sorted(references.items())),
        databases=tuple(PlannedDatabase(one.service) for one in manifest.databases),
        kept=chosen.kept,
        overrides=chosen.overrides,
    )


def _previous(installation: Installation, now: datetime) -> Previous:
    trouble = troubled(installation.containers, now)
    own = sorted((c for c in installation.containers if not c.is_one_off), key=lambda c: c.is_up)
    images = {c.image: c.image_id for c in own if c.image and not c.image.startswith("sha256:")}
    return Previous(
        directory=installation.directory,
        files=installation.compose.files,
        env_file=installation.compose.env_file,
        version=installation.version,
        running_services=installation.running_services,
        healthy_services=tuple(name for name in installation.healthy_services if name not in trouble),
        images=tuple(sorted(images.items())),
        version_source=installation.version_source,
        mark=mark_of(installation.directory, installation.compose.files),
        trouble=tuple(trouble.items()),
        ended_services=installation.ended_services,
    )


def _carried_state(
    manifest: Manifest,
    compose: Compose,
    model: ComposeModel,
    installation: Installation | None,
    chosen: Chosen,
) -> Iterator[CarriedState]:
    """Pairs the new release's writable folders with the old one's by service and place in the container."""
    if installation is None or installation.is_in(compose.directory):
        return
    services = {one.service for one in manifest.databases}
    for service, mount in _own_mounts(compose.directory, model):
        source = _source_before(installation, service, mount)
        target = Path(mount.source)
        is_link = target.is_symlink()  # lent as a link: it leads to the same file for both releases
        is_own = _is_state(manifest, compose, target) or _is_of_override(target, compose, chosen)
        if source is not None and source != target and not is_link and is_own:
            holds = service in services and mount.target in DATA_FOLDERS
            yield CarriedState(source, target, (service,) if holds else (), is_copied=True)


def _outermost(state: Iterable[CarriedState]) -> Iterator[CarriedState]:
    """Keeps one per target, without those inside another; the outer one inherits their databases."""
    merged: dict[Path, CarriedState] = {}
    for item in state:
        before = merged.setdefault(item.target, item)
        if item.source == before.source:
            merged[item.target] = _with_databases(before, [before, item])
    for item in merged.values():
        if not any(one is not item and one.brings(item.source, item.target) for one in merged.values()):
            with_it = [one for one in merged.values() if item.brings(one.source, one.target)]
            yield _with_databases(item, with_it)


def _with_databases(item: CarriedState, others: Iterable[CarriedState]) -> CarriedState:
    return replace(item, databases=tuple(dict.fromkeys(name for one in others for name in one.databases)))


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


def _is_of_override(target: Path, compose: Compose, chosen: Chosen) -> bool:
    """Returns whether only the site can have it: its override mounts it and the package lacks it."""
    is_kept = str(target.relative_to(compose.directory)) in chosen.kept
    return bool(chosen.overrides) and not target.exists() and not is_kept


def _outside(targets: Iterable[Path], paths: Iterable[Path]) -> tuple[Path, ...]:
    targets = tuple(targets)
    return tuple(path for path in paths if not any(path.is_relative_to(target) for target in targets))


def _missing_paths(release: Path, model: ComposeModel) -> Iterator[Path]:
    """Finds the topmost folders that Compose would create for bind mounts."""
    paths = {Path(mount.source) for _service, mount in _own_mounts(release, model)}
    missing = {_topmost_missing(path) for path in paths if not path.exists()}
    yield from sorted(path for path in missing if not path.is_symlink())  # a dangling link is the site's


def _empty_folders(release: Path, model: ComposeModel) -> Iterator[Path]:
    paths = {Path(mount.source) for _service, mount in _own_mounts(release, model)}
    folders = (path.resolve() if path.is_symlink() else path for path in paths)
    yield from sorted(path for path in folders if is_empty_folder(path))


def _topmost_missing(path: Path) -> Path:
    return path if path.parent.exists() else _topmost_missing(path.parent)
