"""Backs up the old databases from their kept files while the new release serves: no user waits for it."""

from installer.database.door.running_database import Database
from installer.database.records.known_migrations import known_migrations
from installer.errors import Failed
from installer.operations.plan.import_plan import BEFORE_MIGRATION, PlannedDatabase
from installer.operations.plan.labels import labelled
from installer.operations.plan.step_names import BACK_UP_KEPT
from installer.operations.proof.state_at_stop import differences_from_state
from installer.operations.services.change_context import Change
from installer.operations.services.over_files import KeptServer, database_over_files
from installer.site.paths import backups_folder
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
        assert database.kept_files is not None
        with database_over_files(change, _old_server(change, database), database.kept_files) as running:
            _back_up(change, database, running)
    return ""


def _old_server(change: Change, database: PlannedDatabase) -> KeptServer:
    """Returns the server as the old release ran it."""
    old, previous = change.old, change.plan.previous
    assert old is not None and previous is not None
    service = change.model_of(old).services[database.service]
    return KeptServer(dict(previous.images).get(service.image, service.image), service)


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
