"""Starts the old release again with exactly its own data."""

from collections.abc import Iterator
from pathlib import Path

from installer.database.door.running_database import Database
from installer.database.records.backup_record import read_backup
from installer.operations.images.tags import point_tags_back
from installer.operations.plan.import_plan import PlannedDatabase, Previous
from installer.operations.proof.prove_old_database import proving
from installer.operations.services.change_context import DATABASE_STOP_SECONDS, Change
from installer.operations.services.keep_old_release import stopped_meanwhile, stopped_services
from installer.operations.services.start_services import start_new, start_old
from installer.operations.snapshot.snapshot import has_old_files
from installer.operations.steps.backup_before_rollback import has_safety_backup
from installer.site.paths import backups_folder
from installer.system.clock import utc_now
from installer.system.compose.compose import Compose


def start_old_release(change: Change) -> None:
    """Starts the services that ran before, databases first; compares these with what is known meanwhile."""
    change = change.patiently()
    old, previous = change.old, change.plan.previous
    if old is None or previous is None:
        return
    point_tags_back(change.engine, previous.images)
    _start_databases(change, old, previous)
    with proving(change, _recorded_databases(change, old)):
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
    """Restores the backups into the new release's databases, unless the old files are kept.

    The old release gets these files back: no change by the new release may stay in them. Restarts the servers
    first: an interrupted statement may still run there and hold its locks.
    """
    change = change.patiently()
    databases = [one for one in change.plan.backed_up if not has_old_files(change.plan, one)]
    if change.old is None or not databases:
        return
    services = tuple(one.service for one in databases)
    change.new.stop(services, timeout_seconds=DATABASE_STOP_SECONDS)
    start_new(change, services, alone=True)
    change.wait_for(services, patient=True)
    for database in databases:
        _restore(change, database)


def _restore(change: Change, planned: PlannedDatabase) -> None:
    database = change.database_of(change.new, planned.service)
    if database is not None:
        is_wanted = change.sets_aside and not has_safety_backup(change, planned.service)
        safety_folder = backups_folder(change.plan.release) if is_wanted else None
        backup = read_backup(change.plan.backup_path(planned))
        database.restore(backup, change.console, safety_folder=safety_folder, now=utc_now())


def _start_databases(change: Change, old: Compose, previous: Previous) -> None:
    services = tuple(one for one in change.plan.database_services if one in previous.running_services)
    stopped = tuple(
        one for one in services if not (one in previous.healthy_services and change.is_running(one))
    )
    if stopped:
        start_old(change, old, stopped, alone=True)
    if services:
        change.wait_for(services, patient=True, settle_seconds=0)


def _recorded_databases(change: Change, old: Compose) -> Iterator[tuple[PlannedDatabase, Path, Database]]:
    for planned in change.plan.databases:
        proof, database = change.plan.proof_of(planned), change.database_of(old, planned.service)
        if database is not None and proof is not None:
            yield planned, proof, database
