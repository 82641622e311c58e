"""Verifies an unpacked directory against its manifest. Owners, modes and times do not matter.

The directory may be in use: what belongs to the site (`.env`, state, backups) may be there and is not read.
images.tar may be absent: an import from the package file leaves it there.
"""

import os
import stat
import tarfile
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from installer.bundle.archive.checksums import hash_file
from installer.bundle.archive.entry_rules import type_words
from installer.bundle.expected_files import absent, digest_problem, expected_files, size_problem, unlisted
from installer.bundle.layout import IMAGES, MANIFEST, SIGNATURE, SITE_OWNED, parents, shown
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
    """What may be in the directory: files to check, files and folders to accept, paths to leave alone."""

    expected: dict[str, File]
    accepted_files: tuple[str, ...]
    folders: frozenset[str]
    foreign: frozenset[str]
    kept: Mapping[str, str]


def tree_problems(
    root: Path,
    manifest: Manifest,
    raw_manifest: bytes,
    advance: Advance,
    *,
    kept: Mapping[str, str] = NONE_KEPT,
    own: Collection[str] = (),
) -> list[str]:
    """Everything in which the directory differs from its manifest; tells `advance` the bytes read.

    `kept` are files that the site wants otherwise, each with the digest of its own version, which counts;
    `own` are more places that belong to the site.
    """
    plan = _plan(manifest, raw_manifest, kept, own)
    found = dict(_walk(root, "", plan))
    problems = (
        (path, _problem(root, path, found.get(path), plan, advance))
        for path in sorted({*found, *plan.expected, *plan.kept})
    )
    return [f"{shown(path)}: {problem}" for path, problem in problems if problem]


def _plan(manifest: Manifest, raw_manifest: bytes, kept: Mapping[str, str], own: Collection[str]) -> _Plan:
    expected = expected_files(manifest, raw_manifest)
    foreign = frozenset((*SITE_OWNED, *manifest.state, *own))
    folders = frozenset(folder for path in (*expected, *foreign, *kept) for folder in parents(path))
    return _Plan(expected, (MANIFEST, SIGNATURE), folders, foreign, kept)


def _walk(root: Path, above: str, plan: _Plan) -> Iterator[tuple[str, os.stat_result]]:
    """All paths under `root`; not those that are foreign, and not into folders that hold nothing of ours."""
    with os.scandir(root / above) as entries:
        ordered = sorted(entries, key=lambda entry: entry.name)
    for entry in ordered:
        path = f"{above}{entry.name}"
        if path in plan.foreign:
            continue
        yield path, entry.stat(follow_symlinks=False)
        if path in plan.folders and entry.is_dir(follow_symlinks=False):
            yield from _walk(root, f"{path}/", plan)


def _problem(
    root: Path, path: str, status: os.stat_result | None, plan: _Plan, advance: Advance
) -> str | None:
    if status is None:
        return None if path == IMAGES else absent()
    kind = stat.S_IFMT(status.st_mode)
    if path in plan.folders:
        return None if kind == stat.S_IFDIR else _("is not a folder")
    if path not in (*plan.expected, *plan.accepted_files, *plan.kept):
        return unlisted()
    if kind != stat.S_IFREG:
        return type_words(_TYPES.get(kind, b""))
    if path in plan.kept:
        is_as_kept = hash_file(root / path, advance) == plan.kept[path]
        return None if is_as_kept else _("is not what this site kept when it was imported")
    file = plan.expected.get(path)
    if file is None:
        return None
    return size_problem(file, status.st_size) or digest_problem(file, hash_file(root / path, advance))
