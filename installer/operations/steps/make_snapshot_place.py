"""Makes the place of the copy of database files that both releases use, and deletes it in the end."""

from installer.operations.services.change_context import Change
from installer.operations.snapshot.snapshot import is_put_back, make_holder, remove_snapshot
from installer.operations.steps.step_names import SNAPSHOT_PLACE
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
    if change.plan.snapshot is not None:
        make_holder(change.plan.snapshot, change.engine, change.plan.project)
    return ""


def _clear(change: Change) -> None:
    """Deletes the place once the old release runs again.

    Keeps the new release's version of the files in it, if that may have been in use.
    """
    snapshot = change.plan.snapshot
    if snapshot is not None and not (change.sets_aside and is_put_back(snapshot)):
        remove_snapshot(snapshot, change.engine)
