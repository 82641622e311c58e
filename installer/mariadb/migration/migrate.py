"""Applies pending migrations exactly as `prisma migrate deploy` does, and refuses what Prisma overlooks.

The history is written through a connection that no script uses; each script has a session of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from installer.bundle.layout import shown
from installer.bundle.sql.migrations import Migration
from installer.database.records.deploy_outcome import outcome_of_deploy
from installer.database.records.migration_refusals import refuse_unplanned
from installer.database.records.reread_history import expect_applied
from installer.database.values.address import DatabaseAddress
from installer.errors import Refused
from installer.mariadb.migration.apply import Run, apply
from installer.mariadb.migration.deployable import refuse_unless_deployable
from installer.mariadb.migration.failure import failed_in_bookkeeping, stuck_if_interrupted
from installer.mariadb.migration.history import create_history, read_history
from installer.mariadb.migration.status import migration_status
from installer.mariadb.migration.watcher import Unwatched, Watch
from installer.mariadb.server.queries import run_sql
from installer.mariadb.server.server import connect
from installer.mariadb.server.session_variables import session_settings, set_alike
from installer.mariadb.server.sessions import LOCK_SECONDS, migration_lock
from installer.screen.console import Console
from installer.screen.long_work import telling
from installer.text import _, ngettext

LOCK_WAIT_SECONDS = 60  # the server's default is a day


@dataclass(frozen=True)
class Deployed:
    """Holds the names of the migrations that this run applied, in order."""

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
    """Applies every pending migration in order, each in a session of its own, all under Prisma's lock.

    When it returns, another connection has read all of them in the history as applied. Anything that a script
    leaves uncommitted is committed. Raises `Refused` or `AnotherRunActive` before anything is applied,
    `MigrationFailed` (Stuck) afterwards. `lock_wait_seconds` limits how long a statement waits for locks of
    other sessions. `watch` is notified of each step. With `planned`, the names of the migrations to apply, no
    others are applied.
    """
    with connect(address) as records, migration_lock(records, wait_seconds=lock_seconds):
        status = migration_status(records, migrations)
        pending = [migration for migration in migrations if migration.name in status.pending]
        refuse_unless_deployable(records, status, pending)
        if planned is not None:
            refuse_unplanned(status.pending, planned)
        if migrations:  # an application without migrations gets no history table
            create_history(records)
        _tell(status.pending, status.out_of_order, console)
        run = Run(
            address, records, session_settings(records), lock_wait_seconds, console, watch or Unwatched(),
            recorded=dict.fromkeys(status.applied),
        )  # fmt: skip
        run_sql(records, "SET SESSION lock_wait_timeout = %s", (lock_wait_seconds,))
        with telling(console, run.at_work):
            for migration in pending:
                with stuck_if_interrupted(migration):
                    apply(run, migration)
        if pending:
            _read_again(run, pending[-1])
    console.say(outcome_of_deploy(bool(pending), is_rehearsal=watch is not None))
    return Deployed(tuple(migration.name for migration in pending))


def _tell(pending: Sequence[str], out_of_order: Sequence[str], console: Console) -> None:
    if pending:
        console.say(ngettext("{count} migration to apply", "{count} migrations to apply", len(pending)))
    for name in pending:
        if name in out_of_order:
            console.warn(_("Migration `{name}` is older than one that is already applied.", name=shown(name)))


def _read_again(run: Run, last: Migration) -> None:
    """Reads the history through another connection, which must see every migration as applied."""
    try:
        with connect(run.address) as another:
            set_alike(another, run.settings)
            expect_applied(read_history(another), run.recorded)
    except Refused as error:
        raise failed_in_bookkeeping(last, error) from error
