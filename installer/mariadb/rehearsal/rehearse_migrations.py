"""Applies the pending migrations to a copy of the running database and records their effects."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from installer.bundle.sql.migrations import Migration
from installer.bundle.sql.statement_words import begins_with, names_in
from installer.database.records.applied_scripts import Drift
from installer.database.values.address import DatabaseAddress
from installer.database.values.history_row import HistoryRow
from installer.database.values.picture import Definitions
from installer.database.values.rehearsal_result import (
    Rehearsal,
    RehearsalFailure,
    RehearsedMigration,
    SilentChange,
)
from installer.errors import AirlockError, Stuck
from installer.mariadb.content.schema import read_definitions
from installer.mariadb.losses.find_losses import Losses, finding_losses
from installer.mariadb.migration.failure import MigrationFailed
from installer.mariadb.migration.history import read_history
from installer.mariadb.migration.migrate import deploy
from installer.mariadb.offenders.find_offenders import FailedStatement, Findings, find_offenders
from installer.mariadb.rehearsal.copy_watcher import Witness
from installer.mariadb.schema_diff.diff import schema_diff
from installer.mariadb.schema_diff.drift import find_drift
from installer.mariadb.schema_diff.object_definitions import columns_in
from installer.mariadb.server.queries import Said
from installer.mariadb.server.server import connect
from installer.mariadb.trial.migration_costs import probing
from installer.screen.console import Console
from installer.text import _

Asks = Callable[[Migration], None]


def rehearse_migrations(
    copy: DatabaseAddress, migrations: Sequence[Migration], console: Console
) -> Rehearsal:
    """Applies the pending migrations to the copy and returns their effects; a failing one is a result.

    The copy must be on a server of its own, for root: other schemas are created there and dropped. Raises
    `Refused` when the migrations cannot even begin.
    """
    before = _look(copy)
    with probing(copy) as probe, finding_losses(copy, columns_in(before.definitions)) as losses:
        witness = Witness(time.monotonic, _both(probe.ask, losses.ask), losses.parts)
        failed = _deploy(copy, migrations, console, witness)
        seen = tuple(probe.told(migration) for migration in witness.seen)
        silent_changes = _silent_changes(losses, seen, failed)
    failure = _failure(copy, failed, seen, before) if failed else None
    diff = _diff(copy, before)
    drift = _drift(copy, before, migrations)  # last, because it runs old scripts on the copy's server
    return Rehearsal(seen, failure, diff, drift.lines, drift.unknown, silent_changes)


@dataclass(frozen=True)
class _Before:
    """Holds the copy's state before the migrations, which is that of the running database."""

    definitions: Definitions
    history: tuple[HistoryRow, ...]


def _look(copy: DatabaseAddress) -> _Before:
    with connect(copy) as connection:
        return _Before(read_definitions(connection), read_history(connection))


def _deploy(
    copy: DatabaseAddress, migrations: Sequence[Migration], console: Console, witness: Witness
) -> MigrationFailed | None:
    try:
        deploy(copy, migrations, console, watch=witness)
    except MigrationFailed as failed:
        witness.answers(None, Said())
        return failed
    except Stuck as stuck:  # on a copy, an interrupted migration does no harm
        if isinstance(stuck.__cause__, KeyboardInterrupt):
            raise stuck.__cause__ from None
        raise
    return None


def _both(one: Asks, other: Asks) -> Asks:
    def ask(migration: Migration) -> None:
        one(migration)
        other(migration)

    return ask


def _silent_changes(
    losses: Losses, seen: Sequence[RehearsedMigration], failed: MigrationFailed | None
) -> tuple[SilentChange, ...]:
    """Returns the silent changes of scripts that succeeded; a failed script changes nothing in the end."""
    return () if failed else losses.found(seen)


def _failure(
    copy: DatabaseAddress, failed: MigrationFailed, seen: Sequence[RehearsedMigration], before: _Before
) -> RehearsalFailure:
    """Returns the failure of the last answered statement; rows matter only if a statement failed."""
    last = seen[-1].statements[-1] if seen[-1].statements else None
    number, line, text = (last.number, last.line, last.text) if last else (failed.number, 1, failed.statement)
    statement = FailedStatement(
        text, failed.code, failed.text, _settings(seen[-1], number), _is_open(seen[-1], number)
    )
    found = _findings(copy, statement, before) if failed.statement else Findings(notes=failed.details[1:])
    return RehearsalFailure(
        failed.name, number, line, text, failed.code, failed.details[0], found.offenders, found.notes
    )


def _settings(migration: RehearsedMigration, number: int) -> tuple[str, ...]:
    """Returns the session settings that the script made before the statement with this number."""
    ran = [one.text for one in migration.statements if one.number < number]
    return tuple(sql for sql in ran if begins_with(sql, "SET"))


def _is_open(migration: RehearsedMigration, number: int) -> bool:
    """Returns whether rows that this statement met may be uncommitted."""
    ran = [one.text for one in migration.statements if one.number < number]
    begins = any(begins_with(sql, "START|BEGIN|SAVEPOINT") for sql in ran)
    return begins or any("autocommit" in names_in(sql) for sql in ran if begins_with(sql, "SET"))


def _findings(copy: DatabaseAddress, statement: FailedStatement, before: _Before) -> Findings:
    """Returns the rows that violate the statement, or a note when the copy's server itself failed."""
    try:
        return find_offenders(copy, statement, columns_in(before.definitions))
    except AirlockError as obstacle:
        return Findings(notes=(_("No further details are available: {problem}", problem=obstacle.happened),))


def _diff(copy: DatabaseAddress, before: _Before) -> tuple[str, ...]:
    try:
        with connect(copy) as connection:
            return schema_diff(before.definitions, read_definitions(connection))
    except AirlockError:
        return ()


def _drift(copy: DatabaseAddress, before: _Before, migrations: Sequence[Migration]) -> Drift:
    try:
        return find_drift(copy, before.definitions, before.history, migrations)
    except AirlockError as obstacle:
        return Drift(unknown=obstacle.happened)
