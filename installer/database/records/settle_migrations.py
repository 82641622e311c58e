"""Records in a history what a person settled by hand: `prisma migrate resolve`, and baselining."""

from collections.abc import Mapping, Sequence
from typing import Literal, Protocol

from installer.bundle.layout import shown
from installer.bundle.sql.migrations import SCRIPT, Migration
from installer.database.records.migration_refusals import refuse_running
from installer.database.records.migration_status import MigrationStatus
from installer.database.records.reread_history import expect_applied, expect_none_failed
from installer.database.values.history_row import HistoryRow
from installer.errors import Refused, Stuck
from installer.screen.console import Console
from installer.text import _

Settled = Literal["applied", "rolled-back"]


class OpenHistory(Protocol):
    """Reads and writes the history of one schema while its migration lock is held."""

    def status(self, migrations: Sequence[Migration]) -> MigrationStatus:
        """Compares the history with `migrations`."""

    def rows(self) -> tuple[HistoryRow, ...]:
        """Returns all rows; none where there is no table."""

    def rows_again(self) -> tuple[HistoryRow, ...]:
        """Returns all rows as another connection sees them."""

    def create(self) -> None:
        """Creates the table, unless it exists."""

    def add_applied(self, migration: Migration) -> str:
        """Adds a row of an applied migration, and returns its id."""

    def roll_back(self, row_id: str) -> None:
        """Marks a row as rolled back."""


def resolve(history: OpenHistory, migrations: Sequence[Migration], name: str, settled: Settled) -> None:
    """Marks one migration as applied or rolled back, with rows in Prisma's form.

    Raises `Refused` with Prisma's codes: P3008, P3011, P3012, P3015, P3017; `Stuck` when the rows cannot be
    read back.
    """
    refuse_running(history.status(migrations).running)
    rows = [row for row in history.rows() if row.migration_name == name]
    if settled == "applied":
        row_id = _mark_applied(history, _find(migrations, name), rows)
        _read_back(history, {name: row_id}, rows)
    else:
        _mark_rolled_back(history, name, rows)
        _read_back(history, {}, rows)


def baseline(history: OpenHistory, migrations: Sequence[Migration], console: Console) -> None:
    """Marks `migrations` as applied in a schema that holds their tables but no history.

    Raises `Refused` when there is a history already, `Stuck` when its rows cannot be read back.
    """
    if history.rows():
        raise Refused(
            _(
                "This database already has a migration history;"
                " a baseline is only for a database without one."
            ),
            hint=_("See: ./airlock migrate status"),
        )
    row_ids = {migration.name: _mark_applied(history, migration, []) for migration in migrations}
    _read_back(history, row_ids, [])
    for migration in migrations:
        console.say(_("Migration `{name}` marked as applied.", name=shown(migration.name)))


def _mark_applied(history: OpenHistory, migration: Migration, rows: Sequence[HistoryRow]) -> str:
    if any(row.is_applied for row in rows):
        raise Refused(_("Migration `{name}` is already applied (Prisma P3008).", name=shown(migration.name)))
    if migration.script is None:
        raise Refused(
            _("Some migration folders have no {file} (Prisma P3015).", file=SCRIPT),
            details=[shown(migration.name)],
        )
    history.create()
    _roll_back_failed(history, rows)
    return history.add_applied(migration)


def _mark_rolled_back(history: OpenHistory, name: str, rows: Sequence[HistoryRow]) -> None:
    if not rows:
        raise Refused(
            _("Migration `{name}` was never applied to this database (Prisma P3011).", name=shown(name))
        )
    if not any(row.is_failed for row in rows):
        raise Refused(_("Migration `{name}` did not fail (Prisma P3012).", name=shown(name)))
    _roll_back_failed(history, rows)


def _roll_back_failed(history: OpenHistory, rows: Sequence[HistoryRow]) -> None:
    for row in rows:
        if row.is_failed:
            history.roll_back(row.id)


def _read_back(history: OpenHistory, row_ids: Mapping[str, str], rows: Sequence[HistoryRow]) -> None:
    """Checks through another connection that these rows are applied, and that none of `rows` is failed."""
    try:
        again = history.rows_again()
        expect_applied(again, row_ids)
        expect_none_failed(again, rows)
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
