"""Rolls back on request: from a run that did not end well, or from a finished import."""

from collections.abc import Iterator, Sequence, Set
from pathlib import Path

from installer.errors import Refused
from installer.operations.decisions.old_version import version_of
from installer.operations.plan.import_plan import ImportPlan
from installer.operations.plan.import_plan_file import parse_plan
from installer.operations.plan.moved_plan import plan_in
from installer.operations.plan.previous_place import find_previous
from installer.operations.release_directory import Site
from installer.operations.services.change_context import Change
from installer.operations.services.kept_logs import keep_release_logs
from installer.operations.services.leftover_containers import directories_in_operation
from installer.operations.services.run_receipt import write_receipt
from installer.operations.services.sweep import sweep_rehearsals
from installer.operations.steps.backup_before_rollback import back_up_before_rollback, services_stopped
from installer.operations.steps.import_steps import import_steps, set_aside_folder
from installer.operations.steps.old_release_again import has_old_files
from installer.operations.steps.proof import differences_found
from installer.operations.way_back.as_before import compare_with_before
from installer.operations.way_back.changes_since import changes_since
from installer.operations.way_back.finished_import import finished_run
from installer.operations.way_back.kept_places import places_after, volumes_after
from installer.operations.way_back.not_undone import not_undone
from installer.operations.way_back.rollback_obstacles import refuse_rollback_obstacles
from installer.operations.way_back.undo_run import back_otherwise, undo_run
from installer.operations.way_back.unfinished import unfinished_run
from installer.screen.console import Console
from installer.site.paths import backups_folder
from installer.site.release_record import ReleaseRecord, read_record
from installer.site.running.whereabouts import runs_from
from installer.system.docker.docker import Engine, site_name
from installer.text import _
from installer.workflow.journal import Journal
from installer.workflow.lock import site_lock


def roll_back(
    release: Path, console: Console, *, health_seconds: float, previous: Path | None = None
) -> None:
    """Undoes the import of `release` after asking, whether it was interrupted, got stuck, or is finished.

    Keeps what the new release wrote. Raises `Refused` if there is nothing to undo, if another release was
    imported since, if something that the old one needs is missing, or if the person does not agree;
    `FailedAndRestored` if the old release or its data is not proven to be as it was. Finds the directory of
    the old release where it was renamed, unless it is given as `previous`.
    """
    engine = Engine.connect()
    project = Site(release, console).manifest().application.project
    with site_lock(site_name(engine, project), "rollback"):
        sweep_rehearsals(engine, project)
        unfinished = unfinished_run(release)
        if unfinished is None:
            _refuse_release_elsewhere(engine, Site(release, console))
        journal = unfinished or finished_run(release)
        recorded = parse_plan(journal.plan())
        plan = plan_in(recorded, release, find_previous(recorded, release, previous))
        change = Change(plan, engine, console, health_seconds, sets_aside=True)
        lasting = not_undone(change, journal)
        if unfinished is not None:
            _refuse_third_release(change, recorded)
            _ask(console, _consequences(change))
            _undo(change, journal, _("the import was interrupted"))
        else:
            _leave(change, journal)
    _report_end(change, lasting)


def _report_end(change: Change, lasting: Sequence[str]) -> None:
    """Shows the end of the rollback; `lasting` is about data that stays changed."""
    afterwards = compare_with_before(change)
    differences = differences_found(change.plan)
    otherwise = back_otherwise(_("The import is undone."), differences, afterwards, lasting=lasting)
    if otherwise is not None:
        raise otherwise
    for line in _closing(change.plan, lasting):
        change.console.say(line)
    for line in afterwards.lasting:
        change.console.warn(line)


def _leave(change: Change, journal: Journal) -> None:
    """Rolls back a finished import, after a backup of its current state."""
    refuse_rollback_obstacles(change)
    record = read_record(change.plan.release)
    assert record is not None
    files_are_kept = has_old_files(change.plan)
    _ask(change.console, _consequences_today(change, record))
    with services_stopped(change):
        if change.plan.database is not None:
            back_up_before_rollback(change, files_are_kept=files_are_kept)
        journal.reopened("rollback")
    _undo(change, journal, _("a rollback was requested"))


def _undo(change: Change, journal: Journal, reason: str) -> None:
    keep_release_logs(change)
    steps, answers = import_steps(change), change.engine.answers
    try:
        undo_run(steps, journal, change.console, reason, engine_answers=answers)
    finally:
        write_receipt(change, journal)


def _refuse_release_elsewhere(engine: Engine, site: Site) -> None:
    """Refuses a finished import whose release is not the running one, by its current name."""
    record = read_record(site.release)
    if record is not None:
        containers = engine.containers(project=record.project)
        elsewhere = directories_in_operation(containers, site.compose(), {site.release})
        if elsewhere and not runs_from(site.release, containers):
            _refuse_another(elsewhere)


def _refuse_third_release(change: Change, recorded: ImportPlan) -> None:
    """Refuses if containers belong to a third directory: a release that was imported later."""
    ours = {place for plan in (change.plan, recorded) for place in _directories(plan)}
    _refuse_another(directories_in_operation(change.containers(), change.new, ours))


def _directories(plan: ImportPlan) -> tuple[Path, ...]:
    return (plan.release, plan.previous.directory) if plan.previous else (plan.release,)


def _refuse_another(directories: Set[Path]) -> None:
    if directories:
        raise Refused(
            _("Another release is in operation now; a rollback would take it down."),
            details=sorted(map(str, directories)),
            hint=_("Roll that release back first. In its directory, run: ./airlock rollback"),
        )


def _ask(console: Console, consequences: Iterator[str]) -> None:
    for line in consequences:
        console.say(line)
    console.expect_yes(_("Roll back?"), hint=_("To skip the question, run: ./airlock rollback --yes"))


def _consequences(change: Change) -> Iterator[str]:
    plan = change.plan
    if plan.previous is not None:
        version, directory = version_of(plan.previous), plan.previous.directory
        yield _("This rolls back to {version} in {directory}.", version=version, directory=directory)
    else:
        yield _("This takes down {version}, which was the first release here.", version=plan.version)
    yield _("Data written by {version} is kept in {path}.", version=plan.version, path=set_aside_folder(plan))
    yield from volumes_after(change)


def _consequences_today(change: Change, record: ReleaseRecord) -> Iterator[str]:
    plan = change.plan
    assert plan.previous is not None
    version = version_of(plan.previous)
    yield _(
        "This rolls back to {version} in {directory}.", version=version, directory=plan.previous.directory
    )
    yield from changes_since(change, record)
    if plan.database is not None:
        yield _("The current database is backed up first: {path}", path=backups_folder(plan.release))
    yield from places_after(change, set_aside_folder(plan))
    yield from volumes_after(change)


def _closing(plan: ImportPlan, lasting: Sequence[str]) -> Iterator[str]:
    if plan.previous is None:
        yield _("Everything is back as it was before the import.")
        return
    words = {"version": version_of(plan.previous), "directory": plan.previous.directory}
    if lasting:
        yield _("{version} runs again in {directory}.", **words)
        yield from lasting
    else:
        yield _("Everything is back as it was before the import: {version} runs in {directory}.", **words)
