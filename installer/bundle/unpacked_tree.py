"""Verifies an unpacked directory against its manifest. Ignores owners, modes and times.

The directory may be in use: files that belong to the site (`.env`, state, backups) are allowed and not read,
and so is what a killed import left of them, which the next command deletes.
images.tar may be absent, because an import from the package file does not unpack it. So may all files that a
delta leaves out, until they are copied from its base.
"""

import os
import stat
import tarfile
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from installer.bundle.archive.checksums import hash_file
from installer.bundle.archive.entry_rules import type_words
from installer.bundle.expected_files import absent, digest_problem, expected_files, size_problem, unlisted
from installer.bundle.layout import (
    IMAGES,
    MANIFEST,
    SIGNATURE,
    SITE_OWNED,
    is_unfinished_copy,
    parents,
    shown,
)
from installer.bundle.manifest.manifest import File, Manifest
from installer.text import _

Advance = Callable[[int], None]
NONE_KEPT: Mapping[str, str] = {}

_TYPES = {
    stat.S_IFLNK: tarfile.SYMTYPE,
    stat.S_IFCHR: tarfile.CHRTYPE,
    stat.S_IFBLK: tarfile.BLKTYPE,
    stat.S_IFIFO: tarfile.FIFOTYPE,
}


@dataclass(frozen=True)
class _Plan:
    """The allowed content of the directory: files to check, files and folders to accept, paths to ignore."""

    expected: dict[str, File]
    accepted_files: tuple[str, ...]
    folders: frozenset[str]
    foreign: frozenset[str]
    kept: Mapping[str, str]
    may_lack: frozenset[str] = frozenset()


def tree_problems(
    root: Path,
    manifest: Manifest,
    raw_manifest: bytes,
    advance: Advance,
    *,
    kept: Mapping[str, str] = NONE_KEPT,
    own: Collection[str] = (),
) -> list[str]:
    """Returns every difference between the directory and its manifest; calls `advance` with the bytes read.

    `kept` are files that the site keeps in its own version, each with the digest of that version, which is
    compared instead; `own` are further paths that belong to the site.
    """
    plan = _plan(manifest, raw_manifest, kept, own)
    found = dict(_walk(root, "", plan))
    plan = replace(plan, may_lack=_may_lack(manifest, found))
    problems = (
        (path, _problem(root, path, found.get(path), plan, advance))
        for path in sorted({*found, *plan.expected, *plan.kept})
    )
    return [f"{shown(path)}: {problem}" for path, problem in problems if problem]


def _plan(manifest: Manifest, raw_manifest: bytes, kept: Mapping[str, str], own: Collection[str]) -> _Plan:
    expected = expected_files(manifest, raw_manifest, unpacked=True)
    foreign = frozenset((*SITE_OWNED, *manifest.state, *own))
    folders = frozenset(folder for path in (*expected, *foreign, *kept) for folder in parents(path))
    return _Plan(expected, (MANIFEST, SIGNATURE), folders, foreign, kept)


def _may_lack(manifest: Manifest, found: Collection[str]) -> frozenset[str]:
    """Returns the listed files that may be absent; of those that a delta leaves out, all or none."""
    left_out = {file.path for file in manifest.left_out_files}
    return frozenset((IMAGES, *(left_out if left_out.isdisjoint(found) else ())))


def _walk(root: Path, above: str, plan: _Plan) -> Iterator[tuple[str, os.stat_result]]:
    """Yields all paths under `root`, except foreign ones and the content of folders without package files."""
    with os.scandir(root / above) as entries:
        ordered = sorted(entries, key=lambda entry: entry.name)
    for entry in ordered:
        path = f"{above}{entry.name}"
        if path in plan.foreign or is_unfinished_copy(entry.name):
            continue
        yield path, entry.stat(follow_symlinks=False)
        if path in plan.folders and entry.is_dir(follow_symlinks=False):
            yield from _walk(root, f"{path}/", plan)


def _problem(
    root: Path, path: str, status: os.stat_result | None, plan: _Plan, advance: Advance
) -> str | None:
    if status is None:
        return None if path in plan.may_lack else absent()
    kind = stat.S_IFMT(status.st_mode)
    if path in plan.folders:
        return None if kind == stat.S_IFDIR else _("is not a folder")
    if path not in (*plan.expected, *plan.accepted_files, *plan.kept):
        return unlisted()
    if kind != stat.S_IFREG:
        return type_words(_TYPES.get(kind, b""))
    if path in plan.kept:
        is_as_kept = hash_file(root / path, advance) == plan.kept[path]
        return None if is_as_kept else _("differs from the version that this site kept at the import")
    file = plan.expected.get(path)
    if file is None:
        return None
    return size_problem(file, status.st_size) or digest_problem(file, hash_file(root / path, advance))
