"""Carries the site's own files from the old directory to the new one, and back."""

import os
from collections.abc import Iterable
from pathlib import Path

from installer.errors import Stuck
from installer.operations.carry.set_aside import set_aside, topmost_link
from installer.operations.plan.import_plan import CarriedState, ImportPlan
from installer.system.files.files import copy_whole, fsync_folder, is_real_folder, partial_name, remove_tree
from installer.text import _


def carry_state(plan: ImportPlan) -> None:
    """Bring every folder of the plan to its new place: all of it, or not at all under its final name."""
    for item in plan.state:
        item.target.parent.mkdir(parents=True, exist_ok=True)
        if is_real_folder(item.target):
            item.target.rmdir()
        if item.is_copied:
            copy_whole(item.source, item.target)
        else:
            item.source.rename(item.target)
            fsync_folder(item.target.parent)


def carry_back(plan: ImportPlan, *, discarded: Path | None = None) -> None:
    """Undo `carry_state`, however far it came: moved folders return; copies and what was created go.

    They go to the folder `discarded` where one is given. Raises `Stuck` rather than touch an only copy.
    """
    copied = [item for item in plan.state if item.is_copied]
    _expect_sources(copied)
    for item in plan.state:
        if not item.is_copied:
            _move_back(item)
    discard((partial_name(item.target) for item in copied), plan.release, None)
    copies = [item.target for item in copied]
    discard((*copies, *plan.created_paths, *_contents(plan.emptied_paths)), plan.release, discarded)


def discard(paths: Iterable[Path], release: Path, discarded: Path | None) -> None:
    """Remove what is there of `paths` below `release`, or move it to its place in the folder `discarded`."""
    for path in paths:
        _discard(path, release, discarded)


def _move_back(item: CarriedState) -> None:
    is_back = os.path.lexists(item.source)
    if not os.path.lexists(item.target) or (is_back and _is_empty(item.target)):
        return
    if is_back:
        raise Stuck(
            _("{path} exists again, so the moved data cannot return to its place.", path=item.source),
            details=[_("The data is in {path}.", path=item.target)],
            hint=_("Look into both. Move the one without the data away, then run: ./airlock rollback"),
        )
    item.target.rename(item.source)
    fsync_folder(item.source.parent)


def _expect_sources(copied: list[CarriedState]) -> None:
    missing = [item for item in copied if not item.source.exists() and os.path.lexists(item.target)]
    if missing:
        raise Stuck(
            _("The old data is no longer where it was, so its copy is left alone."),
            details=[
                _("{source} is missing; its copy is {target}.", source=i.source, target=i.target)
                for i in missing
            ],
            hint=_("Copy it back to its old place, then run: ./airlock rollback"),
        )


def _contents(folders: tuple[Path, ...]) -> list[Path]:
    return [path for folder in folders if is_real_folder(folder) for path in folder.iterdir()]


def _is_empty(path: Path) -> bool:
    return is_real_folder(path) and not any(path.iterdir())


def _discard(path: Path, release: Path, discarded: Path | None) -> None:
    if not os.path.lexists(path):
        return
    if discarded is None:
        remove_tree(path)
    elif path.is_relative_to(release):
        gone = topmost_link(path, release) or path  # what lies behind a link stays where it is
        set_aside(gone, discarded, gone.relative_to(release))
