"""Keeps the data of a volume that a rollback would delete, under another name."""

import os

from installer.operations.plan.import_plan import ImportPlan
from installer.system.docker.docker import Engine
from installer.system.files.files import rename_durably
from installer.system.files.live_tree import is_empty_folder

LABEL = "airlock.set-aside"


def set_aside_name(volume: str, plan: ImportPlan) -> str:
    """Returns the name of the volume that keeps the data of `volume`."""
    return f"{volume}_set_aside_{plan.started_at:%Y%m%d_%H%M%S}"


def can_be_set_aside(name: str, engine: Engine) -> bool:
    """Returns whether the volume's files are a folder on this machine that this process may rename."""
    volume = engine.volume(name)
    return (
        volume is not None
        and volume.is_plain_folder
        and not volume.folder.is_symlink()
        and os.access(volume.folder.parent, os.W_OK | os.X_OK)
    )


def set_volume_aside(name: str, engine: Engine, aside: str) -> None:
    """Moves the files of the unused volume `name` to the volume `aside`, and leaves `name` empty.

    Does nothing the second time, nor if the files are out of reach.
    """
    volume = engine.volume(name)
    if volume is None or not can_be_set_aside(name, engine):
        return
    place = engine.create_volume(aside, {LABEL: name}).folder
    if volume.folder.is_dir() and is_empty_folder(place):
        rename_durably(volume.folder, place)
    volume.folder.mkdir(exist_ok=True)
