"""Finds the current directory of running containers: Compose knows only where they were started.

A mounted folder keeps its device and inode under any name, which identifies the directory.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from installer.bundle.layout import MANIFEST
from installer.bundle.manifest.manifest import Manifest
from installer.bundle.manifest.manifest_file import parse_manifest
from installer.errors import BadPackage
from installer.site.release_record import read_record
from installer.system.compose.compose import Service
from installer.system.docker.container_folders import Identity, folder_inside, folder_on_host
from installer.system.docker.docker import Container
from installer.system.files.files import rebased
from installer.system.files.live_tree import folders_in


@dataclass(frozen=True)
class ComparedFolder:
    """A mount target of a running container, with the folder from the compose file and the folder in use.

    `used` is the folder's path when the container started. `is_same` is None if it cannot be determined.
    """

    target: str
    wanted: Path
    used: str
    is_same: bool | None


def first_of(containers: Iterable[Container]) -> Container | None:
    """Returns a running container, else the newest: a finished job may be left from a much older release."""
    newest = sorted(containers, key=lambda one: one.created_at, reverse=True)
    own = sorted(newest, key=lambda one: (one.is_one_off, not one.is_running, not one.is_up))
    return next((one for one in own if one.working_dir is not None), None)


def started_in(containers: Iterable[Container]) -> Path | None:
    """Returns the directory in which Compose started them; of several, that of a running one."""
    first = first_of(containers)
    return first.working_dir if first else None


def place_of(containers: Sequence[Container], near: Path | None) -> Path | None:
    """Returns the directory from which `containers` run, under its current name; None if it is not found.

    Searches beside its old place and beside `near`. If no running container identifies it, it is the
    directory with the record of this project and the images of these containers.
    """
    old = started_in(containers)
    if old is None:
        return None
    verdict, is_there = holds(old, containers, old), has_files(old, containers, old)
    if is_there and verdict is not False:
        return old
    beside = [path for path in _beside(old, near) if has_files(path, containers, old)]
    found = [path for path in beside if holds(path, containers, old)]
    if not found and not is_there:
        found = [path for path in beside if _is_recorded(path, containers)]
    return found[0] if len(found) == 1 else old if is_there else None


def holds(directory: Path, containers: Iterable[Container], old: Path) -> bool | None:
    """Returns whether running containers that were started in `old` mount the folders of `directory`.

    Returns None if nothing can be compared.
    """
    verdicts = [
        _is_same(folder_inside(one, mount.target), rebased(Path(mount.source), old, directory))
        for one in _of_services(containers)
        for mount in one.mounts
        if mount.kind == "bind" and Path(mount.source).is_relative_to(old)
    ]
    known = [one for one in verdicts if one is not None]
    return all(known) if known else None


def has_files(directory: Path, containers: Sequence[Container], old: Path) -> bool:
    """Returns whether their compose files and settings files are in `directory`, which was once `old`."""
    first = first_of(containers)
    files = (*first.config_files, *first.env_files) if first else ()
    return bool(files) and all(rebased(file, old, directory).is_file() for file in files)


def runs_from(directory: Path, containers: Sequence[Container]) -> bool:
    """Returns whether containers run from `directory`, even if it was renamed since they started."""
    place = place_of(containers, directory)
    return place is not None and place.resolve() == directory.resolve()


def compared_folders(service: Service, container: Container) -> Iterator[ComparedFolder]:
    """Yields the folders that `service` mounts, each compared with the one that its container uses."""
    used = {mount.target: mount.source for mount in container.mounts if mount.kind == "bind"}
    for mount in service.mounts:
        if mount.kind == "bind" and mount.target in used and not Path(mount.source).is_file():
            is_same = _is_same(folder_inside(container, mount.target), Path(mount.source))
            yield ComparedFolder(mount.target, Path(mount.source), used[mount.target], is_same)


def other_folders(service: Service, container: Container) -> tuple[ComparedFolder, ...]:
    """Returns those of `compared_folders` that are certainly not the same."""
    return tuple(one for one in compared_folders(service, container) if one.is_same is False)


def _is_same(seen: Identity | None, wanted: Path) -> bool | None:
    try:
        return None if seen is None else seen == folder_on_host(wanted)
    except PermissionError:
        return None


def _of_services(containers: Iterable[Container]) -> Iterator[Container]:
    return (one for one in containers if not one.is_one_off)


def _beside(old: Path, near: Path | None) -> list[Path]:
    parents = dict.fromkeys((old.parent, near.parent if near else old.parent))
    folders = (path for parent in parents for path in folders_in(parent) if not path.is_symlink())
    return [path for path in dict.fromkeys(folders) if path != old]


def _is_recorded(directory: Path, containers: Iterable[Container]) -> bool:
    record, manifest = read_record(directory), _manifest(directory)
    own = list(_of_services(containers))
    if record is None or manifest is None or any(one.project != record.project for one in own):
        return False
    return {one.image for one in own} <= {image.reference for image in manifest.images}


def _manifest(directory: Path) -> Manifest | None:
    try:
        return parse_manifest((directory / MANIFEST).read_bytes())
    except (OSError, BadPackage):
        return None
