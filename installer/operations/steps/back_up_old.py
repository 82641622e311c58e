"""Backs up the old databases, stops them, and copies their files where both releases use them."""

from datetime import datetime, timezone

from installer.database.door.running_database import Database
from installer.database.records.backup_record import record_path
from installer.database.records.known_migrations import known_migrations
from installer.errors import Failed
from installer.operations.conversion.convert_database import (
    convert,
    discard_converted,
    is_converted,
    is_to_convert,
)
from installer.operations.decisions.situation_of_change import situation_of
from installer.operations.decisions.unserved_lines import stores_of
from installer.operations.plan.import_plan import BEFORE_MIGRATION, PlannedDatabase
from installer.operations.plan.labels import in_one_line
from installer.operations.plan.step_names import BACK_UP
from installer.operations.proof.state_at_stop import record_state
from installer.operations.services.change_context import DATABASE_STOP_SECONDS, Change
from installer.operations.services.start_services import start_old, stopping
from installer.operations.snapshot.snapshot import (
    copy_of,
    is_as_before,
    is_kept,
    is_put_back,
    put_back,
    remove_copy,
    take_snapshot,
)
from installer.operations.snapshot.snapshot_users import refuse_snapshot_users
from installer.operations.steps.stop_old import is_stopped, stop_services
from installer.site.paths import backups_folder
from installer.site.starting.health import words_of
from installer.system.compose.compose import Compose
from installer.system.docker.data_stores import no_database
from installer.system.docker.docker import Container
from installer.text import _
from installer.workflow.step import Step


def back_up_old(change: Change) -> Step:
    """Returns step 7. It undoes no backup: that stays, as proof of what the database was.

    A database whose new server cannot open the old files is converted while the old server runs. Of one that
    is backed up from its kept files, only the state is recorded.
    """
    kept = [one.kept_files for one in change.plan.databases]
    return Step(
        BACK_UP,
        _("Record the state of the database, stop the database")
        if kept and all(kept)
        else _("Back up the database, verify the backup, stop the database"),
        do=lambda: _secure(change),
        undo=lambda: _put_back(change),
        is_done=lambda: _is_secured(change),
    )


def _secure(change: Change) -> str:
    old, databases = change.old, _databases(change)
    if old is None or not databases:
        return _nothing(change)
    if not is_stopped(change):
        stop_services(change)  # an engine that was restarted may have started them again
    for database in databases:
        if not _is_backed_up(change, database) or _needs_its_server(change, database):
            _back_up(change, old, database)
        if is_to_convert(change, database):
            convert(change, old, database)
    for database in databases:
        _stop_database(change, old, database.service)
    for snapshot in change.plan.copied_files:
        take_snapshot(snapshot, change.engine, change.plan.project)
    return in_one_line([(change.plan.label_of(one.service), _secured(change, one)) for one in databases])


def _nothing(change: Change) -> str:
    if change.plan.databases:
        return _("no database to back up")
    return no_database(stores_of(situation_of(change)))


def _databases(change: Change) -> tuple[PlannedDatabase, ...]:
    """Returns the databases that the old release runs."""
    running = change.plan.previous.running_services if change.plan.previous is not None else ()
    return tuple(one for one in change.plan.databases if one.service in running)


def _needs_its_server(change: Change, database: PlannedDatabase) -> bool:
    """Returns whether a database that is still to be converted was stopped: it is backed up again then."""
    return is_to_convert(change, database) and not change.is_running(database.service)


def _secured(change: Change, database: PlannedDatabase) -> str:
    if database.kept_files is not None:
        return _("stopped; its files are kept, and backed up when the new release is in operation")
    backup, conversion = (
        change.plan.backup_path(database).relative_to(change.plan.release),
        database.conversion,
    )
    if conversion is not None:
        return _("{backup}, and converted to {engine} {after}", backup=backup, engine=conversion.engine,
                 after=conversion.after)  # fmt: skip
    return str(backup) if database.snapshot is None else _("{backup}, and a copy of the files", backup=backup)


def _back_up(change: Change, old: Compose, database: PlannedDatabase) -> None:
    """Writes the backup of a running database, or its state if its kept files are backed up later."""
    running, previous = _running(change, old, database), change.plan.previous
    if database.kept_files is not None:
        record_state(running, change.plan.state_path(database), change.plan.started_at)
        return
    assert previous is not None
    folder = backups_folder(change.plan.release)
    folder.mkdir(mode=0o700, exist_ok=True)
    running.back_up(
        folder,
        reason=BEFORE_MIGRATION,
        now=change.plan.started_at,
        console=change.console,
        known_migrations=known_migrations(previous.directory, database.service),
        label=change.plan.label_of(database.service),
    )


def _running(change: Change, old: Compose, database: PlannedDatabase) -> Database:
    """Returns the old database, which a resumed run starts again; copies that were made are void then."""
    service = database.service
    if not change.is_running(service):  # a resumed run, after a crash
        start_old(change, old, (service,), alone=True)
    if _was_started_since(change, service):
        change.wait_for((service,), patient=True)
    if database.conversion is not None:
        discard_converted(change, database)
    elif database.snapshot is not None:
        remove_copy(database.snapshot)
    running = change.database_of(old, service)
    assert running is not None
    return running


def _was_started_since(change: Change, service: str) -> bool:
    """Returns whether the database was started since the plan, also by an engine that was restarted."""
    container = _old_database(change, service)
    if container is None or container.started_at is None:
        return False
    return container.started_at >= change.plan.started_at


def _stop_database(change: Change, old: Compose, service: str) -> None:
    if _old_database(change, service) is None:
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
    return all(_is_database_secured(change, database) for database in _databases(change))


def _is_database_secured(change: Change, database: PlannedDatabase) -> bool:
    container, snapshot = _old_database(change, database.service), database.snapshot
    is_stopped_too = container is None or not container.is_up
    if database.conversion is not None:
        return _is_backed_up(change, database) and is_stopped_too and is_converted(change, database)
    has_copy = snapshot is None or copy_of(snapshot).exists()  # one that was put back is no copy any more
    return _is_backed_up(change, database) and is_stopped_too and has_copy


def _is_backed_up(change: Change, database: PlannedDatabase) -> bool:
    """Returns whether the backup is finished, or the state recorded where the kept files are backed up later.

    Its database must have stopped cleanly, and not have been started since.
    """
    container, plan = _old_database(change, database.service), change.plan
    proof = plan.state_path(database) if database.kept_files is not None else plan.backup_path(database)
    record = record_path(proof)
    if not record.is_file() or (database.kept_files is None and not plan.has_backup(database)):
        return False
    if container is None or container.started_at is None:
        return True
    made_at = datetime.fromtimestamp(record.stat().st_mtime, timezone.utc)
    return container.started_at < made_at and (container.is_running or container.exit_code == 0)


def _put_back(change: Change) -> None:
    """Puts the copies back, unless the old container is still there or the files are as they were."""
    for database in change.plan.databases:
        snapshot = database.snapshot
        if database.conversion is not None:
            discard_converted(change, database)
            continue
        if snapshot is None or is_put_back(snapshot) or not is_kept(snapshot) or is_as_before(snapshot):
            continue
        if _old_database(change, database.service) is None:
            refuse_snapshot_users(change, snapshot)
            put_back(snapshot)


def _old_database(change: Change, service: str) -> Container | None:
    return next((one for one in change.old_containers() if one.service == service), None)
