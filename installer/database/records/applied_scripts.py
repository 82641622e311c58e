"""Finds the scripts of applied migrations, from which the schema that they make can be made again."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from installer.bundle.layout import shown
from installer.bundle.sql.migrations import Migration
from installer.database.values.history_row import HistoryRow
from installer.text import _


@dataclass(frozen=True)
class Drift:
    """Holds a line for each difference; or, when the differences cannot be known, the reason."""

    lines: tuple[str, ...] = ()
    unknown: str = ""


class DriftNotKnown(Exception):
    """Carries the reason why the drift cannot be determined."""


def applied_scripts(history: Iterable[HistoryRow], migrations: Sequence[Migration]) -> list[Migration]:
    """Returns the migrations that `history` records as applied, in order.

    Raises `DriftNotKnown` where the release does not have one of them exactly as it was.
    """
    return [_script(row, migrations) for row in history if row.is_applied]


def _script(row: HistoryRow, migrations: Sequence[Migration]) -> Migration:
    name = row.migration_name
    found = next((migration for migration in migrations if migration.name == name), None)
    if found is None or found.script is None:
        raise DriftNotKnown(
            _("The release does not have the script of the migration `{name}`.", name=shown(name))
        )
    if not found.has_checksum(row.checksum):
        raise DriftNotKnown(_("The migration `{name}` was edited after it was applied.", name=shown(name)))
    return found
