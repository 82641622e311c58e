"""Finds runs that were interrupted or got stuck: they must be finished or undone before any other change."""

from pathlib import Path

from installer.errors import AirlockError, Refused
from installer.operations.plan.import_plan_file import load_plan
from installer.operations.plan.restore_plan import RESTORE, parse_restore_plan
from installer.operations.plan.step_names import RECORD
from installer.operations.preflight.files.leftovers import application_of
from installer.operations.release_directory import Site
from installer.operations.way_back.change_of_run import change_of_run
from installer.operations.way_back.standing import where_it_stands
from installer.operations.way_back.standing_of_restore import where_restore_stands
from installer.operations.way_back.undo_run import RESUME, ROLLBACK
from installer.screen.console import Console
from installer.site.paths import runs_folder
from installer.system.docker.docker import Engine
from installer.system.files.live_tree import folders_in
from installer.text import _
from installer.workflow.journal import Journal, runs_in

RESUME_RESTORE = "./airlock restore --resume"


def unfinished_run(release: Path) -> Journal | None:
    """Finds the newest import of a directory that did not end, or whose rollback did not."""
    runs = runs_in(runs_folder(release), "import")
    return next((run for run in runs if _is_unfinished(run, release)), None)


def unfinished_restore(release: Path) -> Journal | None:
    """Finds the newest run of a directory that did not end, if it is a restore."""
    run = _newest_unfinished(release)
    return run if run is not None and run.verb == RESTORE else None


def _newest_unfinished(release: Path) -> Journal | None:
    runs = (run for run in runs_in(runs_folder(release)) if run.verb in ("import", RESTORE))
    return next((run for run in runs if _is_unfinished(run, release)), None)


def _is_unfinished(run: Journal, release: Path) -> bool:
    """Returns whether a run must be resumed or undone; one that started no step has changed nothing."""
    if run.end() not in (None, "stuck") or not run.has_started():
        return False
    return run.is_reopened or not run.has_finished(RECORD) or _waits_for_backup(run, release)


def _waits_for_backup(run: Journal, release: Path) -> bool:
    """Returns whether a run that recorded the release has not yet backed up the kept files."""
    try:
        return bool(load_plan(run.plan(), release).waiting_for_backup)
    except (OSError, ValueError, KeyError):
        return False


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
    """Raises `Refused` if a run in this directory still has to be finished or undone."""
    run = _newest_unfinished(release)
    if run is not None:
        raise _refusal_of_restore(run, release) if run.verb == RESTORE else _refusal_of_import(run, release)


def refuse_unfinished_neighbours(directory: Path, application: str) -> None:
    """Raises `Refused` if a run of this application was interrupted in `directory` or beside it.

    Between two releases no container runs that would reveal it.
    """
    refuse_unfinished_run(directory)
    for place in folders_in(directory.parent):
        if application_of(place) == application:
            refuse_unfinished_run(place)


def _refusal_of_import(run: Journal, release: Path) -> Refused:
    return Refused(
        _("An earlier import in {directory} was interrupted or got stuck.", directory=release),
        details=[*_standing(run, release), _("Its journal: {path}", path=run.folder)],
        hint=_both_ways(RESUME),
    )


def _refusal_of_restore(run: Journal, release: Path) -> Refused:
    lines = where_restore_stands(run, Site(release, Console()))
    with_key = " --identity KEYFILE" if parse_restore_plan(run.plan()).is_encrypted else ""
    return Refused(
        _("An earlier restore in {directory} was interrupted or got stuck.", directory=release),
        details=[*lines, _("Its journal: {path}", path=run.folder)],
        hint=_both_ways(RESUME_RESTORE + with_key),
    )


def _both_ways(resume: str) -> str:
    return _(
        "In that directory, run one of: {resume} (continues it), {rollback} (undoes it)",
        resume=resume,
        rollback=ROLLBACK,
    )


def _standing(run: Journal, release: Path) -> tuple[str, ...]:
    """Returns where the import stands; nothing if the host cannot be looked at, such as without its plan."""
    try:
        change = change_of_run(run, release, Engine.connect(), Console(), health_seconds=0)
        return where_it_stands(change, run)
    except (AirlockError, OSError, ValueError, KeyError):
        return ()
