"""Shows backups as a table for people, and as documents for programs."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from installer.database.records.backup_record import Backup
from installer.operations.backups.backup_sets import made_together, sets_among
from installer.operations.backups.drill_records import COUNTED, RESTORED, Drill
from installer.screen.console import size
from installer.text import _


def headings(backups: Sequence[Backup]) -> tuple[str, ...]:
    """Returns the headings for the columns of `backup_rows`."""
    usual = _("Backup"), _("Made at"), _("Size"), _("Tables"), _("Rows")
    return (*usual, _("Made together with")) if _has_sets(backups) else usual


def backup_rows(backups: Sequence[Backup]) -> list[tuple[str, ...]]:
    """Returns one row per backup; the last column names the other databases of the same command."""
    together = made_together(backups) if _has_sets(backups) else None
    return [(*_cells(one), *([_services(together[one.path])] if together else [])) for one in backups]


def last_drill_lines(backups: Sequence[Backup], drills: Mapping[str, Drill]) -> tuple[str, ...]:
    """Returns one line per backup that was drilled; `drills` has them by the SHA-256 of the dump."""
    return tuple(
        _("Last drill of {name}: {result}", name=one.path.name, result=_result(drills[one.sha256]))
        for one in backups
        if one.sha256 in drills
    )


def backup_documents(backups: Sequence[Backup], drills: Mapping[str, Drill]) -> list[dict[str, object]]:
    """Describes backups with stable keys, for `--json`."""
    together = made_together(backups)
    return [
        {
            **_document(one, drills),
            "made_together_with": [other.path.name for other in together[one.path]],
        }
        for one in backups
    ]


def _document(backup: Backup, drills: Mapping[str, Drill]) -> dict[str, object]:
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


def _has_sets(backups: Sequence[Backup]) -> bool:
    return any(len(together) > 1 for together in sets_among(backups))


def _cells(backup: Backup) -> tuple[str, ...]:
    tables, rows = str(len(backup.tables)), str(_rows(backup))
    return backup.path.name, backup.made_at, size(backup.size_bytes), tables, rows


def _services(backups: Sequence[Backup]) -> str:
    return ", ".join(one.service for one in backups)


def _rows(backup: Backup) -> int:
    return sum(content.rows for content in backup.tables.values() if content is not None)
