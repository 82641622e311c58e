"""Rolls back on request: from a run that did not end well, or from a finished import."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from installer.operations.decisions.old_version import version_of
from installer.operations.plan.import_plan import ImportPlan
from installer.operations.plan.labels import labelled
from installer.operations.proof.prove_old_database import differences_found
from installer.operations.release_directory import Site
from installer.operations.services.change_context import Change
from installer.operations.services.engine_returns import with_engine
from installer.operations.services.kept_logs import keep_release_logs
from installer.operations.services.leftover_containers import directories_in_operation
from installer.operations.services.run_receipt import write_receipt
from installer.operations.services.start_services import start_new
from installer.operations.services.sweep_files import sweep_files
from installer.operations.services.sweep_rehearsals import sweep_rehearsals
from installer.operations.steps.backup_before_rollback import (
    back_up_before_rollback,
    has_safety_backup,
    services_stopped,
)
from installer.operations.steps.import_steps import import_steps
from installer.operations.steps.kept_data import set_aside_folder
from installer.operations.steps.old_release_again import make_sure_it_runs
from installer.operations.way_back.back_up_set_aside import (
    LaterBackup,
    back_up_set_aside,
    later_backups,
)
from installer.operations.way_back.change_of_run import change_of_run, refuse_another
from installer.operations.way_back.changes_since import changes_since
from installer.operations.way_back.compare_with_before import compare_with_before
from installer.operations.way_back.finished_import import finished_run
from installer.operations.way_back.kept_places import places_after, snapshots_after, volumes_after
from installer.operations.way_back.not_undone import not_undone
from installer.operations.way_back.rollback_obstacles import refuse_rollback_obstacles
from installer.operations.way_back.standing import where_it_stands
from installer.operations.way_back.undo_run import back_otherwise, undo_run
from installer.operations.way_back.unfinished_runs import directory_of_unfinished_run, unfinished_run
from installer.screen.console import Console
from installer.site.paths import backups_folder
from installer.site.release_record import ReleaseRecord, read_record
from installer.site.running.directory_of_containers import runs_from
from installer.system.docker.docker import Engine, site_name
from installer.text import _
from installer.workflow.journal import Journal
from installer.workflow.lock import site_lock
from installer.workflow.step import noting


def roll_back(
    release: Path, console: Console, *, health_seconds: float, previous: Path | None = None
) -> None:
    """Undoes the import of `release` after asking, whether it was interrupted, got stuck, or is finished.

    Keeps what the new release wrote. Raises `Refused` if there is nothing to undo, if another release was
    imported since, if something that the old one needs is missing, or if the person does not agree;
    `FailedAndRestored` if the old release or its data is not proven to be as it was. Finds the directory of
    the old release where it was renamed, unless it is given as `previous`.
    """
    asked, release = release, directory_of_unfinished_run(release)
    if release != asked:
        console.say(_("The import into {directory} did not end; this rolls it back.", directory=release))
    engine = Engine.connect()
    project = Site(release, console).manifest().application.project
    with site_lock(site_name(engine, project), "rollback"):
        sweep_rehearsals(engine, project)
        sweep_files(release)
        unfinished = unfinished_run(release)
        if unfinished is None:
            _refuse_release_elsewhere(engine, Site(release, console))
        journal = unfinished or finished_run(release)
        change = change_of_run(
            journal, release, engine, console, health_seconds, sets_aside=True, previous=previous
        )
        lasting = not_undone(change, journal)
        if unfinished is not None:
            _leave_unfinished(change, journal)
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
    later = later_backups(change)
    _ask(change.console, _consequences_today(change, record, later))
    _secure(change, journal, later)
    _undo(change, journal, _("a rollback was requested"))
    back_up_set_aside(change, later)


def _leave_unfinished(change: Change, journal: Journal) -> None:
    """Undoes a run that was interrupted; if that was a rollback before its backup, makes the backup first."""
    for line in where_it_stands(change, journal):
        change.console.say(line)
    _ask(change.console, _consequences(change))
    later: tuple[LaterBackup, ...] = ()
    if journal.is_reopened and not journal.undone_since_reopened() and not _is_safe(change):
        _start_databases(change)
        later = later_backups(change)
        _secure(change, journal, later)
    _undo(change, journal, _("the import was interrupted"))
    back_up_set_aside(change, later)


def _is_safe(change: Change) -> bool:
    """Returns whether every database was backed up for this rollback."""
    services = change.plan.database_services
    return bool(services) and all(has_safety_backup(change, service) for service in services)


def _start_databases(change: Change) -> None:
    services = change.plan.database_services
    if services:
        start_new(change, services, alone=True)
        change.wait_for(services, patient=True)


def _secure(change: Change, journal: Journal, later: Sequence[LaterBackup]) -> None:
    """Stops the services and backs up the database; the import counts as done again if that fails."""
    journal.reopened("rollback")
    try:
        with_engine(
            lambda: _stop_and_back_up(change, later),
            change.engine.answers,
            change.console,
            lambda: _start_databases(change),
        )
    except BaseException:
        with noting(change.console):
            journal.ended("done")
        raise


def _stop_and_back_up(change: Change, later: Sequence[LaterBackup]) -> None:
    with services_stopped(change):
        back_up_before_rollback(change, but=[one.planned.service for one in later])


def _undo(change: Change, journal: Journal, reason: str) -> None:
    keep_release_logs(change)
    try:
        undo_run(
            import_steps(change),
            journal,
            change.console,
            reason,
            engine_answers=change.engine.answers,
            make_sure=lambda: make_sure_it_runs(change),
        )
    finally:
        write_receipt(change, journal)


def _refuse_release_elsewhere(engine: Engine, site: Site) -> None:
    """Refuses a finished import whose release is not the running one, by its current name."""
    record = read_record(site.release)
    if record is not None:
        containers = engine.containers(project=record.project)
        elsewhere = directories_in_operation(containers, site.compose(), {site.release})
        if elsewhere and not runs_from(site.release, containers):
            refuse_another(elsewhere)


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
    yield from snapshots_after(plan)
    yield from volumes_after(change)


def _consequences_today(change: Change, record: ReleaseRecord, later: Sequence[LaterBackup]) -> Iterator[str]:
    plan = change.plan
    assert plan.previous is not None
    version = version_of(plan.previous)
    yield _(
        "This rolls back to {version} in {directory}.", version=version, directory=plan.previous.directory
    )
    yield from changes_since(change, record)
    if len(plan.databases) > len(later):
        yield _("The current database is backed up first: {path}", path=backups_folder(plan.release))
    for one in later:
        words = _("The current database is backed up from its files once {version} runs again: {path}",
                  version=version, path=backups_folder(plan.release))  # fmt: skip
        yield labelled(plan.label_of(one.planned.service), words)
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
