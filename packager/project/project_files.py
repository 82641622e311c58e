"""Sorts the files of a project: which ones are packed, which folders are site data, what the site provides.

The sorting follows what services mount: files and read-only folders with content are packed as configuration;
folders that a service may write to are site data (state). Secrets are never packed: the site provides them.
"""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from installer.bundle.layout import ENV, ENV_EXAMPLE, is_inside, path_problem, shown
from installer.system.files.live_tree import is_empty_folder
from installer.text import _
from packager.git.checkout import Checkout, name_in_git
from packager.git.own_output import is_own_output
from packager.project.airlock_yml import Settings
from packager.project.mounts import BindMount, project_path
from packager.project.secret_files import is_secret
from packager.project.unsure_mounts import find_unsure_mounts, is_configuration_target
from packager.project.written_services import Compose

KEEPS_IN_GIT = (".gitkeep",)


@dataclass(frozen=True)
class ProjectFiles:
    """Paths relative to the project. `left_alone` are mounts of places elsewhere on the host.

    `notes` are decisions made for the engineer, each with what to write to change it.
    """

    shipped: tuple[str, ...]
    state: tuple[str, ...]
    from_site: tuple[str, ...]
    left_alone: tuple[str, ...]
    notes: tuple[str, ...] = ()


def find_files(checkout: Checkout, compose: Compose, settings: Settings, problems: list[str]) -> ProjectFiles:
    """Sorts all mounts of services and `files:` of airlock.yml; adds what cannot be packed to `problems`."""
    directory = checkout.directory
    finder = _Finder(directory, checkout, problems)
    mounts = [mount for service in compose.services for mount in service.mounts]
    unsure = find_unsure_mounts(directory, mounts, settings)
    problems += unsure.problems
    mine = (*settings.files, *unsure.shipped)
    state = settings.state if settings.state is not None else _state(directory, mounts, mine)
    finder.state, finder.notes = outermost(state), unsure.notes
    for mount in mounts:
        finder.take_mount(mount)
    for path in (*compose.config_files, *settings.files):
        finder.ship(path, path)
    for path in _provided_by_site(directory, compose):
        finder.from_site[path] = None
    if (directory / ENV_EXAMPLE).is_file():
        finder.shipped[ENV_EXAMPLE] = None
    return finder.found()


def outermost(paths: Iterable[str]) -> tuple[str, ...]:
    """Returns the paths sorted, without those inside another one."""
    kept: list[str] = []
    for path in sorted(set(paths)):
        if not is_inside(path, kept):
            kept.append(path)
    return tuple(kept)


def _state(directory: Path, mounts: list[BindMount], shipped: tuple[str, ...]) -> Iterator[str]:
    for mount in mounts:
        if mount.path is None or mount.path == "." or mount.leaves_project or is_inside(mount.path, shipped):
            continue
        there = directory / mount.path
        is_empty = is_empty_folder(there, but_for=KEEPS_IN_GIT)
        if is_empty or (not mount.is_read_only and not _is_configuration(there, mount)):
            yield mount.path


def _is_configuration(place: Path, mount: BindMount) -> bool:
    return place.is_file() or (place.is_dir() and is_configuration_target(mount.target))


def _provided_by_site(directory: Path, compose: Compose) -> Iterator[str]:
    env_files = [path for service in compose.services for path in service.env_files]
    beside = [f"{folder}/{ENV}" for folder in compose.include_folders if folder not in ("", ".")]
    env_files += [*compose.include_env_files, *(path for path in beside if (directory / path).is_file())]
    for path in (*env_files, *compose.secret_files):
        inside = project_path(path)
        if inside is not None and not inside.startswith("..") and "$" not in path:
            yield inside


@dataclass
class _Finder:
    """Collects the three kinds of paths, each path once, in the order found."""

    directory: Path
    checkout: Checkout
    problems: list[str]
    state: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    shipped: dict[str, None] = field(default_factory=dict)
    from_site: dict[str, None] = field(default_factory=dict)
    left_alone: dict[str, None] = field(default_factory=dict)

    def found(self) -> ProjectFiles:
        shipped = tuple(sorted(path for path in self.shipped if path not in self.from_site))
        return ProjectFiles(
            shipped, self.state, tuple(sorted(self.from_site)), tuple(sorted(self.left_alone)), self.notes
        )

    def take_mount(self, mount: BindMount) -> None:
        place = f"services.{mount.service} {mount.source}"
        if mount.is_of_windows:
            self.problems.append(
                _("{place}: is a path of Windows, and sites run Linux: write / between folders.", place=place)
            )
        elif mount.path is None:
            self.left_alone[f"{mount.source} ({mount.service})"] = None
        elif mount.path == ".":
            self.problems.append(_("{place}: the whole project cannot be packed as one mount.", place=place))
        elif mount.leaves_project:
            self.problems.append(_("{place}: is outside the project.", place=place))
        elif not is_inside(mount.path, self.state) and not (self.directory / mount.path).exists():
            self.problems.append(
                _(
                    "{place}: this file or folder does not exist; if each site has its own, list "
                    "it under `state:` in airlock.yml.",
                    place=place,
                )
            )
        elif not is_inside(mount.path, self.state):
            self.ship(mount.path, place)
        elif (self.directory / mount.path).is_file():
            self.problems.append(
                _("{place}: this file is inside {state}, which contains site data, so it cannot be packed.",
                  place=place, state=", ".join(self.state))
            )  # fmt: skip

    def ship(self, path: str, place: str) -> None:
        source = self.directory / path
        if is_secret(source):
            self.from_site[path] = None
        elif source.is_symlink() and not self._stays_inside(source):
            self.problems.append(_("{place}: the link points outside the project.", place=place))
        elif self.checkout.is_written_link(path):
            self.problems.append(
                _(
                    "{place}: is a symbolic link in Git, but here a file with the name of its target. Allow "
                    "links, then check the file out again: git config core.symlinks true",
                    place=place,
                )
            )
        elif source.is_file():
            self._ship_file(path, place)
        elif source.is_dir():
            self._ship_folder(source, place)
        else:
            self.problems.append(_("{place}: this file or folder does not exist.", place=place))

    def _ship_file(self, path: str, place: str) -> None:
        problem = path_problem(path)
        if problem:
            self.problems.append(f"{place}: {shown(path)} {problem}")
        else:
            self.shipped[path] = None

    def _ship_folder(self, folder: Path, place: str) -> None:
        for above, folders, files in os.walk(folder):
            folders.sort()
            links = [name for name in folders if Path(above, name).is_symlink()]
            for name in sorted([*files, *links]):
                path = name_in_git(Path(above, name).relative_to(self.directory).as_posix())
                if is_inside(path, self.state) or is_own_output(path):
                    continue
                if name in links:
                    self.problems.append(
                        _("{place}: {path} is a link to a folder.", place=place, path=shown(path))
                    )
                else:
                    self.ship(path, f"{place}: {shown(path)}")

    def _stays_inside(self, link: Path) -> bool:
        return link.resolve().is_relative_to(self.directory.resolve())
