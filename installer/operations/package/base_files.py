"""Finds the files that a delta leaves out, which are its Python, where its base is, and copies them.

Their digests are in the delta's own manifest: any directory or package with exactly these files will do.
"""

import hashlib
import os
from collections.abc import Collection, Generator, Iterable, Iterator
from contextlib import AbstractContextManager, closing
from functools import partial
from pathlib import Path

from installer.bundle.archive.checksums import CHUNK_BYTES, hash_file
from installer.bundle.layout import MANIFEST, RUNTIME, package_stem, parents
from installer.bundle.manifest.manifest import File, Manifest
from installer.bundle.package_stream import PackageStream
from installer.errors import AirlockError, Refused
from installer.operations.package.images_source import packages_beside
from installer.operations.package.open_package import opened
from installer.screen.console import Console
from installer.site.paths import AIRLOCK
from installer.system.files.files import fsync_folder, rename_durably, writable
from installer.system.files.temporary import temporary_folder
from installer.text import _

FOLDER_MODE = 0o755
STAGING = ".runtime."  # as `sweep_files` finds it after a kill

Content = Iterator[bytes | memoryview]


def lacks_files(release: Path, manifest: Manifest) -> bool:
    """Returns whether this release is a delta that leaves out files, and none of them was copied here yet."""
    left_out = manifest.left_out_files
    return bool(left_out) and not any(os.path.lexists(release / file.path) for file in left_out)


def find_base_files(manifest: Manifest, release: Path, likely: Iterable[Path]) -> Path | None:
    """Returns a directory that has the files, one of `likely` or beside `release`, or a package beside it."""
    beside = sorted(path.parent for path in release.resolve().parent.glob(f"*/{MANIFEST}"))
    for directory in dict.fromkeys((*likely, *beside)):
        if all(_is_there(directory, file) for file in manifest.left_out_files):
            return directory
    return next((place for place in _packages(manifest, release) if _carries(place, manifest)), None)


def copy_base_files(place: Path, manifest: Manifest, release: Path) -> None:
    """Copies the files from `place` into `release`: all of them, or none.

    Raises `Refused` if they changed meanwhile or cannot be written.
    """
    with writable(release):
        (release / AIRLOCK).mkdir(mode=0o700, exist_ok=True)
        with temporary_folder(release / AIRLOCK, STAGING) as staging:
            missing = {file.path: file for file in manifest.left_out_files}
            with closing(_contents(place, frozenset(missing))) as contents:
                for path, content in contents:
                    _write(content, staging, missing.pop(path), place)
                    if not missing:
                        break
            if missing:
                raise _changed(place, next(iter(missing)))
            for folder in (staging / RUNTIME, *_folders_in(staging / RUNTIME)):
                folder.chmod(FOLDER_MODE)
                fsync_folder(folder)
            rename_durably(staging / RUNTIME, release / RUNTIME)


def _is_there(directory: Path, file: File) -> bool:
    path = directory / file.path
    try:
        same_size = path.is_file() and path.stat().st_size == file.size_bytes
        return same_size and hash_file(path, lambda _size: None) == file.sha256
    except OSError:
        return False


def _packages(manifest: Manifest, release: Path) -> list[Path]:
    base = manifest.base
    if base is None or base.version is None:
        return []
    return packages_beside(release.resolve().parent, package_stem(base.application, base.version))


def _carries(package: Path, manifest: Manifest) -> bool:
    try:
        with _read(package) as stream:
            return {*manifest.left_out_files} <= {*stream.manifest.carried_files}
    except AirlockError:
        return False


def _contents(place: Path, wanted: Collection[str]) -> Generator[tuple[str, Content], None, None]:
    """Yields the wanted files of a directory or package with their content."""
    if place.is_dir():
        for path in sorted(wanted):
            with (place / path).open("rb") as file:
                yield path, iter(partial(file.read, CHUNK_BYTES), b"")
        return
    with _read(place) as stream:
        for member in stream.members():
            if member.path in wanted:
                yield member.path, member.content


def _read(package: Path) -> AbstractContextManager[PackageStream]:
    return opened(package, _("Reading"), Console(verbosity="quiet"))


def _write(content: Content, staging: Path, file: File, place: Path) -> None:
    for folder in parents(file.path):
        (staging / folder).mkdir(exist_ok=True)
    digest = hashlib.sha256()
    with (staging / file.path).open("xb") as target:
        for chunk in content:
            digest.update(chunk)
            target.write(chunk)
        target.flush()
        os.fchmod(target.fileno(), file.mode)
        os.fsync(target.fileno())
    if digest.hexdigest() != file.sha256:
        raise _changed(place, file.path)


def _folders_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_dir()]


def _changed(place: Path, path: str) -> Refused:
    return Refused(
        _("{path} changed while it was being read.", path=f"{place}: {path}"),
        hint=_("Run the command again."),
    )
