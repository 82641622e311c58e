"""Finds runs that were interrupted or got stuck: they must be undone before anything else changes."""

from pathlib import Path

from installer.errors import Refused
from installer.operations.plan.import_plan_file import load_plan
from installer.operations.preflight.files.leftovers import application_of
from installer.operations.steps.step_names import RECORD
from installer.operations.way_back.undo_run import RESUME, ROLLBACK
from installer.site.paths import runs_folder
from installer.system.files.live_tree import folders_in
from installer.text import _
from installer.workflow.journal import Journal, runs_in


def unfinished_run(release: Path) -> Journal | None:
    """Finds the newest import of a directory that did not end, or whose rollback did not."""
    return next((run for run in runs_in(runs_folder(release), "import") if _is_unfinished(run)), None)


def _is_unfinished(run: Journal) -> bool:
    """Returns whether a run must be resumed or undone.

    One that recorded the release is done, and one that started no step has changed nothing.
    """
    is_done = run.has_finished(RECORD) and not run.is_reopened
    return run.end() in (None, "stuck") and run.has_started() and not is_done


def directory_of_unfinished_run(release: Path) -> Path:
    """Returns the directory beside `release` whose unfinished import replaces it; else `release` itself.

    A power cut may have destroyed the installer there; this one serves as well.
    """
    if unfinished_run(release) is None:
        for place in folders_in(release.parent):
            run = unfinished_run(place)
            if run is not None and _replaces(run, place, release):
                return place
    return release


def _replaces(run: Journal, place: Path, release: Path) -> bool:
    previous = load_plan(run.plan(), place).previous
    return previous is not None and previous.directory.resolve() == release.resolve()


def refuse_unfinished_run(release: Path) -> None:
    """Raises `Refused` if a run in this directory still has to be undone."""
    run = unfinished_run(release)
    if run is not None:
        raise Refused(
            _("An earlier import in {directory} was interrupted or got stuck.", directory=release),
            details=[_("Its journal: {path}", path=run.folder)],
            hint=_(
                "In that directory, run one of: {resume} (continues it), {rollback} (undoes it)",
                resume=RESUME,
                rollback=ROLLBACK,
            ),
        )


def refuse_unfinished_neighbours(directory: Path, application: str) -> None:
    """Raises `Refused` if an import of this application was interrupted in `directory` or beside it.

    Between two releases no container runs that would reveal it.
    """
    refuse_unfinished_run(directory)
    for place in folders_in(directory.parent):
        if application_of(place) == application:
            refuse_unfinished_run(place)
