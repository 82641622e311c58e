"""Records in the history what a person settled by hand: `prisma migrate resolve`, and baselining."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal

from installer.bundle.layout import shown
from installer.bundle.sql.migrations import SCRIPT, Migration
from installer.database.records.migration_refusals import refuse_running
from installer.database.values.address import DatabaseAddress
from installer.database.values.history_row import HistoryRow
from installer.errors import Refused, Stuck
from installer.postgresql.migration.history import (
    create_history,
    read_history,
    record_applied,
    record_rollback,
)
from installer.postgresql.migration.reread_history import expect_applied, expect_none_failed
from installer.postgresql.migration.status import migration_status
from installer.postgresql.server.server import connect
from installer.postgresql.server.sessions import migration_lock
from installer.screen.console import Console
from installer.text import _

if TYPE_CHECKING:
    from installer.postgresql.server.driver import Driver as Server

Settled = Literal["applied", "rolled-back"]


def resolve(address: DatabaseAddress, migrations: Sequence[Migration], name: str, settled: Settled) -> None:
    """Marks one migration as applied or rolled back, with rows in Prisma's form.

    Raises `Refused` with Prisma's codes: P3008, P3011, P3012, P3015, P3017; `Stuck` when the rows cannot be
    read back.
    """
    with connect(address) as connection, migration_lock(connection):
        refuse_running(migration_status(connection, migrations).running)
        rows = [row for row in read_history(connection) if row.migration_name == name]
        if settled == "applied":
            row_id = _mark_applied(connection, address.schema, _find(migrations, name), rows)
            _read_back(address, {name: row_id}, rows)
        else:
            _mark_rolled_back(connection, name, rows)
            _read_back(address, {}, rows)


def baseline(address: DatabaseAddress, migrations: Sequence[Migration], console: Console) -> None:
    """Marks `migrations` as applied in a schema that holds their tables but no history.

    Raises `Refused` when there is a history already, `Stuck` when its rows cannot be read back.
    """
    with connect(address) as connection, migration_lock(connection):
        if read_history(connection):
            raise Refused(
                _(
                    "This database already has a migration history;"
                    " a baseline is only for a database without one."
                ),
                hint=_("See: ./airlock migrate status"),
            )
        row_ids = {one.name: _mark_applied(connection, address.schema, one, []) for one in migrations}
        _read_back(address, row_ids, [])
        for migration in migrations:
            console.say(_("Migration `{name}` marked as applied.", name=shown(migration.name)))


def _mark_applied(connection: "Server", schema: str, migration: Migration, rows: Sequence[HistoryRow]) -> str:
    if any(row.is_applied for row in rows):
        raise Refused(_("Migration `{name}` is already applied (Prisma P3008).", name=shown(migration.name)))
    if migration.script is None:
        raise Refused(
            _("Some migration folders have no {file} (Prisma P3015).", file=SCRIPT),
            details=[shown(migration.name)],
        )
    create_history(connection, schema)
    _roll_back_failed(connection, rows)
    return record_applied(connection, migration)


def _mark_rolled_back(connection: "Server", name: str, rows: Sequence[HistoryRow]) -> None:
    if not rows:
        raise Refused(
            _("Migration `{name}` was never applied to this database (Prisma P3011).", name=shown(name))
        )
    if not any(row.is_failed for row in rows):
        raise Refused(_("Migration `{name}` did not fail (Prisma P3012).", name=shown(name)))
    _roll_back_failed(connection, rows)


def _roll_back_failed(connection: "Server", rows: Sequence[HistoryRow]) -> None:
    for row in rows:
        if row.is_failed:
            record_rollback(connection, row.id)


def _read_back(address: DatabaseAddress, row_ids: Mapping[str, str], rows: Sequence[HistoryRow]) -> None:
    """Checks through another connection that these rows are applied, and that none of `rows` is failed."""
    try:
        with connect(address) as another:
            expect_applied(another, row_ids)
            expect_none_failed(another, rows)
    except Refused as lost:
        raise Stuck(lost.happened, details=lost.details, hint=_("See: ./airlock migrate status")) from lost


def _find(migrations: Sequence[Migration], name: str) -> Migration:
    for migration in migrations:
        if migration.name == name:
            return migration
    raise Refused(
        _("There is no migration `{name}` in this release (Prisma P3017).", name=shown(name)),
        hint=_("See the names: ./airlock migrate status"),
    )
