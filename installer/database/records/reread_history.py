"""Verifies that a history, read again, holds what was written."""

from collections.abc import Collection, Mapping, Sequence

from installer.bundle.layout import shown
from installer.bundle.sql.migrations import migration_order
from installer.database.values.history_row import HistoryRow
from installer.errors import Refused
from installer.text import _


def expect_applied(history: Sequence[HistoryRow], names: Mapping[str, str | None]) -> None:
    """Checks that these migrations are applied, by the row with this id where one is given.

    Raises `Refused` naming those that are not: a script may have emptied or replaced the table.
    """
    applied = [row for row in history if row.is_applied]
    found, row_ids = {row.migration_name for row in applied}, {None, *(row.id for row in applied)}
    _refuse_lost({name for name, row_id in names.items() if name not in found or row_id not in row_ids})


def expect_none_failed(history: Sequence[HistoryRow], rows: Sequence[HistoryRow]) -> None:
    """Checks that none of these rows counts as failed. Raises `Refused`."""
    failed = {row.id for row in history if row.is_failed}
    _refuse_lost({row.migration_name for row in rows if row.id in failed})


def _refuse_lost(names: Collection[str]) -> None:
    if names:
        raise Refused(
            _("The migration history does not contain the rows that were written to it."),
            details=[shown(name) for name in sorted(names, key=migration_order)],
        )
