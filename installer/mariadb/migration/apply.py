"""Applies one migration: its script in a session of its own, its row through Airlock's connection."""

from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from installer.bundle.layout import shown
from installer.bundle.sql.migrations import Migration
from installer.bundle.sql.statements import split_statements
from installer.database.records.reread_history import expect_applied
from installer.database.values.address import DatabaseAddress
from installer.errors import Refused
from installer.mariadb.migration.answers_per_statement import statement_at_work
from installer.mariadb.migration.current_statement import AtWork
from installer.mariadb.migration.failure import (
    LOCK_ERRORS,
    MigrationFailed,
    failed_in_bookkeeping,
    failed_in_ending,
    failed_in_script,
    failed_to_begin,
)
from installer.mariadb.migration.history import read_history, record_failure, record_start, record_success
from installer.mariadb.migration.script_session import keep_what_is_open, script_session
from installer.mariadb.migration.watcher import Watch
from installer.mariadb.server.queries import ServerError, said, translated
from installer.mariadb.server.session_variables import Settings
from installer.mariadb.server.sessions import others_in
from installer.screen.console import Console
from installer.text import _

if TYPE_CHECKING:
    from installer.mariadb.server.queries import Server


@dataclass(frozen=True)
class Run:
    """Holds what applying a migration needs. No script uses the connection `records`.

    Every script's session begins with `settings`. `recorded` are the migrations that the history must hold as
    applied by now, with the id of the row where this run wrote it.
    """

    address: DatabaseAddress
    records: "Server"
    settings: Settings
    lock_wait_seconds: int
    console: Console
    watch: Watch
    recorded: dict[str, str | None]
    at_work: AtWork = field(default_factory=AtWork)


def apply(run: Run, migration: Migration) -> None:
    """Runs the script and reads its row back as applied. Raises `MigrationFailed`."""
    run.console.say(_("Applying migration `{name}`", name=shown(migration.name)))
    run.watch.begins(migration)
    row_id = _run_script(run, migration)
    try:
        record_success(run.records, row_id)
        run.recorded[migration.name] = row_id
        expect_applied(read_history(run.records), run.recorded)
    except Refused as error:
        raise failed_in_bookkeeping(migration, error) from error


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
    begun = script_session(run.address, run.records, run.settings, run.lock_wait_seconds)
    try:
        return session.enter_context(begun), record_start(run.records, migration)
    except Refused as refusal:
        raise failed_to_begin(migration, refusal) from refusal


def _execute(script: "Server", run: Run, migration: Migration) -> None:
    """Sends the script as one command; the server splits it and answers statement by statement.

    The script is sent in parts only if the watch must query between two statements.
    """
    are_results: list[bool] = []
    try:
        with run.at_work.at(migration), translated(script), script.cursor() as cursor:
            for part in run.watch.parts(migration, script):
                cursor.execute(part)
                while True:
                    rows = cursor.rowcount if cursor.description is None else None
                    are_results.append(rows is None)
                    run.at_work.answers(rows)
                    run.watch.answers(rows, said(cursor))
                    if not cursor.nextset():
                        break
    except ServerError as error:
        number = statement_at_work(split_statements(migration.text), are_results)
        raise failed_in_script(migration, number, error, _others(script, run, error)) from error


def _others(script: "Server", run: Run, error: ServerError) -> tuple[str, ...]:
    """Returns the sessions that may block a script that waited for a lock; none if our connection is lost."""
    if error.code in LOCK_ERRORS:
        number = int(script.thread_id())  # type: ignore[no-untyped-call]
        with suppress(ServerError):
            return others_in(run.records, run.address.database, but=number)
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
