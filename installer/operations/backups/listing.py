"""Shows backups as a table for people, and as documents for programs."""

from collections.abc import Sequence

from installer.database.records.backup_record import Backup
from installer.screen.console import size
from installer.text import _


def headings() -> tuple[str, ...]:
    """Returns the headings for the columns of `backup_rows`."""
    return _("Backup"), _("Made at"), _("Size"), _("Tables"), _("Rows")


def backup_rows(backups: Sequence[Backup]) -> list[tuple[str, ...]]:
    """Returns one row per backup."""
    return [
        (one.path.name, one.made_at, size(one.size_bytes), str(len(one.tables)), str(_rows(one)))
        for one in backups
    ]


def backup_document(backup: Backup) -> dict[str, object]:
    """Describes a backup with stable keys, for `--json`."""
    return {
        "file": backup.path.name,
        "made_at": backup.made_at,
        "reason": backup.reason,
        "database": backup.database,
        "server_version": backup.server_version,
        "encrypted": backup.is_encrypted,
        "sha256": backup.sha256,
        "size_bytes": backup.size_bytes,
        "sql_bytes": backup.sql_bytes,
        "tables": len(backup.tables),
        "rows": _rows(backup),
        "migrations": [row.migration_name for row in backup.migrations or () if row.is_applied],
    }


def _rows(backup: Backup) -> int:
    return sum(content.rows for content in backup.tables.values() if content is not None)
