"""Copies files that the site provides from one release directory to another, with owner, mode and times.

A link stays a link. A link into the old directory is made to point to the same place in the new one, and its
target is copied too, because the old directory may be deleted one day. Any other link keeps its target.
"""

import os
from collections.abc import Iterator
from pathlib import Path

from installer.system.files.files import copy_whole


def carry_file(name: str, source: Path, origin: Path, release: Path) -> Iterator[str]:
    """Copies `source`, from the release directory `origin`, to `name` in `release`, unless that exists.

    Yields the relative path of each file before it is copied, including links on the path and the targets of
    links.
    """
    if source == origin / name:
        for above in reversed(Path(name).parents):
            if (origin / above).is_symlink():
                yield from _carry(str(above), origin / above, origin, release)
                return
            _make_like(origin / above, release / above)
    (release / name).parent.mkdir(parents=True, exist_ok=True)
    yield from _carry(name, source, origin, release)


def _carry(name: str, source: Path, origin: Path, release: Path) -> Iterator[str]:
    target = release / name
    if os.path.lexists(target):
        return
    yield name
    if not source.is_symlink():
        copy_whole(source, target)
        return
    goal = Path(os.path.normpath(source.parent.resolve() / source.readlink()))
    if goal.is_relative_to(origin.resolve()):
        inside = str(goal.relative_to(origin.resolve()))
        yield from carry_file(inside, origin / inside, origin, release)
        goal = release.resolve() / inside
    _link(source, target, goal, release.resolve())


def _link(source: Path, target: Path, goal: Path, release: Path) -> None:
    """Creates a link at `target` to `goal`; copies the link at `source` if that points there, too."""
    written = source.readlink()
    leads_there = Path(os.path.normpath(target.parent.resolve() / written)) == goal
    if leads_there:
        copy_whole(source, target)
        return
    status = source.lstat()
    is_inside = goal.is_relative_to(release)
    target.symlink_to(os.path.relpath(goal, target.parent.resolve()) if is_inside else goal)
    if os.geteuid() == 0:
        os.chown(target, status.st_uid, status.st_gid, follow_symlinks=False)


def _make_like(source: Path, folder: Path) -> None:
    if folder.is_dir() or not source.is_dir():
        return
    status = source.stat()
    folder.mkdir()
    if os.geteuid() == 0:
        os.chown(folder, status.st_uid, status.st_gid)
    folder.chmod(status.st_mode & 0o7777)
