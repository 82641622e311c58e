"""Finds what changed since an import, as far as that is quick: as information, not as proof."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from installer.database.records.backup_record import read_backup
from installer.database.values.history_row import TABLE
from installer.database.values.picture import TableContent
from installer.errors import AirlockError
from installer.operations.plan.import_plan import ImportPlan, PlannedDatabase
from installer.operations.plan.labels import labelled
from installer.operations.services.change_context import Change
from installer.site.release_record import ReleaseRecord
from installer.system.files.live_tree import paths_below, status_of
from installer.text import _, ngettext

COUNT_SECONDS = 10  # for one table, and twice that for all
SHOWN = 10


def changes_since(change: Change, record: ReleaseRecord) -> Iterator[str]:
    """Lists what users changed since the import, as far as that is quickly found."""
    since = datetime.fromisoformat(record.installed_at)
    yield since_when(change.plan, record.version, since)
    yield from (f"  {line}" for line in _row_changes(change))
    for item in change.plan.state:
        count = files_since(item.target, since.timestamp()) if not item.databases else 0
        if count:
            name = item.target.relative_to(change.plan.release)
            yield "  " + ngettext("{name}: {count} new file", "{name}: {count} new files", count, name=name)


def since_when(plan: ImportPlan, version: str, since: datetime) -> str:
    """Returns how long the release has been used; what the rollback keeps, if it was used."""
    values = {"version": version, "since": f"{since:%Y-%m-%d %H:%M}"}
    if not plan.databases and not (plan.state or plan.created_paths or plan.created_volumes):
        return _("{version} has been in operation since {since} UTC.", **values)
    return _(
        "{version} has been in operation since {since} UTC. These changes by its migrations"
        " and users will be undone and kept:",
        **values,
    )


def row_changes(before: Mapping[str, TableContent | None], now: Mapping[str, int]) -> tuple[str, ...]:
    """Returns one line per table whose number of rows changed; `now` holds the tables that were counted."""
    rows = {name: content.rows for name, content in before.items() if content and name != TABLE}
    changed = {
        name: now[name] - rows[name] for name in sorted(rows) if now.get(name, rows[name]) != rows[name]
    }
    lines = [
        _("table {name}: {difference} rows", name=name, difference=f"{count:+d}")
        for name, count in changed.items()
    ]
    more = len(lines) - SHOWN
    return (*lines[:SHOWN], *([_("and {count} more tables", count=more)] if more > 0 else []))


def files_since(folder: Path, since: float) -> int:
    """Counts the files below `folder` that were written after `since`."""
    found = ((path, status_of(path)) for path in paths_below(folder))
    return sum(1 for path, status in found if status and status.st_mtime > since and path.is_file())


def _row_changes(change: Change) -> Iterator[str]:
    for planned in change.plan.backed_up:
        label = change.plan.label_of(planned.service)
        yield from (labelled(label, line) for line in _row_changes_of(change, planned))


def _row_changes_of(change: Change, planned: PlannedDatabase) -> Sequence[str]:
    try:
        database = change.database_of(change.new, planned.service)
        if database is None:
            return ()
        before = read_backup(change.plan.backup_path(planned)).tables
        return row_changes(before, database.row_counts(before, seconds=COUNT_SECONDS))
    except AirlockError as obstacle:
        return (_("The database cannot be queried: {problem}", problem=obstacle.happened),)
