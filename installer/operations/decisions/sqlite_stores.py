"""Finds services that write to a SQLite database: no image's name says so, only the files do."""

from collections.abc import Collection, Iterator
from pathlib import Path

from installer.system.compose.compose import ComposeModel, Mount
from installer.system.docker.data_stores import SQLITE, Unserved
from installer.system.docker.docker import Engine
from installer.system.files.sqlite_files import has_sqlite_file


def sqlite_stores(
    model: ComposeModel, engine: Engine, *, but_for: Collection[str] = ()
) -> tuple[Unserved, ...]:
    """Returns the services with SQLite databases in folders and volumes that they write to.

    Leaves out the databases `but_for`, and what only root may read.
    """
    found = (name for name in model.services if name not in but_for and _has_sqlite(name, model, engine))
    return tuple(Unserved(name, SQLITE) for name in found)


def _has_sqlite(service: str, model: ComposeModel, engine: Engine) -> bool:
    mounts = (mount for mount in model.services[service].mounts if not mount.read_only)
    return any(has_sqlite_file(place) for mount in mounts for place in _place_of(mount, model, engine))


def _place_of(mount: Mount, model: ComposeModel, engine: Engine) -> Iterator[Path]:
    if mount.kind == "bind":
        yield Path(mount.source)
    name = model.volumes.get(mount.source)
    volume = engine.volume(name) if mount.kind == "volume" and name is not None else None
    if volume is not None and volume.is_plain_folder:
        yield volume.folder
