"""Applies the pending migrations to the new release's databases, and takes them back."""

from installer.database.door.running_database import Database
from installer.database.values.problems import MigrationStopped
from installer.errors import Failed
from installer.operations.plan.import_plan import PlannedDatabase
from installer.operations.plan.labels import in_one_line, labelled
from installer.operations.plan.step_names import MIGRATE
from installer.operations.services.change_context import Change
from installer.operations.steps.old_release_again import restore_old_data
from installer.text import _, ngettext
from installer.workflow.step import Step


def migrate_new(change: Change) -> Step:
    """Returns step 10. Never resumed in the middle: what is half applied is undone first."""
    return Step(
        MIGRATE,
        _("Apply the migrations"),
        do=lambda: _migrate(change),
        undo=lambda: restore_old_data(change),
        is_done=lambda: is_migrated(change),
    )


def is_migrated(change: Change) -> bool:
    """Returns whether the running databases record all pending migrations of the plan as applied."""
    return all(_has_applied(change, planned) for planned in change.plan.databases)


def _has_applied(change: Change, planned: PlannedDatabase) -> bool:
    database = change.database_of(change.new, planned.service)
    if database is None:
        return True
    history = database.history(change.migrations_of(planned.service))
    return not history.failed and set(planned.pending) <= set(history.applied)


def _migrate(change: Change) -> str:
    """Migrates one database after the other, in the order of the manifest."""
    if not change.plan.databases:
        return _("no migrations in the package")
    return in_one_line(
        [(change.plan.label_of(one.service), _migrated(change, one)) for one in change.plan.databases]
    )


def _migrated(change: Change, planned: PlannedDatabase) -> str:
    database = change.database_of(change.new, planned.service)
    if database is None:
        return _("no migrations in the package")
    applied = _deployed(database, change, planned)
    return ngettext("{count} migration applied", "{count} migrations applied", len(applied))


def _deployed(database: Database, change: Change, planned: PlannedDatabase) -> tuple[str, ...]:
    try:
        return database.deploy(change.migrations_of(planned.service), change.console, planned=planned.pending)
    except MigrationStopped as failure:  # its hint is for migrations by hand; here undo follows
        happened = labelled(change.plan.label_of(planned.service), failure.happened)
        raise Failed(happened, details=failure.details) from failure
