"""Lists where a rollback keeps what the running release wrote, before the person agrees."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from installer.database.records.backup_record import read_backup
from installer.operations.carry.set_aside_volume import can_be_set_aside, set_aside_name
from installer.operations.decisions.situation_of_change import situation_of
from installer.operations.decisions.unserved_lines import other_shared_places, unserved_lines
from installer.operations.plan.import_plan import (
    CarriedState,
    ImportPlan,
    PlannedDatabase,
    Snapshot,
)
from installer.operations.plan.labels import labelled
from installer.operations.services.change_context import Change
from installer.operations.snapshot.snapshot import is_as_before, is_kept
from installer.operations.snapshot.snapshot_choice import minutes_to_load
from installer.text import _, ngettext


def places_after(change: Change, kept_in: Path) -> Iterator[str]:
    """Lists where the rollback keeps what the running release wrote, and what it does not undo."""
    plan = change.plan
    moved = [item for item in plan.state if not item.is_copied]
    yield _("Data written by {version} is kept in {path}.", version=plan.version, path=kept_in)
    for database in plan.databases:
        label = plan.label_of(database.service)
        yield from (labelled(label, line) for line in _database_after(plan, database))
    if moved:
        yield _(
            "Moved back with files that {version} added and the old database does not know: {names}",
            version=plan.version,
            names=_names(moved, plan),
        )
    situation = situation_of(change)
    yield from unserved_lines(situation)
    lasting = sorted(set(other_shared_places(situation)) - {_name(item, plan) for item in moved})
    if lasting:
        yield _("Not undone, because both releases use them: {places}", places=", ".join(lasting))


def volumes_after(change: Change) -> Iterator[str]:
    """Lists what the rollback does with the volumes that the import created."""
    plan = change.plan
    for name in plan.created_volumes:
        if plan.previous is not None and can_be_set_aside(name, change.engine):
            yield _(
                "The data in volume {name} is kept in volume {aside}.",
                name=name,
                aside=set_aside_name(name, plan),
            )
        else:
            yield _("Volume {name} and all its data will be DELETED.", name=name)


def snapshots_after(plan: ImportPlan) -> Iterator[str]:
    """Lists where the rollback keeps database files that the new release may have written to."""
    for database in plan.databases:
        snapshot = database.snapshot
        if snapshot is not None and is_kept(snapshot) and not is_as_before(snapshot):
            label = plan.label_of(database.service)
            yield from (labelled(label, line) for line in _snapshot_after(snapshot))


def _database_after(plan: ImportPlan, database: PlannedDatabase) -> Iterator[str]:
    if database.snapshot is not None and is_kept(database.snapshot):
        yield from _snapshot_after(database.snapshot)
    elif plan.has_backup(database) and not plan.keeps_old_files(database):
        yield _from_backup(plan.backup_path(database))


def _snapshot_after(snapshot: Snapshot) -> Iterator[str]:
    if snapshot.volume is None:
        yield _("The current database files are kept in {path}.", path=snapshot.holder)
    else:
        yield _(
            "The current database files are kept in volume {name}; to delete them when they"
            " are not needed any more: docker volume rm {name}",
            name=snapshot.volume,
        )


def _from_backup(path: Path) -> str:
    return ngettext(
        "The old database is restored from the backup {name}, which takes about {count} minute.",
        "The old database is restored from the backup {name}, which takes about {count} minutes.",
        minutes_to_load(read_backup(path).sql_bytes),
        name=path.name,
    )


def _names(items: Iterable[CarriedState], plan: ImportPlan) -> str:
    return ", ".join(_name(item, plan) for item in items)


def _name(item: CarriedState, plan: ImportPlan) -> str:
    return str(item.target.relative_to(plan.release))
