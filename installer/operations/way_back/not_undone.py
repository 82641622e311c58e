"""Lists what stays changed after a rollback, so that no message claims otherwise."""

from installer.errors import AirlockError
from installer.operations.services.change_context import Change
from installer.operations.steps.import_steps import import_steps
from installer.workflow.journal import Journal


def not_undone(change: Change, journal: Journal) -> tuple[str, ...]:
    """Returns one line per kind of data that the new release may have changed in place. Ask before the undo.

    Nothing of steps that were never started, or if there is no release to roll back to.
    """
    if change.plan.previous is None:
        return ()
    started = {event.name for event in journal.events() if event.what == "started"}
    try:
        steps = [step for step in import_steps(change) if step.name in started]
        return tuple(line for step in steps for line in step.leaves_changed())
    except (AirlockError, OSError):  # settings missing: an earlier undo got that far and reported it
        return ()
