"""Shows backups as a table for people, and as documents for programs."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from installer.database.records.backup_record import Backup
from installer.operations.backups.drill_records import COUNTED, RESTORED, Drill
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


def last_drill_lines(backups: Sequence[Backup], drills: Mapping[str, Drill]) -> tuple[str, ...]:
    """Returns one line per backup that was drilled; `drills` has them by the SHA-256 of the dump."""
    return tuple(
        _("Last drill of {name}: {result}", name=one.path.name, result=_result(drills[one.sha256]))
        for one in backups
        if one.sha256 in drills
    )


def backup_document(backup: Backup, drills: Mapping[str, Drill]) -> dict[str, object]:
    """Describes a backup with stable keys, for `--json`."""
    return {
        "file": backup.path.name,
        "made_at": backup.made_at,
        "reason": backup.reason,
        "database": backup.database,
        "service": backup.service or None,
        "engine": backup.engine,
        "server_version": backup.server_version,
        "encrypted": backup.is_encrypted,
        "sha256": backup.sha256,
        "size_bytes": backup.size_bytes,
        "sql_bytes": backup.sql_bytes,
        "tables": len(backup.tables),
        "rows": _rows(backup),
        "migrations": [row.migration_name for row in backup.migrations or () if row.is_applied],
        "last_drill": drill_document(drills.get(backup.sha256)),
    }


def drill_document(drill: Drill | None) -> dict[str, object] | None:
    """Describes a drill with stable keys, for `--json`; None where there was none."""
    return None if drill is None else {**asdict(drill), "problems": list(drill.problems)}


def drill_lines(drill: Drill) -> tuple[str, ...]:
    """Returns the outcome of a successful drill as lines for people."""
    exactly = _("{name} was restored into a temporary server: exactly as in its record.", name=drill.file)
    counted = _(
        "{name} was restored into a temporary server: all objects and the same numbers of rows as in"
        " its record.",
        name=drill.file,
    )
    took = _(
        "A restore takes about {seconds} s on this host, without the safety backup before it.",
        seconds=drill.seconds,
    )
    return exactly if drill.result == RESTORED else counted, took


def _result(drill: Drill) -> str:
    results = {RESTORED: _("restored exactly"), COUNTED: _("restored, rows counted")}
    words = f"{drill.at}, {results.get(drill.result, _('failed'))}"
    return words if drill.seconds is None else f"{words}, {drill.seconds} s"


def _rows(backup: Backup) -> int:
    return sum(content.rows for content in backup.tables.values() if content is not None)
