"""Moves files and folders to another folder and merges them with what that folder holds.

Follows no link: moves each as a link.
"""

import os
from pathlib import Path

from installer.system.files.files import is_real_folder


def set_aside(path: Path, folder: Path, name: Path) -> None:
    """Moves `path` to `name`, a relative path, in `folder`, which is created if missing.

    Merges two folders; any other file in the way keeps its name, and the moved one gets a `~`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for part in name.parts[:-1]:
        folder = _free_or_folder(folder / part)
        folder.mkdir(exist_ok=True)
    _move(path, folder / name.name)


def topmost_link(path: Path, above: Path) -> Path | None:
    """Finds the first link on the way from the folder `above` down to `path`; `path` itself is not one."""
    way = [above / part for part in reversed(path.relative_to(above).parents)]
    return next((place for place in way if place != above and place.is_symlink()), None)


def _move(path: Path, place: Path) -> None:
    if not is_real_folder(path):
        path.rename(_free(place))
        return
    place = _free_or_folder(place)
    if not place.exists():
        path.rename(place)
        return
    for inside in path.iterdir():
        _move(inside, place / inside.name)
    path.rmdir()


def _free(place: Path) -> Path:
    while os.path.lexists(place):
        place = _renamed(place)
    return place


def _free_or_folder(place: Path) -> Path:
    while os.path.lexists(place) and not is_real_folder(place):
        place = _renamed(place)
    return place


def _renamed(place: Path) -> Path:
    return place.with_name(f"{place.name}~")
