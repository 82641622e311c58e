"""Applies the pending migrations to a copy of the running database and records their effects."""

import time
from collections.abc import Sequence

from installer.bundle.sql.migrations import Migration
from installer.bundle.sql.postgresql_statements import split_postgresql
from installer.database.records.applied_scripts import Drift
from installer.database.values.address import DatabaseAddress
from installer.database.values.picture import Definitions, Picture
from installer.database.values.rehearsal_result import (
    Rehearsal,
    RehearsalFailure,
    RehearsedMigration,
    SilentChange,
)
from installer.errors import AirlockError, Stuck
from installer.postgresql.content.take_picture import picture_of
from installer.postgresql.losses.changed_types import Shapes, changed_types
from installer.postgresql.migration.failure import MigrationFailed
from installer.postgresql.migration.migrate import deploy
from installer.postgresql.offenders.find_offenders import (
    FailedStatement,
    Findings,
    Today,
    columns_of,
    find_offenders,
)
from installer.postgresql.offenders.table_shape import read_all_shapes, read_labels
from installer.postgresql.offenders.uncommitted import uncommitted_before
from installer.postgresql.rehearsal.witness import Witness
from installer.postgresql.schema_diff.diff import schema_diff
from installer.postgresql.schema_diff.drift import find_drift
from installer.postgresql.server.queries import ServerError
from installer.postgresql.server.server import connect
from installer.screen.console import Console
from installer.text import _


def rehearse_migrations(
    copy: DatabaseAddress, migrations: Sequence[Migration], console: Console
) -> Rehearsal:
    """Applies the pending migrations to the copy and returns their effects; a failing one is a result.

    Raises `Refused` when the migrations cannot even begin.
    """
    before = picture_of(copy, "quick")
    with connect(copy) as beside:
        shapes, today = read_all_shapes(beside), columns_of(beside)
        witness = Witness(beside, time.monotonic)
        failed = _deploy(copy, migrations, console, witness)
    failure = _failure(copy, failed, migrations, today) if failed else None
    silent = () if failed else _silent_changes(copy, shapes, witness.seen)
    diff = _diff(copy, before.definitions)
    drift = _drift(copy, before, migrations)  # last, because it runs old scripts on the copy's server
    return Rehearsal(witness.seen, failure, diff, drift.lines, drift.unknown, silent)


def _deploy(
    copy: DatabaseAddress, migrations: Sequence[Migration], console: Console, witness: Witness
) -> MigrationFailed | None:
    try:
        deploy(copy, migrations, console, send=witness.send)
    except MigrationFailed as failed:
        return failed
    except Stuck as stuck:  # on a copy, an interrupted migration does no harm
        if isinstance(stuck.__cause__, KeyboardInterrupt):
            raise stuck.__cause__ from None
        raise
    return None


def _failure(
    copy: DatabaseAddress, failed: MigrationFailed, migrations: Sequence[Migration], today: Today
) -> RehearsalFailure:
    """Returns the failure with the rows that violate the statement; none for one that could not begin."""
    [migration] = [one for one in migrations if one.name == failed.name]
    statements = split_postgresql(migration.text)[failed.number - 1 : failed.number]
    line, text = next(((one.line, one.text) for one in statements), (1, failed.statement))
    found = Findings(notes=failed.details[1:])
    if failed.statement:
        earlier = uncommitted_before(migration, failed.number)
        found = _findings(copy, FailedStatement(text, failed.code, earlier), today)
        found = Findings(found.offenders, (*_said(failed), *found.notes))
    return RehearsalFailure(
        failed.name, failed.number, line, text, failed.code, failed.details[0], found.offenders, found.notes
    )


def _said(failed: MigrationFailed) -> tuple[str, ...]:
    """Returns what the server added to its error: detail, hint and context."""
    cause = failed.__cause__
    return cause.details if isinstance(cause, ServerError) else ()


def _findings(copy: DatabaseAddress, failed: FailedStatement, today: Today) -> Findings:
    """Returns the rows that violate the statement, or a note when the copy's server itself failed."""
    try:
        return find_offenders(copy, failed, today)
    except AirlockError as obstacle:
        return Findings(notes=(_("No further details are available: {problem}", problem=obstacle.happened),))


def _silent_changes(
    copy: DatabaseAddress, before: Shapes, seen: Sequence[RehearsedMigration]
) -> tuple[SilentChange, ...]:
    """Returns the columns whose values may have changed without an error."""
    with connect(copy) as connection:
        return changed_types(before, read_all_shapes(connection), tuple(read_labels(connection)), seen)


def _diff(copy: DatabaseAddress, before: Definitions) -> tuple[str, ...]:
    try:
        return schema_diff(before, picture_of(copy, "quick").definitions)
    except AirlockError:
        return ()


def _drift(copy: DatabaseAddress, before: Picture, migrations: Sequence[Migration]) -> Drift:
    try:
        return find_drift(copy, before.definitions, before.migrations or (), migrations)
    except AirlockError as obstacle:
        return Drift(unknown=obstacle.happened)
