"""Formats the migration status, for people in Prisma's wording and for programs as a document."""

from collections.abc import Sequence
from dataclasses import asdict

from installer.bundle.layout import MIGRATIONS, shown
from installer.bundle.sql.migrations import Migration
from installer.database.records.migration_status import MigrationStatus
from installer.database.values.history_row import HistoryRow
from installer.text import _, ngettext


def status_lines(
    status: MigrationStatus, migrations: Sequence[Migration], folder: str = MIGRATIONS
) -> tuple[str, ...]:
    """Returns the lines that `prisma migrate status` prints, followed by what Prisma overlooks."""
    found = ngettext(
        "{count} migration found in {folder}",
        "{count} migrations found in {folder}",
        len(migrations),
        folder=folder,
    )
    return (
        found,
        *_paragraph(_pending_heading(len(status.pending)), status.pending),
        *_failed(status),
        *_paragraph(_("Edited after they were applied:"), status.edited),
        *_paragraph(_("Applied to the database, but missing in this release:"), status.missing_locally),
        *_paragraph(_("Out of order (a later migration was applied first):"), status.out_of_order),
        *_paragraph(_("Rolled back and never applied again:"), status.rolled_back_only),
        *_closing(status),
        *(line for one in status.invalid_indexes for line in ("", one.words)),
    )


def status_document(status: MigrationStatus, migrations: Sequence[Migration]) -> dict[str, object]:
    """Returns the status as a document for `--json`.

    Its stable keys are those of `MigrationStatus`, `found` and `up_to_date`.
    """
    return {
        "up_to_date": status.is_up_to_date,
        "found": [migration.name for migration in migrations],
        **asdict(status),
    }


def _pending_heading(count: int) -> str:
    return ngettext(
        "Following migration have not yet been applied:",
        "Following migrations have not yet been applied:",
        count,
    )


def _paragraph(heading: str, names: Sequence[str]) -> list[str]:
    return ["", heading, *(f"  {shown(name)}" for name in names)] if names else []


def _failed(status: MigrationStatus) -> list[str]:
    failed = [row for row in status.failed if row.migration_name not in status.running]
    lines = failed_lines(failed)
    heading = ["", _("Failed migrations:"), *(f"  {line}" for line in lines)] if lines else []
    return [*_paragraph(_("Still running on the server:"), status.running), *heading]


def _closing(status: MigrationStatus) -> list[str]:
    if status.is_up_to_date:
        return ["", _("Database schema is up to date!")]
    if status.unmanaged:
        return [
            "",
            _("The database schema is not empty, and has no migration history (Prisma P3005)."),
            _("Specify which migrations are already applied: ./airlock migrate baseline LAST_MIGRATION"),
        ]
    return []


def failed_lines(failed: Sequence[HistoryRow]) -> list[str]:
    """Returns for each failed row Prisma's own sentence, followed by the logs, which Prisma does not show."""
    lines = []
    for row in failed:
        name = shown(row.migration_name)
        lines.append(_("The `{name}` migration started at {time} UTC failed", name=name, time=row.started_at))
        lines += [f"  {shown(line)}" for line in (row.logs or "").splitlines() if line.strip()]
    return lines
