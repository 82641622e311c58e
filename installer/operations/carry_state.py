"""Carries the site's own files from the old directory to the new one, and back."""

import shutil
from pathlib import Path

from installer.errors import Stuck
from installer.operations.import_plan import CarriedState, ImportPlan
from installer.system.files import copy_tree, fsync_folder
from installer.system.process import output_of
from installer.text import _


def carry_state(plan: ImportPlan) -> None:
    """Bring every folder of the plan to its new place: all of it, or not at all under its final name."""
    for item in plan.state:
        item.target.parent.mkdir(parents=True, exist_ok=True)
        if item.target.is_dir():
            item.target.rmdir()
        if plan.state_mode == "move":
            item.source.rename(item.target)
        else:
            _copy(item.source, item.target)
        fsync_folder(item.target.parent)


def carry_back(plan: ImportPlan) -> None:
    """Undo `carry_state`, however far it came: moved folders return, copies and what was created go."""
    for item in plan.state:
        if plan.state_mode == "move":
            _move_back(item)
        elif item.source.exists():
            _remove(_partial(item.target))
            _remove(item.target)
    for path in plan.created_paths:
        _remove(path)


def _copy(source: Path, target: Path) -> None:
    partial = _partial(target)
    _remove(partial)
    copy_tree(source, partial)
    output_of(("sync", "--file-system", str(partial)))
    partial.rename(target)


def _partial(target: Path) -> Path:
    return target.with_name(f".{target.name}.airlock-partial")


def _move_back(item: CarriedState) -> None:
    if not item.target.exists():
        return
    if item.source.exists():
        raise Stuck(
            _("{path} exists again, so the moved data cannot return to its place.", path=item.source),
            details=[_("The data is in {path}.", path=item.target)],
            hint=_("Move one of the two away, then type: ./airlock rollback"),
        )
    item.target.rename(item.source)
    fsync_folder(item.source.parent)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
