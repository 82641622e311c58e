"""Carries the site's own files from the old directory to the new one, and back."""

import os
from collections.abc import Iterable
from pathlib import Path

from installer.errors import Stuck
from installer.operations.carry.set_aside import set_aside, topmost_link
from installer.operations.plan.import_plan import CarriedState, ImportPlan
from installer.system.files.files import is_real_folder, remove_whole, rename_durably
from installer.system.files.live_tree import is_removable_folder, paths_in
from installer.system.files.same_tree import is_same_tree
from installer.system.mirror.ahead import complete_copy, discard_copy
from installer.text import _


def carry_state(plan: ImportPlan) -> None:
    """Carries every folder of the plan to its new path: a final name never stands for a part.

    Skips what an earlier attempt has carried; no service of the new release may have run since.
    """
    for item in plan.state:
        if not _has_arrived(item):
            _carry(item)


def _has_arrived(item: CarriedState) -> bool:
    if not os.path.lexists(item.target):
        return False
    if item.is_copied:
        return not is_removable_folder(item.target) and is_same_tree(item.source, item.target)
    return not os.path.lexists(item.source)


def _carry(item: CarriedState) -> None:
    item.target.parent.mkdir(parents=True, exist_ok=True)
    if is_real_folder(item.target):
        item.target.rmdir()
    if item.is_copied:
        complete_copy(item.source, item.target)
    else:
        rename_durably(item.source, item.target)


def carry_back(plan: ImportPlan, *, kept_in: Path | None = None) -> None:
    """Undoes `carry_state`, even an interrupted one: moves folders back; deletes copies and what was created.

    If a folder `kept_in` is given, these are moved there instead. Raises `Stuck` rather than touch an only
    copy.
    """
    copied = [item for item in plan.state if item.is_copied]
    _expect_sources(copied)
    for item in plan.state:
        if not item.is_copied:
            _move_back(item)
    for item in copied:
        discard_copy(item.target)
    copies = [item.target for item in copied]
    discard((*copies, *plan.created_paths, *_contents(plan.emptied_paths)), plan.release, kept_in)


def discard(paths: Iterable[Path], release: Path, kept_in: Path | None) -> None:
    """Deletes those of `paths` below `release` that exist, or moves them to their place in `kept_in`."""
    for path in paths:
        _remove(path, release, kept_in)


def _move_back(item: CarriedState) -> None:
    is_back = os.path.lexists(item.source)
    if not os.path.lexists(item.target) or (is_back and is_removable_folder(item.target)):
        return
    if is_back:
        raise Stuck(
            _("{path} exists again, so the data cannot be moved back.", path=item.source),
            details=[_("The data is in {path}.", path=item.target)],
            hint=_("Check both paths. Move the one without the data elsewhere, then run: ./airlock rollback"),
        )
    rename_durably(item.target, item.source)


def _expect_sources(copied: list[CarriedState]) -> None:
    missing = [item for item in copied if not item.source.exists() and os.path.lexists(item.target)]
    if missing:
        raise Stuck(
            _("The old data is missing from its place, so its copy was not deleted."),
            details=[
                _("{source} is missing; its copy is {target}.", source=i.source, target=i.target)
                for i in missing
            ],
            hint=_("Copy it back to its old place, then run: ./airlock rollback"),
        )


def _contents(folders: tuple[Path, ...]) -> list[Path]:
    return [path for folder in folders if is_real_folder(folder) for path in paths_in(folder)]


def _remove(path: Path, release: Path, kept_in: Path | None) -> None:
    if not os.path.lexists(path):
        return
    if kept_in is None:
        remove_whole(path)
    elif path.is_relative_to(release):
        moved = topmost_link(path, release) or path  # files behind a link stay in place
        set_aside(moved, kept_in, moved.relative_to(release))
