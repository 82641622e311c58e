"""Starts the old release again with exactly its own data."""

from contextlib import nullcontext

from installer.database.records.backup_record import read_backup
from installer.operations.images.tags import point_tags_back
from installer.operations.plan.import_plan import ImportPlan, Previous
from installer.operations.proof.prove_old_database import proving
from installer.operations.services.change_context import DATABASE_STOP_SECONDS, Change
from installer.operations.services.keep_old_release import stopped_meanwhile, stopped_services
from installer.operations.services.start_services import start_new, start_old
from installer.operations.snapshot.snapshot import is_kept
from installer.operations.steps.backup_before_rollback import has_safety_backup
from installer.site.paths import backups_folder
from installer.system.clock import utc_now
from installer.system.compose.compose import Compose


def start_old_release(change: Change) -> None:
    """Starts the services that ran before, database first; compares its data with the backup meanwhile."""
    change = change.patiently()
    old, previous = change.old, change.plan.previous
    if old is None or previous is None:
        return
    point_tags_back(change.engine, previous.images)
    if change.plan.database in previous.running_services:
        _start_database(change, old, previous, change.plan.database)
    database = change.database_of(old) if change.plan.has_backup else None
    with proving(change, database) if database is not None else nullcontext():
        start_old(change, old, previous.running_services)
        change.wait_for(previous.healthy_services, patient=True)


def make_sure_it_runs(change: Change) -> None:
    """Starts the old release again if it stopped and no step did that: an engine that was killed may."""
    previous = change.plan.previous
    if previous is None:
        return
    stopped = stopped_services(previous, change.containers())
    if stopped:
        change.console.warn(stopped_meanwhile(stopped))
        start_old_release(change)


def restore_old_data(change: Change) -> None:
    """Restores the backup into the new release's database, unless the old files are kept.

    The old release gets these files back: no change by the new release may stay in them. Restarts the server
    first: an interrupted statement may still run there and hold its locks.
    """
    change = change.patiently()
    database = change.plan.database
    if change.old is None or database is None:
        return
    if has_old_files(change.plan) or not change.plan.has_backup:
        return
    change.new.stop((database,), timeout_seconds=DATABASE_STOP_SECONDS)
    start_new(change, (database,), alone=True)
    change.wait_for((database,), patient=True)
    database_now = change.database_of(change.new)
    if database_now is not None:
        is_wanted = change.sets_aside and not has_safety_backup(change)
        safety_folder = backups_folder(change.plan.release) if is_wanted else None
        backup = read_backup(change.plan.backup_path)
        database_now.restore(backup, change.console, safety_folder=safety_folder, now=utc_now())


def has_old_files(plan: ImportPlan) -> bool:
    """Returns whether the old database's files are kept: untouched, or as a copy."""
    return plan.keeps_old_database_files or (plan.snapshot is not None and is_kept(plan.snapshot))


def _start_database(change: Change, old: Compose, previous: Previous, database: str) -> None:
    if not (database in previous.healthy_services and change.is_running(database)):
        start_old(change, old, (database,), alone=True)
    change.wait_for((database,), patient=True, settle_seconds=0)
