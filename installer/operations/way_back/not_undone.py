"""What stays changed after going back, so that nobody is told that everything is as it was."""

from collections.abc import Iterator

from installer.errors import AirlockError
from installer.operations.plan.import_plan import Situation
from installer.operations.planning.unserved_lines import other_shared_places, shared_store_lines
from installer.operations.services.change import Change
from installer.operations.steps.import_steps import START_SERVICES
from installer.text import _
from installer.workflow.journal import Journal


def not_undone(change: Change, journal: Journal) -> tuple[str, ...]:
    """One line for each kind of data that the new release may have changed in place. Ask before undoing.

    Nothing where its services were never started, or where there is no release to go back to.
    """
    started = any((event.what, event.name) == ("started", START_SERVICES) for event in journal.events())
    if change.plan.previous is None or not started:
        return ()
    try:
        situation = Situation(change.manifest, change.new, change.new_model, None, change.plan)
        return tuple(lines_of(situation))
    except (AirlockError, OSError):  # its settings are gone: an earlier undoing got that far, and told it
        return ()


def lines_of(situation: Situation) -> Iterator[str]:
    """The lines for a release that ran."""
    yield from shared_store_lines(situation)
    places = other_shared_places(situation)
    if places:
        yield _("Not undone, because both releases use them: {places}", places=", ".join(places))
