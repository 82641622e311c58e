"""Applies pending migrations exactly as `prisma migrate deploy` does, and refuses what Prisma overlooks."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from installer.bundle.layout import shown
from installer.bundle.migrations import Migration
from installer.bundle.statements import split_statements
from installer.console import Console
from installer.operations.migration.answers import statement_at_work
from installer.operations.migration.failure import (
    MigrationFailed,
    failed_in_bookkeeping,
    failed_in_script,
    interruptible,
)
from installer.operations.migration.history import (
    create_history,
    record_failure,
    record_start,
    record_success,
)
from installer.operations.migration.refusals import refuse_unless_deployable, refuse_unplanned
from installer.operations.migration.status import migration_status
from installer.operations.migration.watch import Unwatched, Watch
from installer.system.mariadb import DatabaseAddress, connect
from installer.system.mariadb_sessions import LOCK_SECONDS, migration_lock, others_in
from installer.system.mariadb_sql import ServerError, run_sql, translated
from installer.text import _, ngettext

if TYPE_CHECKING:
    from installer.system.mariadb_sql import Server

LOCK_WAIT_SECONDS = 60  # the server's default is a day


@dataclass(frozen=True)
class Deployed:
    """The names of the migrations that this run applied, in order."""

    applied: tuple[str, ...]


def deploy(
    address: DatabaseAddress,
    migrations: Sequence[Migration],
    console: Console,
    *,
    lock_seconds: int = LOCK_SECONDS,
    lock_wait_seconds: int = LOCK_WAIT_SECONDS,
    watch: Watch | None = None,
    planned: Sequence[str] | None = None,
) -> Deployed:
    """Apply every pending migration in order, one connection and Prisma's lock for all.

    Raises `Refused` or `AnotherRunActive` before anything is applied, `MigrationFailed` (Stuck) afterwards.
    `lock_wait_seconds` bounds how long a statement waits for others' locks. `watch` is told how it goes.
    With `planned`, the names of what is to be applied, nothing else is.
    """
    with connect(address) as connection, migration_lock(connection, wait_seconds=lock_seconds):
        status = migration_status(connection, migrations)
        pending = [migration for migration in migrations if migration.name in status.pending]
        refuse_unless_deployable(connection, status, pending)
        if planned is not None:
            refuse_unplanned(status.pending, planned)
        if migrations:  # the database of an application without any is not ours to write into
            create_history(connection)
        _tell(status.pending, status.out_of_order, console)
        run_sql(connection, "SET SESSION lock_wait_timeout = %s", (lock_wait_seconds,))
        for migration in pending:
            with interruptible(migration):
                _apply(connection, address, migration, console, watch or Unwatched())
    console.say(_outcome(bool(pending), is_rehearsal=watch is not None))
    return Deployed(tuple(migration.name for migration in pending))


def _outcome(has_applied: bool, *, is_rehearsal: bool) -> str:
    if not has_applied:
        return _("No pending migrations to apply.")
    if is_rehearsal:
        return _("Rehearsal: all migrations applied to the copy.")
    return _("All migrations have been successfully applied.")


def _tell(pending: Sequence[str], out_of_order: Sequence[str], console: Console) -> None:
    if pending:
        console.say(ngettext("{count} migration to apply", "{count} migrations to apply", len(pending)))
    for name in pending:
        if name in out_of_order:
            console.warn(_("Migration `{name}` is older than one that is already applied.", name=shown(name)))


def _apply(
    connection: "Server", address: DatabaseAddress, migration: Migration, console: Console, watch: Watch
) -> None:
    console.say(_("Applying migration `{name}`", name=shown(migration.name)))
    watch.begins(migration)
    row_id = record_start(connection, migration)
    try:
        _execute(connection, address, migration, watch)
    except MigrationFailed as failure:
        _record(connection, row_id, failure)
        raise
    try:
        _leave_clean_session(connection, address)
        record_success(connection, row_id)
    except ServerError as error:
        raise failed_in_bookkeeping(migration, error) from error


def _execute(connection: "Server", address: DatabaseAddress, migration: Migration, watch: Watch) -> None:
    """Send the whole script as one command; the server splits it and answers statement by statement."""
    are_results: list[bool] = []
    try:
        with translated(), connection.cursor() as cursor:
            cursor.execute(migration.text)
            while True:
                rows = cursor.rowcount if cursor.description is None else None
                are_results.append(rows is None)
                watch.answers(rows)
                if not cursor.nextset():
                    return
    except ServerError as error:
        number = statement_at_work(split_statements(migration.text), are_results)
        others = () if error.is_lost_connection else others_in(connection, address.database)
        raise failed_in_script(migration, number, error, others) from error


def _record(connection: "Server", row_id: str, failure: MigrationFailed) -> None:
    """Keep the server's words in the row, as Prisma does; a server that is gone leaves it interrupted."""
    try:
        with translated():
            connection.rollback()
        run_sql(connection, "UNLOCK TABLES")
        record_failure(connection, row_id, failure.logs)
    except ServerError:
        return


def _leave_clean_session(connection: "Server", address: DatabaseAddress) -> None:
    """End what a script may have left open: table locks, a transaction, another schema."""
    run_sql(connection, "UNLOCK TABLES")
    run_sql(connection, "COMMIT")
    with translated():
        connection.select_db(address.database)
