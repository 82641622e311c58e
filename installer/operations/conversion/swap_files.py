"""Puts converted files in place of the old ones where both releases use one place, and the old ones back."""

from installer.operations.plan.import_plan import PlannedDatabase
from installer.operations.services.change_context import Change
from installer.operations.snapshot.snapshot import is_kept, is_put_back, put_back, put_new_in_place
from installer.operations.snapshot.snapshot_users import refuse_snapshot_users


def put_converted_in_place(change: Change) -> None:
    """Swaps the files by two renames; no container may use them, and the old ones are kept in the holder."""
    for database in _in_one_place(change):
        snapshot, conversion = database.snapshot, database.conversion
        if snapshot is not None and conversion is not None and conversion.folder is not None:
            put_new_in_place(snapshot, conversion.folder)


def put_old_files_back(change: Change) -> None:
    """Swaps them again; does nothing where they were not swapped. Raises `Failed` if they are in use."""
    for database in _in_one_place(change):
        snapshot = database.snapshot
        if snapshot is not None and is_kept(snapshot) and not is_put_back(snapshot):
            refuse_snapshot_users(change, snapshot)
            put_back(snapshot)


def _in_one_place(change: Change) -> tuple[PlannedDatabase, ...]:
    databases = change.plan.databases
    return tuple(one for one in databases if one.conversion is not None and one.snapshot is not None)
