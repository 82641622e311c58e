"""Finds the data that both releases use in one place, which a rollback leaves changed."""

from collections.abc import Iterator
from pathlib import Path

from installer.database.engines import DATA_FOLDERS
from installer.operations.plan.import_plan import Situation
from installer.system.compose.compose import Mount


def shared_places(situation: Situation) -> tuple[str, ...]:
    """Lists moved folders, folders elsewhere, and volumes, except those of databases, which have a backup."""
    if situation.plan.previous is None:
        return ()
    return tuple(sorted({*_moved(situation), *_mounted_in_place(situation)}))


def _moved(situation: Situation) -> Iterator[str]:
    plan = situation.plan
    moved = (item for item in plan.state if not item.is_copied and not item.databases)
    yield from (str(item.target.relative_to(plan.release)) for item in moved)


def _mounted_in_place(situation: Situation) -> Iterator[str]:
    for service in situation.model.services.values():
        for mount in service.mounts:
            is_database = service.name in situation.plan.database_services
            is_backed_up = is_database and mount.target in DATA_FOLDERS
            if not mount.read_only and not is_backed_up:
                yield from place_of(mount, situation)


def place_of(mount: Mount, situation: Situation) -> Iterator[str]:
    """Returns the place of a mount, if both releases use it."""
    name = situation.model.volumes.get(mount.source)
    if mount.kind == "volume" and name is not None and name not in situation.plan.created_volumes:
        yield name
    elif mount.kind == "bind" and _is_folder_elsewhere(Path(mount.source), situation.plan.release):
        yield mount.source


def _is_folder_elsewhere(path: Path, release: Path) -> bool:
    return path.is_dir() and not path.is_relative_to(release)
