"""Lists what stays changed after a rollback, so that no message claims otherwise."""

from collections.abc import Iterator

from installer.errors import AirlockError
from installer.operations.decisions.unserved_lines import other_shared_places, shared_store_lines
from installer.operations.plan.import_plan import Situation
from installer.operations.services.change_context import Change
from installer.operations.steps.step_names import START_SERVICES
from installer.text import _
from installer.workflow.journal import Journal


def not_undone(change: Change, journal: Journal) -> tuple[str, ...]:
    """Returns one line per kind of data that the new release may have changed in place. Ask before the undo.

    Nothing if its services were never started, or if there is no release to roll back to.
    """
    started = any((event.what, event.name) == ("started", START_SERVICES) for event in journal.events())
    if change.plan.previous is None or not started:
        return ()
    try:
        situation = Situation(change.manifest, change.new, change.new_model, None, change.plan)
        return tuple(lines_of(situation))
    except (AirlockError, OSError):  # settings missing: an earlier undo got that far and reported it
        return ()


def lines_of(situation: Situation) -> Iterator[str]:
    """Lists the shared data of a release that ran."""
    yield from shared_store_lines(situation)
    places = other_shared_places(situation)
    if places:
        yield _("Not undone, because both releases use them: {places}", places=", ".join(places))
