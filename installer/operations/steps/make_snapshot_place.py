"""Makes the places of the copies of database files that both releases use, and deletes them in the end."""

from installer.operations.plan.step_names import SNAPSHOT_PLACE
from installer.operations.services.change_context import Change
from installer.operations.snapshot.snapshot import is_put_back, make_holder, remove_snapshot
from installer.workflow.step import Step


def make_snapshot_place(change: Change) -> Step:
    """Returns the step, which has no line of its own."""
    return Step(
        SNAPSHOT_PLACE,
        "",
        do=lambda: _make(change),
        undo=lambda: _clear(change),
    )


def _make(change: Change) -> str:
    for snapshot in change.plan.snapshots:
        make_holder(snapshot, change.engine, change.plan.project)
    return ""


def _clear(change: Change) -> None:
    """Deletes the places once the old release runs again.

    Keeps the new release's version of the files in one, if that may have been in use.
    """
    for snapshot in change.plan.snapshots:
        if not (change.sets_aside and is_put_back(snapshot)):
            remove_snapshot(snapshot, change.engine)
