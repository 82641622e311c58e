"""Backs up the old database, stops it, and copies its files where both releases use them."""

from datetime import datetime, timezone

from installer.database.records.known_migrations import known_migrations
from installer.errors import Failed
from installer.operations.plan.import_plan import Previous
from installer.operations.services.change_context import DATABASE_STOP_SECONDS, Change
from installer.operations.services.health import words_of
from installer.operations.services.start_services import start_old, stopping
from installer.operations.snapshot.snapshot import is_kept, is_put_back, put_back, remove_copy, take_snapshot
from installer.operations.steps.snapshot_users import refuse_snapshot_users
from installer.operations.steps.step_names import BACK_UP
from installer.operations.steps.stop_old import is_stopped, stop_services
from installer.site.paths import backups_folder
from installer.system.compose.compose import Compose
from installer.system.docker.data_stores import no_database
from installer.system.docker.docker import Container
from installer.text import _
from installer.workflow.step import Step


def back_up_old(change: Change) -> Step:
    """Returns step 7. It undoes no backup: that stays, as proof of what the database was."""
    return Step(
        BACK_UP,
        _("Back up the database, verify the backup, stop the database"),
        do=lambda: _secure(change),
        undo=lambda: _put_back(change),
        is_done=lambda: _is_secured(change),
    )


def _secure(change: Change) -> str:
    old, previous, database = change.old, change.plan.previous, change.plan.database
    if old is None or previous is None or database is None or database not in previous.running_services:
        return no_database(change.new_model) if database is None else _("no database to back up")
    if not is_stopped(change):
        stop_services(change)  # an engine that was restarted may have started them again
    if not _is_backed_up(change):
        _back_up(change, old, previous, database)
    _stop_database(change, old, database)
    snapshot, backup = change.plan.snapshot, change.plan.backup_path.relative_to(change.plan.release)
    if snapshot is None:
        return str(backup)
    take_snapshot(snapshot, change.engine, change.plan.project)
    return _("{backup}, and a copy of the files", backup=backup)


def _back_up(change: Change, old: Compose, previous: Previous, database: str) -> None:
    if not change.is_running(database):  # a resumed run, after a crash
        start_old(change, old, (database,), alone=True)
    if _was_started_since(change):
        change.wait_for((database,), patient=True)
    if change.plan.snapshot is not None:
        remove_copy(change.plan.snapshot)
    running = change.database_of(old)
    assert running is not None
    folder = backups_folder(change.plan.release)
    folder.mkdir(mode=0o700, exist_ok=True)
    running.back_up(
        folder,
        reason="before_migration",
        now=change.plan.started_at,
        console=change.console,
        known_migrations=known_migrations(previous.directory),
    )


def _was_started_since(change: Change) -> bool:
    """Returns whether the database was started since the plan, also by an engine that was restarted."""
    container = _old_database(change)
    if container is None or container.started_at is None:
        return False
    return container.started_at >= change.plan.started_at


def _stop_database(change: Change, old: Compose, service: str) -> None:
    if _old_database(change) is None:
        return
    with change.console.waiting(stopping((service,))):
        old.stop((service,), timeout_seconds=DATABASE_STOP_SECONDS)
    container = change.container_of(service)
    if container.exit_code != 0:
        raise Failed(
            _("The database did not stop cleanly (exit code {code}).", code=container.exit_code),
            details=words_of(change.engine, container),
        )


def _is_secured(change: Change) -> bool:
    previous, snapshot, container = change.plan.previous, change.plan.snapshot, _old_database(change)
    if previous is None or change.plan.database not in previous.running_services:
        return True
    database_stopped = container is None or not container.is_up
    return _is_backed_up(change) and database_stopped and (snapshot is None or is_kept(snapshot))


def _is_backed_up(change: Change) -> bool:
    """Returns whether the backup is finished, and its database stopped cleanly and was not started since."""
    container = _old_database(change)
    if not change.plan.has_backup:
        return False
    if container is None or container.started_at is None:
        return True
    made_at = datetime.fromtimestamp(change.plan.backup_record_path.stat().st_mtime, timezone.utc)
    return container.started_at < made_at and (container.is_running or container.exit_code == 0)


def _put_back(change: Change) -> None:
    """Puts the copy back, unless the old container is still there: then no other one used the files."""
    snapshot = change.plan.snapshot
    if snapshot is None or is_put_back(snapshot) or not is_kept(snapshot):
        return
    if _old_database(change) is None:
        refuse_snapshot_users(change, snapshot)
        put_back(snapshot)


def _old_database(change: Change) -> Container | None:
    return next((one for one in change.old_containers() if one.service == change.plan.database), None)
