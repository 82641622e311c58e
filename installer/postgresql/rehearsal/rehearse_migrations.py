"""Applies the pending migrations to a copy of the running database and records their effects."""

import time
from collections.abc import Sequence

from installer.bundle.sql.migrations import Migration
from installer.bundle.sql.postgresql_statements import split_postgresql
from installer.database.values.address import DatabaseAddress
from installer.database.values.picture import Definitions
from installer.database.values.rehearsal_result import Rehearsal, RehearsalFailure
from installer.errors import AirlockError, Stuck
from installer.postgresql.content.take_picture import picture_of
from installer.postgresql.migration.failure import MigrationFailed
from installer.postgresql.migration.migrate import deploy
from installer.postgresql.rehearsal.schema_changes import schema_diff
from installer.postgresql.rehearsal.witness import Witness
from installer.postgresql.server.server import connect
from installer.screen.console import Console


def rehearse_migrations(
    copy: DatabaseAddress, migrations: Sequence[Migration], console: Console
) -> Rehearsal:
    """Applies the pending migrations to the copy and returns their effects; a failing one is a result.

    Raises `Refused` when the migrations cannot even begin.
    """
    before = picture_of(copy, "quick").definitions
    with connect(copy) as beside:
        witness = Witness(beside, time.monotonic)
        failed = _deploy(copy, migrations, console, witness)
    failure = _failure(failed, migrations) if failed else None
    return Rehearsal(witness.seen, failure, _diff(copy, before))


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


def _failure(failed: MigrationFailed, migrations: Sequence[Migration]) -> RehearsalFailure:
    [migration] = [one for one in migrations if one.name == failed.name]
    statements = split_postgresql(migration.text)[failed.number - 1 : failed.number]
    line, text = next(((one.line, one.text) for one in statements), (1, failed.statement))
    return RehearsalFailure(
        failed.name, failed.number, line, text, failed.code, failed.details[0], notes=failed.details[1:]
    )


def _diff(copy: DatabaseAddress, before: Definitions) -> tuple[str, ...]:
    try:
        return schema_diff(before, picture_of(copy, "quick").definitions)
    except AirlockError:
        return ()
