"""Applies the pending migrations to a copy of the live database and finds out all that can be known."""

from collections.abc import Sequence

from installer.bundle.migrations import Migration
from installer.console import Console
from installer.operations.migrate import deploy
from installer.operations.migration_failure import MigrationFailed
from installer.operations.rehearsal_result import Rehearsal, RehearsalFailure, RehearsedMigration
from installer.system.mariadb import DatabaseAddress


def rehearse_migrations(
    copy: DatabaseAddress, migrations: Sequence[Migration], console: Console
) -> Rehearsal:
    """Apply what is pending to the copy and tell what it did; a failing statement is told, not raised.

    The copy must be on a server of its own, for root: other schemas are made there and dropped.
    Raises `Refused` when the migrations cannot even begin.
    """
    try:
        deployed = deploy(copy, migrations, console)
    except MigrationFailed as failed:
        return Rehearsal(
            failure=RehearsalFailure(
                failed.name, failed.number, 1, failed.statement, failed.code, failed.text
            )
        )
    return Rehearsal(tuple(RehearsedMigration(name, 0, ()) for name in deployed.applied))
