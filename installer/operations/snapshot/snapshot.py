"""Copies the database's files where both releases use the same place, and renames them back.

It is a cold copy, made while the server is stopped: it must be stopped for the new release anyway, and the
files of a stopped server are complete, whichever server opens them next.
"""

import os
from pathlib import Path

from installer.errors import Failed, Stuck
from installer.operations.plan.import_plan import ImportPlan, PlannedDatabase, Snapshot
from installer.system.docker.docker import Engine
from installer.system.files.files import fsync_folder, remove_tree, remove_whole, rename_durably
from installer.system.files.live_tree import is_removable_folder
from installer.system.files.same_tree import is_same_tree
from installer.system.mirror.ahead import complete_copy
from installer.text import _

LABEL = "airlock.snapshot"
COPY = "as-before"
DISCARDED = "set-aside"


def make_holder(snapshot: Snapshot, engine: Engine, project: str) -> None:
    """Makes the folder for the copy; does nothing if it exists."""
    if snapshot.volume is None:
        snapshot.holder.mkdir(mode=0o700, exist_ok=True)
        return
    folder = engine.create_volume(snapshot.volume, {LABEL: project}).folder
    if folder != snapshot.holder:
        raise Failed(
            _(
                "The engine stores volume {name} in another place than the other volumes.",
                name=snapshot.volume,
            ),
            details=[str(folder)],
            hint=_("Import without a copy of the database's files: --snapshot never"),
        )


def take_snapshot(snapshot: Snapshot, engine: Engine, project: str) -> None:
    """Copies the files of a stopped server: the final name holds all of them, or does not exist.

    Deletes what was moved aside when an interrupted attempt was undone; it is not needed any more.
    """
    make_holder(snapshot, engine, project)
    if not copy_of(snapshot).exists():
        if (snapshot.holder / DISCARDED).exists():
            remove_whole(snapshot.holder / DISCARDED)
        complete_copy(snapshot.live, copy_of(snapshot))


def copy_of(snapshot: Snapshot) -> Path:
    """Returns the path of the copy."""
    return snapshot.holder / COPY


def set_aside_of(snapshot: Snapshot) -> Path:
    """Returns the path of the new release's files after the copy was put back."""
    return snapshot.holder / DISCARDED


def remove_copy(snapshot: Snapshot) -> None:
    """Deletes the copy, because the files were in use since."""
    if copy_of(snapshot).exists():
        remove_whole(copy_of(snapshot))


def is_kept(snapshot: Snapshot) -> bool:
    """Returns whether the original files can be put back, or were put back."""
    return copy_of(snapshot).exists() or is_put_back(snapshot)


def has_old_files(plan: ImportPlan, database: PlannedDatabase) -> bool:
    """Returns whether the old database's files are kept: untouched, or as a copy."""
    return plan.keeps_old_files(database) or (database.snapshot is not None and is_kept(database.snapshot))


def is_as_before(snapshot: Snapshot) -> bool:
    """Returns whether the files have not changed since they were copied: there is nothing to put back."""
    return is_same_tree(snapshot.live, copy_of(snapshot))


def put_new_in_place(snapshot: Snapshot, new: Path) -> None:
    """Moves other files to the place of the original ones, which become what `put_back` puts back.

    Continues an interrupted attempt; does nothing the second time. Nothing may use the files meanwhile.
    """
    copy, aside = snapshot.holder / COPY, snapshot.holder / DISCARDED
    if not new.exists():
        return
    if aside.exists():
        remove_whole(aside)  # of an attempt that was undone and is made again
    if not os.path.lexists(copy):
        _rename(snapshot.live, copy)
    _rename(new, snapshot.live)


def is_put_back(snapshot: Snapshot) -> bool:
    """Returns whether the original files are back in place, and the new release's moved aside."""
    holder = snapshot.holder
    return (holder / DISCARDED).exists() and not copy_of(snapshot).exists() and snapshot.live.exists()


def put_back(snapshot: Snapshot) -> None:
    """Swaps the files for their copy by two renames; nothing may use them meanwhile.

    Continues an interrupted attempt; does nothing without a complete copy. Raises `Stuck` rather than
    overwrite anything.
    """
    copy, aside = copy_of(snapshot), snapshot.holder / DISCARDED
    if not copy.exists():
        return
    if os.path.lexists(snapshot.live) and not os.path.lexists(aside):
        _rename(snapshot.live, aside)
    if is_removable_folder(snapshot.live):
        snapshot.live.rmdir()
    if os.path.lexists(snapshot.live):
        raise _in_the_way(snapshot)
    _rename(copy, snapshot.live)


def remove_snapshot(snapshot: Snapshot, engine: Engine) -> None:
    """Deletes the copy and the files that were moved aside, if they exist."""
    if snapshot.volume is not None:
        engine.remove_volume(snapshot.volume)
    elif snapshot.holder.exists():
        remove_tree(snapshot.holder)


def _rename(path: Path, place: Path) -> None:
    rename_durably(path, place)
    fsync_folder(path.parent)


def _in_the_way(snapshot: Snapshot) -> Stuck:
    return Stuck(
        _("The database's files cannot be moved back: another file is in their place."),
        details=[
            _("In the way: {path}", path=snapshot.live),
            _("The original files: {path}", path=copy_of(snapshot)),
        ],
        hint=_("Check both paths. Move the one in the way elsewhere, then run: ./airlock rollback"),
    )
