"""Copies what will be carried over while the old release still serves: less is left for its outage."""

from collections.abc import Callable, Iterator
from pathlib import Path

from installer.database.scratch_servers.disk_guard import filled_up_error
from installer.operations.plan.import_plan import ImportPlan
from installer.operations.plan.step_names import COPY_AHEAD
from installer.operations.services.change_context import Change
from installer.operations.snapshot.snapshot import copy_of
from installer.operations.steps.stop_old import is_stopped
from installer.system.files.files import free_bytes, size_of_tree
from installer.system.files.live_tree import is_removable_folder
from installer.system.files.reserve import RESERVE_BYTES
from installer.system.mirror.ahead import copy_ahead as begin_copy
from installer.system.mirror.ahead import discard_copy
from installer.text import _
from installer.workflow.step import Step

LOOK_BYTES = 64 * 1024**2


def copy_ahead(change: Change) -> Step:
    """Returns the step, which has no line of its own. Steps 7 and 8 complete the copies."""
    return Step(
        COPY_AHEAD,
        "",
        do=lambda: _copy(change),
        undo=lambda: _discard(change.plan),
        is_done=lambda: is_stopped(change),  # then nothing is gained
    )


def _copy(change: Change) -> str:
    copies = [(source, target) for source, target in _copies(change.plan) if not target.exists()]
    if copies and change.plan.previous is not None and change.plan.previous.running_services:
        total_bytes = sum(size_of_tree(source) for source, _target in copies)
        with change.console.progress(_("Copying while the old release serves"), total_bytes) as advance:
            for source, target in copies:
                target.parent.mkdir(parents=True, exist_ok=True)
                begin_copy(source, target, _guarded(target.parent, advance))
    return ""


def _copies(plan: ImportPlan) -> Iterator[tuple[Path, Path]]:
    yield from ((item.source, item.target) for item in plan.state if item.is_copied)
    yield from ((snapshot.live, copy_of(snapshot)) for snapshot in plan.copied_files)


def _guarded(folder: Path, advance: Callable[[int], None]) -> Callable[[int], None]:
    """Stops the copy before the disk is full: the old release needs it."""
    unlooked_bytes = LOOK_BYTES

    def told(size_bytes: int) -> None:
        nonlocal unlooked_bytes
        advance(size_bytes)
        unlooked_bytes += size_bytes
        if unlooked_bytes >= LOOK_BYTES:
            unlooked_bytes = 0
            _expect_room(folder)

    return told


def _expect_room(folder: Path) -> None:
    if free_bytes(folder) < RESERVE_BYTES:
        raise filled_up_error(folder, RESERVE_BYTES)


def _discard(plan: ImportPlan) -> None:
    for _source, target in _copies(plan):
        discard_copy(target)
    for path in sorted(plan.created_paths, reverse=True):
        if path.is_dir() and is_removable_folder(path):
            path.rmdir()
