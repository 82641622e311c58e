"""Compares the history of a database with the migrations of a release, including what Prisma overlooks."""

from collections.abc import Sequence
from dataclasses import dataclass

from installer.bundle.sql.migrations import Migration, migration_order
from installer.database.values.history_row import HistoryRow
from installer.database.values.invalid_index import InvalidIndex

NOT_YET = "9999"  # later than every time in the table


@dataclass(frozen=True)
class MigrationStatus:
    """Holds the names of migrations by state, in Prisma's order; `failed` has rows with their time and logs.

    `out_of_order`: pending or applied although a later one was applied before. `rolled_back_only`: tried,
    undone and never applied again. `running`: those of `failed` that the server still executes, although the
    program that began them has ended. `unmanaged`: tables and migrations, but no history; the schema needs a
    baseline. `invalid_indexes` are those of the database, whoever left them.
    """

    applied: tuple[str, ...] = ()
    pending: tuple[str, ...] = ()
    failed: tuple[HistoryRow, ...] = ()
    edited: tuple[str, ...] = ()
    missing_locally: tuple[str, ...] = ()
    out_of_order: tuple[str, ...] = ()
    rolled_back_only: tuple[str, ...] = ()
    unmanaged: bool = False
    running: tuple[str, ...] = ()
    invalid_indexes: tuple[InvalidIndex, ...] = ()

    @property
    def is_up_to_date(self) -> bool:
        """Returns whether every migration is applied, in order and unchanged, and no other is recorded."""
        return self == MigrationStatus(applied=self.applied, invalid_indexes=self.invalid_indexes)


def compare(
    history: Sequence[HistoryRow], migrations: Sequence[Migration], *, unmanaged: bool = False
) -> MigrationStatus:
    """Returns the status from rows (in the order they were started) and folders (in Prisma's order)."""
    applied = {row.migration_name: row for row in history if row.is_applied}
    known = {row.migration_name for row in history if row.rolled_back_at is None}
    folders = [migration.name for migration in migrations]
    pending = tuple(name for name in folders if name not in known)
    return MigrationStatus(
        applied=_in_order(applied),
        pending=pending,
        failed=tuple(row for row in history if row.is_failed),
        edited=tuple(m.name for m in migrations if m.name in applied and _is_edited(m, applied[m.name])),
        missing_locally=_in_order(known - set(folders)),
        out_of_order=_out_of_order(list(applied.values()), pending),
        rolled_back_only=_in_order({row.migration_name for row in history} - known),
        unmanaged=unmanaged,
    )


def _is_edited(migration: Migration, row: HistoryRow) -> bool:
    return migration.script is None or not migration.has_checksum(row.checksum)


def _out_of_order(applied: Sequence[HistoryRow], pending: Sequence[str]) -> tuple[str, ...]:
    """Returns the migrations older than one applied before; rows of the same millisecond have no order."""
    starts = [(row.migration_name, row.started_at) for row in applied] + [(name, NOT_YET) for name in pending]
    return _in_order(
        {
            name
            for name, started in starts
            for row in applied
            if row.started_at < started and migration_order(name) < migration_order(row.migration_name)
        }
    )


def _in_order(names: "Sequence[str] | set[str] | dict[str, HistoryRow]") -> tuple[str, ...]:
    return tuple(sorted(names, key=migration_order))
