"""Applies one migration: its script in a session of its own, its row through Airlock's connection.

Which messages the script is sent in, `bundle/sql/postgresql_messages` decides. One that is sent whole is one
transaction: when it fails, nothing of it took effect, unless it has a COMMIT of its own.
"""

from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from installer.bundle.layout import shown
from installer.bundle.sql.migrations import Migration
from installer.bundle.sql.postgresql_messages import messages_of
from installer.bundle.sql.postgresql_statements import spans_of_statements, tokens_of
from installer.bundle.sql.postgresql_transactions import runs_only_alone
from installer.database.records.reread_history import expect_applied
from installer.database.values.address import DatabaseAddress
from installer.errors import Refused
from installer.postgresql.migration.current_script import AtWork
from installer.postgresql.migration.failure import (
    LOCK_ERRORS,
    MigrationFailed,
    failed_in_bookkeeping,
    failed_in_ending,
    failed_in_script,
    failed_to_begin,
)
from installer.postgresql.migration.history import read_history, record_failure, record_start, record_success
from installer.postgresql.migration.script_session import keep_what_is_open, script_session
from installer.postgresql.server.answers import Answer
from installer.postgresql.server.invalid_indexes import invalid_indexes
from installer.postgresql.server.queries import ServerError, run_script
from installer.postgresql.server.sessions import others_in
from installer.screen.console import Console
from installer.text import _

if TYPE_CHECKING:
    from installer.postgresql.server.driver import Driver as Server

Send = Callable[["Server", Migration, str], list[Answer]]
MAY_COMMIT_INSIDE = ("CALL", "DO")


def send_as_it_is(script: "Server", migration: Migration, part: str) -> list[Answer]:
    """Sends a part of a migration's script as one message."""
    return run_script(script, part)


@dataclass(frozen=True)
class Run:
    """Holds what applying a migration needs. No script uses the connection `records`.

    `recorded` are the migrations that the history must hold as applied by now, with the id of the row where
    this run wrote it. `send` sends the parts of scripts; it may add what changes nothing.
    """

    address: DatabaseAddress
    records: "Server"
    lock_wait_seconds: float
    console: Console
    recorded: dict[str, str | None]
    at_work: AtWork
    send: Send = send_as_it_is


def apply(run: Run, migration: Migration) -> None:
    """Runs the script and reads its row back as applied. Raises `MigrationFailed`."""
    run.console.say(_("Applying migration `{name}`", name=shown(migration.name)))
    row_id = _run_script(run, migration)
    try:
        record_success(run.records, row_id)
        run.recorded[migration.name] = row_id
        expect_applied(read_history(run.records), run.recorded)
    except Refused as error:
        raise failed_in_bookkeeping(migration, error) from error
    for line in _left_invalid(run, migration):
        run.console.warn(line)


def _run_script(run: Run, migration: Migration) -> str:
    """Runs the script in its session and returns the id of its row.

    The session has ended before its result is recorded.
    """
    with ExitStack() as session:
        script, row_id = _begin(session, run, migration)
        try:
            _execute(script, run, migration)
            _keep(script, migration)
        except MigrationFailed as failure:
            session.close()
            _record(run.records, row_id, failure)
            raise
    return row_id


def _begin(session: ExitStack, run: Run, migration: Migration) -> "tuple[Server, str]":
    begun = script_session(run.address, run.records, run.lock_wait_seconds)
    try:
        return session.enter_context(begun), record_start(run.records, migration)
    except Refused as refusal:
        raise failed_to_begin(migration, refusal) from refusal


def _execute(script: "Server", run: Run, migration: Migration) -> None:
    done = 0
    for place, part in messages_of(migration):
        try:
            with run.at_work.at(migration, script.pid):
                done += len(run.send(script, migration, part))
        except ServerError as error:
            done += len(script.answers)
            raise failed_in_script(
                migration,
                error,
                done=done,
                sent_from=place,
                is_alone=_is_alone(part),
                others=(*_others(script, run, error), *_left_invalid(run, migration)),
            ) from error


def _is_alone(part: str) -> bool:
    """Returns whether a message is one statement that may commit inside, as procedures do."""
    first = next((token.upper for token in tokens_of(part)), "")
    is_one = len(spans_of_statements(part)) == 1
    return is_one and (first in MAY_COMMIT_INSIDE or runs_only_alone(part))


def _others(script: "Server", run: Run, error: ServerError) -> tuple[str, ...]:
    """Returns the sessions that may block a script that waited for a lock; none if our connection is lost."""
    if error.code in LOCK_ERRORS:
        with suppress(ServerError):
            return others_in(run.records, but=script.pid)
    return ()


def _left_invalid(run: Run, migration: Migration) -> tuple[str, ...]:
    """Returns a line for each invalid index, if this migration may have left one or taken one for valid."""
    if "CONCURRENTLY" in migration.text.upper():
        with suppress(ServerError):
            return tuple(one.words for one in invalid_indexes(run.records))
    return ()


def _keep(script: "Server", migration: Migration) -> None:
    try:
        keep_what_is_open(script)
    except ServerError as error:
        raise failed_in_ending(migration, error) from error


def _record(records: "Server", row_id: str, failure: MigrationFailed) -> None:
    """Records the server's error in the row, as Prisma does; after a lost connection the row stays open."""
    if not failure.is_lost_connection:
        with suppress(ServerError):
            record_failure(records, row_id, failure.logs)
