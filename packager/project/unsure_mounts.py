"""Decides about writable mounts that may belong to the release or to the site.

Files that Git tracks count as content of the release, missing files as the site's; both decisions are
reported. If a wrong guess would lose data or content, the engineer has to specify the owner.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from installer.bundle.layout import is_inside
from installer.system.docker.data_stores import program_of_folder
from installer.system.files.mounted_files import looks_like_file
from installer.text import _
from packager.git.tracked_files import tracked_files
from packager.project.airlock_yml import Settings
from packager.project.mounts import BindMount

CONFIGURATION_TARGETS = ("/docker-entrypoint-initdb.d", "/etc")
NO_CONTENT = (".gitkeep", ".keep", ".gitignore", ".gitattributes", "README", "README.md", "README.txt")


@dataclass(frozen=True)
class UnsureMounts:
    """The paths to pack, the decisions with their reasons, and the mounts that cannot be decided."""

    shipped: tuple[str, ...]
    notes: tuple[str, ...]
    problems: tuple[str, ...]


def find_unsure_mounts(directory: Path, mounts: Sequence[BindMount], settings: Settings) -> UnsureMounts:
    """Sorts the writable mounts that neither `files:` nor `state:` of airlock.yml lists."""
    if settings.state is not None:
        return UnsureMounts((), (), ())
    unsure = {mount.path: mount for mount in mounts if _is_open(mount, settings)}
    folders = {path: mount for path, mount in unsure.items() if path and (directory / path).is_dir()}
    tracked = tracked_files(directory) if folders else frozenset()
    content = {path: mount for path, mount in folders.items() if _content(path, tracked)}
    mixed = {
        p: m for p, m in content.items() if _is_database(m) or not _is_all_tracked(directory, p, tracked)
    }
    shipped = {path: mount for path, mount in content.items() if path not in mixed}
    missing = [m for p, m in unsure.items() if p and not (directory / p).exists() and _is_file(m)]
    return UnsureMounts(
        tuple(shipped),
        (*map(_shipped_note, shipped.values()), *map(_missing_note, missing)),
        tuple(map(_mixed_problem, mixed.values())),
    )


def is_configuration_target(target: str) -> bool:
    """Returns whether a writable mount at this target holds configuration."""
    return is_inside(target.rstrip("/"), CONFIGURATION_TARGETS)


def _is_open(mount: BindMount, settings: Settings) -> bool:
    inside = mount.path is not None and mount.path != "." and not mount.leaves_project
    return (
        inside
        and not mount.is_read_only
        and not is_configuration_target(mount.target)
        and not is_inside(mount.path or "", settings.files)
    )


def _content(path: str, tracked: frozenset[str]) -> bool:
    return any(is_inside(one, [path]) and PurePosixPath(one).name not in NO_CONTENT for one in tracked)


def _is_all_tracked(directory: Path, path: str, tracked: frozenset[str]) -> bool:
    return all(file.relative_to(directory).as_posix() in tracked for file in _files(directory / path))


def _files(folder: Path) -> Iterator[Path]:
    return (file for file in folder.rglob("*") if file.is_symlink() or not file.is_dir())


def _is_database(mount: BindMount) -> bool:
    return program_of_folder(mount.target) is not None or is_inside(mount.target, ["/bitnami"])


def _is_file(mount: BindMount) -> bool:
    return looks_like_file(mount.source, mount.target)


def _shipped_note(mount: BindMount) -> str:
    return _(
        "{place}: Git tracks this writable folder, so it is packed; data that containers write "
        "there is not carried over to the next release. To confirm this, mount it `:ro` or list it "
        "under `files:` in airlock.yml; if it contains site data, list it under `state:`.",
        place=_place(mount),
    )


def _missing_note(mount: BindMount) -> str:
    return _(
        "{place}: this file is not in the project, so each site must create it before the import. "
        "To confirm this, list it under `state:` in airlock.yml; to pack it, create it and list it "
        "under `files:`.",
        place=_place(mount),
    )


def _mixed_problem(mount: BindMount) -> str:
    return _(
        "{place}: this writable folder contains files tracked by Git and other files. If it is "
        "part of the release, mount it `:ro` or list it under `files:` in airlock.yml; if it contains "
        "site data, list it under `state:`.",
        place=_place(mount),
    )


def _place(mount: BindMount) -> str:
    return f"services.{mount.service} {mount.source}"
