"""Checks what must hold before the first migration is applied; each refusal names its migrations."""

from collections.abc import Sequence

from installer.bundle.layout import shown
from installer.bundle.sql.migrations import SCRIPT, Migration
from installer.database.records.migration_status import MigrationStatus
from installer.database.records.status_report import failed_lines
from installer.database.values.history_row import HistoryRow
from installer.errors import Refused
from installer.text import _


def refuse_blocked(status: MigrationStatus, pending: Sequence[Migration]) -> None:
    """Raises `Refused` for the first reason in history and scripts not to apply `pending`."""
    _refuse_unmanaged(status)
    refuse_running(status.running)
    _refuse_failed(status.failed)
    _refuse_edited(status.edited)
    _refuse_missing(status.missing_locally)
    _refuse_without_script(pending)


def refuse_unplanned(pending: Sequence[str], planned: Sequence[str]) -> None:
    """Raises `Refused` unless exactly the planned migrations are pending.

    Otherwise this is another database, or the database changed.
    """
    if tuple(pending) != tuple(planned):
        raise Refused(
            _("The pending migrations differ from the plan."),
            details=[
                *(_("Not in the plan: {name}", name=shown(one)) for one in pending if one not in planned),
                *(_("No longer pending: {name}", name=shown(one)) for one in planned if one not in pending),
            ],
        )


def _refuse_unmanaged(status: MigrationStatus) -> None:
    if status.unmanaged:
        raise Refused(
            _("The database schema is not empty, and has no migration history (Prisma P3005)."),
            hint=_("Specify which migrations are already applied: ./airlock migrate baseline LAST_MIGRATION"),
        )


def refuse_running(running: Sequence[str]) -> None:
    """Raises `Refused` while the server executes migrations whose program has ended."""
    if running:
        raise Refused(
            _("The server still executes a migration whose program has ended."),
            details=[shown(name) for name in running],
            hint=_("Wait until it ends. See: ./airlock migrate status"),
        )


def _refuse_failed(failed: Sequence[HistoryRow]) -> None:
    if failed:
        raise Refused(
            _("New migrations are blocked because an earlier one failed (Prisma P3009)."),
            details=failed_lines(failed),
            hint=_(
                "Repair the database by hand, then run: ./airlock migrate resolve --applied NAME"
                " (or --rolled-back NAME)"
            ),
        )


def _refuse_edited(edited: Sequence[str]) -> None:
    if edited:
        raise Refused(
            _("Some migrations were edited after they were applied to this database."),
            details=[shown(name) for name in edited],
            hint=_(
                "Ask the vendor for a package with the original files; changes belong in a new migration."
            ),
        )


def _refuse_missing(missing: Sequence[str]) -> None:
    if missing:
        raise Refused(
            _("Some migrations of this database are missing in the release."),
            details=[shown(name) for name in missing],
            hint=_("Ask the vendor for a release that contains them. See: ./airlock migrate status"),
        )


def _refuse_without_script(pending: Sequence[Migration]) -> None:
    empty = [shown(migration.name) for migration in pending if migration.script is None]
    if empty:
        raise Refused(
            _("Some migration folders have no {file} (Prisma P3015).", file=SCRIPT),
            details=empty,
            hint=_("Add the missing file or delete the folder."),
        )
