"""Runs that were cut off or got stuck: they must be undone before anything else is changed."""

from pathlib import Path

from installer.errors import Refused
from installer.operations.preflight.files.leftovers import application_of
from installer.operations.steps.import_steps import RECORD
from installer.operations.way_back.undo_run import ROLLBACK
from installer.site.paths import directories_beside, runs_folder
from installer.text import _
from installer.workflow.journal import Journal, runs_in


def unfinished_run(release: Path) -> Journal | None:
    """The newest run of a directory that still has to be undone. One that recorded the release is done."""
    runs = runs_in(runs_folder(release))
    return next((run for run in runs if run.end() in (None, "stuck") and not run.has_finished(RECORD)), None)


def refuse_unfinished_run(release: Path) -> None:
    """Raise `Refused` when a run in this directory still has to be undone."""
    run = unfinished_run(release)
    if run is not None:
        raise Refused(
            _("An earlier import was cut off or got stuck in {directory}.", directory=release),
            details=[_("Its journal: {path}", path=run.folder)],
            hint=_("Go back first. In that directory, run: {command}", command=ROLLBACK),
        )


def refuse_unfinished_neighbours(directory: Path, application: str) -> None:
    """Raise `Refused` when an import of this application was cut off in `directory` or beside it.

    Between two releases nothing runs by which it would be found.
    """
    refuse_unfinished_run(directory)
    for place in directories_beside(directory):
        if application_of(place) == application:
            refuse_unfinished_run(place)
