"""Says what going back from a finished import puts aside, and where, before the person agrees."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from installer.errors import AirlockError
from installer.operations.backup import read_backup
from installer.operations.change import Change
from installer.operations.import_plan import CarriedState, ImportPlan, Situation, Snapshot
from installer.operations.lasting import lasting_places
from installer.operations.migration_history import TABLE
from installer.operations.set_aside_volume import can_be_set_aside, set_aside_name
from installer.operations.snapshot import is_kept
from installer.operations.snapshot_choice import minutes_to_load
from installer.site.record import ReleaseRecord
from installer.system.mariadb import connect
from installer.system.mariadb_schema import TableContent
from installer.system.mariadb_sql import ServerError, quoted, run_sql, value_of
from installer.text import _, ngettext

if TYPE_CHECKING:
    from installer.system.mariadb_sql import Server

COUNT_SECONDS = 10  # for one table: to tell, not to prove
TOLD = 10


def changes_since(change: Change, record: ReleaseRecord) -> Iterator[str]:
    """What users have changed since the import, as far as it is quickly found out."""
    since = datetime.fromisoformat(record.installed_at)
    yield _(
        "{version} has been in operation since {since} UTC."
        " What its migrations and its users have changed is put aside:",
        version=record.version,
        since=f"{since:%Y-%m-%d %H:%M}",
    )
    yield from (f"  {line}" for line in _row_changes(change))
    for item in change.plan.state:
        count = files_since(item.target, since.timestamp()) if not item.is_database else 0
        if count:
            name = item.target.relative_to(change.plan.release)
            yield "  " + ngettext("{name}: {count} new file", "{name}: {count} new files", count, name=name)


def places_after(change: Change, discarded: Path) -> Iterator[str]:
    """Where what the release of today wrote is found afterwards, and what is not undone."""
    plan = change.plan
    moved = [item for item in plan.state if not item.is_copied]
    yield _("What {version} wrote is set aside in {path}.", version=plan.version, path=discarded)
    if plan.snapshot is not None and is_kept(plan.snapshot):
        yield from _snapshot_after(plan.snapshot)
    elif plan.backup_path.exists() and not plan.keeps_old_database_files:
        yield _from_backup(plan)
    if moved:
        yield _(
            "Moved back with all that {version} put there, of which the old database knows nothing: {names}",
            version=plan.version,
            names=_names(moved, plan),
        )
    situation = Situation(change.manifest, change.new, change.new.model(), None, plan)
    lasting = sorted(set(lasting_places(situation)) - {_name(item, plan) for item in moved})
    if lasting:
        yield _("Not undone, because both releases use them: {places}", places=", ".join(lasting))


def volumes_after(change: Change) -> Iterator[str]:
    """What becomes of the volumes that the import made."""
    plan = change.plan
    for name in plan.created_volumes:
        if plan.previous is not None and can_be_set_aside(name, change.engine):
            yield _(
                "What is in the volume {name} is set aside in the volume {aside}.",
                name=name,
                aside=set_aside_name(name, plan),
            )
        else:
            yield _("The volume {name} goes with all that is in it.", name=name)


def row_changes(before: Mapping[str, TableContent | None], now: Mapping[str, int]) -> tuple[str, ...]:
    """One line for each table whose number of rows is another; `now` holds those that were counted."""
    rows = {name: content.rows for name, content in before.items() if content and name != TABLE}
    changed = {
        name: now[name] - rows[name] for name in sorted(rows) if now.get(name, rows[name]) != rows[name]
    }
    lines = [
        _("table {name}: {difference} rows", name=name, difference=f"{count:+d}")
        for name, count in changed.items()
    ]
    more = len(lines) - TOLD
    return (*lines[:TOLD], *([_("and {count} more tables", count=more)] if more > 0 else []))


def files_since(folder: Path, since: float) -> int:
    """How many files below `folder` were written after that moment."""
    return sum(1 for path in folder.rglob("*") if path.is_file() and path.lstat().st_mtime > since)


def _snapshot_after(snapshot: Snapshot) -> Iterator[str]:
    if snapshot.volume is None:
        yield _("The database's files of today are set aside in {path}.", path=snapshot.holder)
    else:
        yield _(
            "The database's files of today are set aside in the volume {name};"
            " when nobody needs them any more: docker volume rm {name}",
            name=snapshot.volume,
        )


def _from_backup(plan: ImportPlan) -> str:
    return ngettext(
        "The old database is loaded from the backup {name}, which takes about {count} minute.",
        "The old database is loaded from the backup {name}, which takes about {count} minutes.",
        minutes_to_load(read_backup(plan.backup_path).sql_bytes),
        name=plan.backup_path.name,
    )


def _row_changes(change: Change) -> Sequence[str]:
    try:
        address = change.database_of(change.new)
        if address is None or not change.plan.backup_path.exists():
            return ()
        before = read_backup(change.plan.backup_path).tables
        with connect(address) as connection:
            return row_changes(before, dict(_counted(connection, before)))
    except AirlockError as obstacle:
        return (_("The database cannot be asked: {problem}", problem=obstacle.happened),)


def _counted(connection: "Server", names: Iterable[str]) -> Iterator[tuple[str, int]]:
    """Rows of each table, but for those that are gone or too large to be counted in passing."""
    try:
        run_sql(connection, "SET SESSION max_statement_time = %s", (COUNT_SECONDS,))
    except ServerError:  # MySQL calls it otherwise
        return
    for name in names:
        try:
            yield name, int(value_of(connection, f"SELECT COUNT(*) FROM {quoted(name)}"))
        except ServerError as problem:
            if problem.is_lost_connection:
                raise


def _names(items: Iterable[CarriedState], plan: ImportPlan) -> str:
    return ", ".join(_name(item, plan) for item in items)


def _name(item: CarriedState, plan: ImportPlan) -> str:
    return str(item.target.relative_to(plan.release))
