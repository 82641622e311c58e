"""Backs up the old databases from their kept files while the new release serves: no user waits for it."""

from contextlib import AbstractContextManager

from installer.database.door.kept_files import KeptFiles
from installer.database.door.running_database import Database
from installer.database.engines import engine_of
from installer.database.records.known_migrations import known_migrations
from installer.database.scratch_servers.disk_guard import guarding
from installer.database.values.copy_request import GUARDED_BYTES
from installer.errors import Failed
from installer.operations.plan.import_plan import BEFORE_MIGRATION, PlannedDatabase
from installer.operations.plan.labels import labelled
from installer.operations.plan.step_names import BACK_UP_KEPT
from installer.operations.proof.state_at_stop import differences_from_state
from installer.operations.services.change_context import Change
from installer.site.paths import backups_folder
from installer.system.docker.docker import Engine, site_name
from installer.system.docker.scratch import Scratch
from installer.system.docker.volumes import folder_of_volumes
from installer.text import _
from installer.workflow.step import Step

SHOWN = 20


def back_up_kept(change: Change) -> Step:
    """Returns the step, which has no line of its own. It undoes no backup, as step 7 does not."""
    return Step(
        BACK_UP_KEPT,
        "",
        do=lambda: _back_up_all(change),
        is_done=lambda: not change.plan.waiting_for_backup,
    )


def _back_up_all(change: Change) -> str:
    waiting, console = change.plan.waiting_for_backup, change.console
    if waiting:
        console.say(_("{version} is in operation. The old database is backed up now, from its kept files.",
                      version=change.plan.version))  # fmt: skip
        console.say(_("Until that is done, only these files lead back to the old data."))
    for database in waiting:
        with change.engine.scratch(_site(change), console.warn) as scratch, _disk_guarded(change):
            _back_up(change, database, _server_over_files(change, database, scratch))
    return ""


def _server_over_files(change: Change, database: PlannedDatabase, scratch: Scratch) -> Database:
    """Starts a temporary server as the old release ran it: with its image, options and credentials."""
    old, previous = change.old, change.plan.previous
    assert old is not None and previous is not None and database.kept_files is not None
    service = change.model_of(old).services[database.service]
    image = dict(previous.images)[service.image]
    with change.console.waiting(_("Starting a temporary server on the kept files")):
        return engine_of(service.image, service.environment).over_files(
            KeptFiles(change.engine, scratch, database.kept_files, image, service)
        )


def _back_up(change: Change, database: PlannedDatabase, running: Database) -> None:
    plan, previous = change.plan, change.plan.previous
    assert previous is not None
    label = plan.label_of(database.service)
    found = differences_from_state(plan.state_path(database), running)
    if found:
        raise Failed(
            labelled(label, _("The kept files are not those of the database that was stopped.")),
            details=found[:SHOWN],
        )
    folder = backups_folder(plan.release)
    folder.mkdir(mode=0o700, exist_ok=True)
    running.back_up(
        folder,
        reason=BEFORE_MIGRATION,
        now=plan.started_at,
        console=change.console,
        known_migrations=known_migrations(previous.directory, database.service),
        label=label,
    )


def _site(change: Change) -> str:
    return site_name(change.engine, change.plan.project)


def _disk_guarded(change: Change) -> AbstractContextManager[None]:
    """Sweeps the temporary server away before it fills the disk; from another thread."""
    place, site = folder_of_volumes(change.engine.version().data_root), _site(change)
    return guarding(place, GUARDED_BYTES, lambda: Engine.connect().scratch(site).sweep())
