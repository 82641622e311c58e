"""Checks whether the database's files can be copied, and where to. Changes nothing."""

import os
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from installer.database.engines import ENGINES
from installer.database.values.old_database import OldDatabase
from installer.errors import Refused
from installer.operations.plan.find_old_database import locate_old
from installer.operations.plan.import_plan import CarriedState, ImportPlan, Snapshot
from installer.operations.preflight.database.database_place import data_mount
from installer.system.compose.compose import Mount
from installer.system.docker.docker import Engine
from installer.system.files.files import filesystem_of
from installer.system.files.live_tree import paths_in, status_of
from installer.text import _


@dataclass(frozen=True)
class Possible:
    """Describes a possible copy: of the files `live` to `target`, and the plan with it."""

    live: Path
    target: Path
    plan: ImportPlan


@dataclass(frozen=True)
class Impossible:
    """Names the reason why no copy can be made, in words for the person."""

    reason: str


def place_for_snapshot(plan: ImportPlan, database: OldDatabase, engine: Engine) -> Possible | Impossible:
    """Finds the place for a copy of the old database's files; does not check the free space."""
    mount = data_mount(database.container.mounts)
    if mount is None or not mount.source:
        return Impossible(_("its files are inside the container"))
    if _files_elsewhere(database):
        return Impossible(_("it keeps some of its files outside its data folder"))
    service = database.service.name
    carried = next((item for item in plan.state if service in item.databases), None)
    if carried is not None:
        return _with_copy(plan, carried)
    snapshot = kept_beside(plan, mount, engine)
    return snapshot if isinstance(snapshot, Impossible) else _in_place(plan, service, snapshot)


def kept_beside(plan: ImportPlan, mount: Mount, engine: Engine) -> Snapshot | Impossible:
    """Finds the place on the same filesystem to keep the files of a mount that both releases use."""
    snapshot = _beside_volume(plan, mount, engine) if mount.kind == "volume" else _beside_folder(plan, mount)
    if isinstance(snapshot, Impossible):
        return snapshot
    if filesystem_of(snapshot.live) != filesystem_of(snapshot.holder):
        return Impossible(_("folder {path} is a separate filesystem", path=snapshot.live))
    return snapshot


def _files_elsewhere(database: OldDatabase) -> bool:
    """Returns whether the server keeps logs or table spaces outside its data folder; a copy lacks them."""
    if not database.container.is_running:
        return False
    try:
        return locate_old(database).facts().has_files_elsewhere
    except Refused:  # which the preflight reports
        return False


def _with_copy(plan: ImportPlan, carried: CarriedState) -> Possible | Impossible:
    """Plans to copy the folder instead of moving it, so that the original stays in place."""
    state = (replace(item, is_copied=item.is_copied or item is carried) for item in plan.state)
    return Possible(carried.source, carried.target, replace(plan, state=tuple(state)))


def _beside_volume(plan: ImportPlan, mount: Mount, engine: Engine) -> Snapshot | Impossible:
    """Plans a separate volume beside the one that both releases use, with the same driver."""
    volume = engine.volume(mount.source)
    is_folder = volume is not None and volume.is_plain_folder and not volume.folder.is_symlink()
    if volume is None or not is_folder or not _is_database(volume.folder):
        return Impossible(_("volume {name} is not an accessible folder", name=mount.source))
    name = f"{volume.name}_airlock_{plan.started_at:%Y%m%d_%H%M%S}"
    holder = volume.folder.parent.with_name(name) / volume.folder.name
    return Snapshot(volume.folder, holder, name)


def _beside_folder(plan: ImportPlan, mount: Mount) -> Snapshot | Impossible:
    """Plans a folder beside the one that both releases use."""
    live = Path(mount.source).resolve()
    if not _is_database(live):
        return Impossible(_("folder {path} is not accessible", path=live))
    holder = live.with_name(f".{live.name}.airlock_{plan.started_at:%Y%m%d_%H%M%S}")
    return Snapshot(live, holder, None)


def _in_place(plan: ImportPlan, service: str, snapshot: Snapshot) -> Possible:
    plan = plan.with_database(replace(plan.database(service), snapshot=snapshot))
    return Possible(snapshot.live, snapshot.holder, plan)


def _is_database(folder: Path) -> bool:
    """Returns whether the folder holds a server's files that this process may read and rename."""
    parents = (folder.parent.parent, folder.parent)
    return (
        all(os.access(parent, os.W_OK | os.X_OK) for parent in parents)
        and os.access(folder, os.R_OK | os.X_OK)
        and any(engine.holds_data(folder) for engine in ENGINES)
        and _all_readable(paths_in(folder))
    )


def _all_readable(paths: Iterable[Path]) -> bool:
    there = (path for path in paths if not path.is_symlink())
    return all(os.access(path, os.R_OK) or status_of(path) is None for path in there)
