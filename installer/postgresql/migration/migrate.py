"""Applies pending migrations exactly as `prisma migrate deploy` does, and refuses what Prisma overlooks.

The history is written through a connection that no script uses; each script has a session of its own.
"""

from collections.abc import Sequence
from functools import partial

from installer.bundle.layout import shown
from installer.bundle.sql.migrations import Migration
from installer.database.records.deploy_outcome import outcome_of_deploy
from installer.database.records.migration_refusals import refuse_blocked, refuse_unplanned
from installer.database.records.reread_history import expect_applied
from installer.database.values.address import DatabaseAddress
from installer.errors import Refused
from installer.postgresql.migration.apply import Run, Send, apply, send_as_it_is
from installer.postgresql.migration.current_script import AtWork
from installer.postgresql.migration.failure import failed_in_bookkeeping, stuck_if_interrupted
from installer.postgresql.migration.history import create_history, read_history
from installer.postgresql.migration.missing_database import create_missing_database
from installer.postgresql.migration.status import migration_status
from installer.postgresql.server.server import connect
from installer.postgresql.server.sessions import LOCK_SECONDS, blockers_of, migration_lock
from installer.screen.console import Console
from installer.screen.long_work import telling
from installer.text import _, ngettext

LOCK_WAIT_SECONDS = 60.0  # the server's default is for ever


def deploy(
    address: DatabaseAddress,
    migrations: Sequence[Migration],
    console: Console,
    *,
    lock_seconds: float = LOCK_SECONDS,
    lock_wait_seconds: float = LOCK_WAIT_SECONDS,
    planned: Sequence[str] | None = None,
    send: Send = send_as_it_is,
) -> tuple[str, ...]:
    """Applies every pending migration in order, each in a session of its own, all under Prisma's lock.

    Returns their names; by then another connection has read all of them in the history as applied. A
    transaction that a script leaves open is committed. Raises `Refused` or `AnotherRunActive` before anything
    is applied, `MigrationFailed` (Stuck) afterwards. `lock_wait_seconds` limits how long a statement waits
    for locks of other sessions. With `planned`, the names of the migrations to apply, no others are applied.
    `send` sends each part of a script, to a copy of the database if it is another than usual.
    """
    if migrations:
        create_missing_database(address)
    with connect(address) as records, migration_lock(records, wait_seconds=lock_seconds):
        status = migration_status(records, migrations)
        pending = [migration for migration in migrations if migration.name in status.pending]
        refuse_blocked(status, pending)
        if planned is not None:
            refuse_unplanned(status.pending, planned)
        if migrations:  # an application without migrations gets no history table
            create_history(records, address.schema)
        _tell(status.pending, status.out_of_order, console)
        at_work = AtWork(partial(blockers_of, address))
        run = Run(address, records, lock_wait_seconds, console, dict.fromkeys(status.applied), at_work, send)
        with telling(console, at_work):
            for migration in pending:
                with stuck_if_interrupted(migration):
                    apply(run, migration)
        if pending:
            _read_again(run, pending[-1])
    applied = tuple(migration.name for migration in pending)
    console.say(outcome_of_deploy(bool(applied), is_rehearsal=send is not send_as_it_is))
    return applied


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
            expect_applied(read_history(another), run.recorded)
    except Refused as error:
        raise failed_in_bookkeeping(last, error) from error
