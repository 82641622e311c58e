"""Applies the pending migrations to the new release's database, and takes them back."""

from collections.abc import Sequence

from installer.bundle.sql.migrations import Migration, read_migrations
from installer.database.door.running_database import Database
from installer.database.values.problems import MigrationStopped
from installer.errors import Failed
from installer.operations.services.change_context import Change
from installer.operations.steps.old_release_again import restore_old_data
from installer.operations.steps.step_names import MIGRATE
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
    """Returns whether the running database records all pending migrations of the plan as applied."""
    folder, database = change.migrations_folder(), change.database_of(change.new)
    if folder is None or database is None:
        return True
    history = database.history(read_migrations(folder))
    return not history.failed and set(change.plan.pending) <= set(history.applied)


def _migrate(change: Change) -> str:
    folder, database = change.migrations_folder(), change.database_of(change.new)
    if folder is None or database is None:
        return _("no migrations in the package")
    applied = _deployed(database, read_migrations(folder), change)
    return ngettext("{count} migration applied", "{count} migrations applied", len(applied))


def _deployed(database: Database, migrations: Sequence[Migration], change: Change) -> tuple[str, ...]:
    try:
        return database.deploy(migrations, change.console, planned=change.plan.pending)
    except MigrationStopped as failure:  # its hint is for migrations by hand; here undo follows
        raise Failed(failure.happened, details=failure.details) from failure
