"""Unpacks and verifies a package: the release directory appears only if all of it is right.

The images stay in the package: the engine loads them from there, and they take no space on this disk.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from installer.bundle.layout import IMAGES, MANIFEST, parents
from installer.bundle.manifest.manifest import Manifest
from installer.bundle.package_stream import Member, PackageStream
from installer.errors import AnotherRunActive, BadPackage, Refused
from installer.operations.package.open_package import opened
from installer.screen.console import Console, size
from installer.system.files.files import free_bytes, fsync_folder, remove_tree, writable
from installer.system.files.reserve import RESERVE_BYTES
from installer.text import _

FOLDER_MODE = 0o755


@dataclass(frozen=True)
class Unpacked:
    """Names a release directory, and whether it was created now."""

    directory: Path
    is_new: bool


def unpack(package: Path, into: Path, console: Console, own: Path | None = None) -> Unpacked:
    """Unpacks everything but the images into a new folder in `into`: the release directory.

    Writes everything into a hidden folder beside it; renames this if all that was read of the package is
    right, and deletes it otherwise. Uses an existing directory of the same package, or `own`, as it is.
    Raises `BadPackage` with all problems, `Refused` if another folder has that name or the space does not
    suffice, `AnotherRunActive` while another run unpacks the same package here.
    """
    with opened(package, _("Unpacking"), console) as stream:
        target = into / stream.root
        for there in (target, *((own,) if own else ())):
            if _is_of(there, stream.raw_manifest):
                return Unpacked(there, is_new=False)
        _refuse_existing(target)
        _refuse_too_small(into, stream.manifest)
        with writable(into), _staging(into / f".{stream.root}.unpacking") as staging:
            _write_all(stream, staging)
            staging.rename(target)
    fsync_folder(into)
    return Unpacked(target, is_new=True)


@contextmanager
def removed_if_bad(unpacked: Unpacked) -> Iterator[None]:
    """Deletes the release directory if the body finds that its package is damaged."""
    try:
        yield
    except BadPackage:
        if unpacked.is_new:
            shutil.rmtree(unpacked.directory, ignore_errors=True)
        raise


def _is_of(directory: Path, raw_manifest: bytes) -> bool:
    manifest = directory / MANIFEST
    return manifest.is_file() and manifest.read_bytes() == raw_manifest


def _refuse_existing(target: Path) -> None:
    if os.path.lexists(target):
        raise Refused(
            _("{path} exists already; unpacking would overwrite it.", path=target),
            hint=_("Import from it with {path}/import-package.sh, or rename it first.", path=target),
        )


def _refuse_too_small(into: Path, manifest: Manifest) -> None:
    needed = sum(file.size_bytes for file in manifest.files if file.path != IMAGES) + RESERVE_BYTES
    free = free_bytes(into)
    if free < needed:
        raise Refused(
            _("There is not enough space in {path} to unpack the package.", path=into),
            details=[_("needed: {needed}, free: {free}", needed=size(needed), free=size(free))],
            hint=_("Make room, or move the package to another disk and import it from there."),
        )


@contextmanager
def _staging(folder: Path) -> Iterator[Path]:
    """Yields an empty folder of this run alone, and deletes it afterwards unless it was renamed."""
    folder.mkdir(mode=0o700, exist_ok=True)
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        _lock(descriptor, folder)
        _empty(folder)  # remove what a killed run left
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    finally:
        os.close(descriptor)


def _lock(descriptor: int, folder: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as held:
        raise AnotherRunActive(
            _("Another run is unpacking the same package into {path}.", path=folder.parent)
        ) from held


def _empty(folder: Path) -> None:
    for path in folder.iterdir():
        remove_tree(path)


def _write_all(stream: PackageStream, staging: Path) -> None:
    """Writes all files but the images; after a first problem, only finds the other problems."""
    for member in stream.members():
        if not stream.problems and member.path != IMAGES:
            _write(member, staging)
        elif not stream.problems and not stream.awaited():
            break  # only the images are left; loading verifies them
    for folder in (staging, *(path for path in staging.rglob("*") if path.is_dir())):
        folder.chmod(FOLDER_MODE)
        fsync_folder(folder)


def _write(member: Member, staging: Path) -> None:
    for folder in parents(member.path):
        (staging / folder).mkdir(exist_ok=True)
    with (staging / member.path).open("xb") as file:
        for chunk in member.content:
            file.write(chunk)
        file.flush()
        os.fchmod(file.fileno(), member.mode)
        os.fsync(file.fileno())
