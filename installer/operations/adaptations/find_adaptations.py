"""Finds what a site changed in its old release directory: edited and added files, override files."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from installer.bundle.archive.checksums import hash_file
from installer.bundle.layout import (
    ENV_EXAMPLE,
    IMAGES,
    MANIFEST,
    REQUIRED,
    SELF_DESCRIBING,
    is_inside,
    parents,
)
from installer.bundle.manifest.manifest import Manifest
from installer.bundle.manifest.manifest_file import parse_manifest
from installer.site.running.installation import Installation
from installer.system.files.files import is_real_folder

GUIDES = ("MIGRATIONS", "DEPLOYMENT_GUIDE")
OVERRIDES = tuple(
    f"{stem}.override.{ending}" for stem in ("compose", "docker-compose") for ending in ("yml", "yaml")
)


@dataclass(frozen=True)
class Edited:
    """Describes a file of the old directory that was edited or added; `path` is relative."""

    path: str
    is_compose_file: bool


@dataclass(frozen=True)
class Override:
    """Describes a compose file that is in no package. `name` is relative if it lies in the old directory."""

    name: str
    path: Path
    is_used: bool


@dataclass(frozen=True)
class Adaptations:
    """Lists every adaptation of a site."""

    edited: tuple[Edited, ...] = ()
    overrides: tuple[Override, ...] = ()


UNCHANGED = Adaptations()


def find_adaptations(installation: Installation | None, manifest: Manifest, release: Path) -> Adaptations:
    """Compares the old directory with what was delivered; returns nothing if the release itself is running.

    Compares with the manifest of the old release, or, where that has none, with the files of the new release.
    """
    if installation is None or installation.is_in(release):
        return UNCHANGED
    directory = installation.directory
    before = _manifest_in(directory)
    return Adaptations(
        edited=(*_edited(directory, before, manifest), *_added(directory, before, manifest)),
        overrides=tuple(_overrides(installation, before, manifest)),
    )


def is_adaptable(path: str, manifest: Manifest) -> bool:
    """Returns whether a site may have its own version of this file: not a program, guide or migration."""
    migrations = (*(database.folder for database in manifest.databases), "prisma")
    return not (
        path in (*REQUIRED, *SELF_DESCRIBING, IMAGES, ENV_EXAMPLE)
        or path.startswith(GUIDES)
        or is_inside(path, migrations)
    )


def _edited(directory: Path, before: Manifest | None, after: Manifest) -> Iterator[Edited]:
    for path, digest in delivered(before, after).items():
        if (directory / path).is_file():
            today = hash_file(directory / path, lambda _: None)
            if today not in (digest, _digests(after).get(path)):
                yield Edited(path, path in (before or after).compose_files)


def delivered(before: Manifest | None, after: Manifest) -> dict[str, str]:
    """Returns path → digest of the files that a site may have edited, as the old release delivered them."""
    manifest = before or after
    ours = {path: digest for path, digest in _digests(manifest).items() if is_adaptable(path, manifest)}
    if before is not None:
        return ours
    return {path: digest for path, digest in ours.items() if path not in after.compose_files}


def _digests(manifest: Manifest) -> dict[str, str]:
    return {file.path: file.sha256 for file in manifest.files}


def _added(directory: Path, before: Manifest | None, after: Manifest) -> Iterator[Edited]:
    """Finds files added to delivered folders; only a manifest can tell which files were added."""
    if before is None:
        return
    known = {*_digests(before), *_digests(after)}
    folders = {folder for path in delivered(before, after) for folder in parents(path)}
    own = (*before.state, *after.state)
    for folder in sorted(folders):
        if is_real_folder(directory / folder):
            names = sorted(
                f"{folder}/{path.name}" for path in (directory / folder).iterdir() if path.is_file()
            )
            yield from (
                Edited(name, is_compose_file=False)
                for name in names
                if name not in known and not is_inside(name, own)
            )


def _overrides(installation: Installation, before: Manifest | None, after: Manifest) -> Iterator[Override]:
    directory = installation.directory
    used = [directory / file for file in installation.compose.files]
    shipped = {*(before.compose_files if before else ()), *after.compose_files}
    others = used if before is not None else used[1:]  # the first one stands for the release
    found = [path for path in others if _name(path, directory) not in shipped]
    yield from (Override(_name(path, directory), path, is_used=True) for path in found)
    for name in OVERRIDES:
        path = directory / name
        if path.is_file() and path not in used and name not in _all_files(before, after):
            yield Override(name, path, is_used=False)


def _name(path: Path, directory: Path) -> str:
    return str(path.relative_to(directory) if path.is_relative_to(directory) else path)


def _all_files(before: Manifest | None, after: Manifest) -> Collection[str]:
    both: Mapping[str, str] = {**(_digests(before) if before else {}), **_digests(after)}
    return both.keys()


def _manifest_in(directory: Path) -> Manifest | None:
    path = directory / MANIFEST
    return parse_manifest(path.read_bytes()) if path.is_file() else None
