"""Keeps a copy of the database's files where both releases use the same place, and puts it back by renaming.

The copy is a cold one, made while the server is stopped: it must be stopped for the new release anyway, and
the files of a stopped server are complete in themselves, whatever server opens them next.
"""

import os
from pathlib import Path

from installer.errors import Failed, Stuck
from installer.operations.plan.import_plan import Snapshot
from installer.system.docker.docker import Engine
from installer.system.files.files import copy_whole, fsync_folder, is_real_folder, remove_tree
from installer.text import _

LABEL = "airlock.snapshot"
COPY = "as-before"
DISCARDED = "set-aside"


def take_snapshot(snapshot: Snapshot, engine: Engine, project: str) -> None:
    """Copy the files of a stopped server: all of them are kept, or none under the final name."""
    _make_holder(snapshot, engine, project)
    if not (snapshot.holder / COPY).exists():
        copy_whole(snapshot.live, snapshot.holder / COPY)


def is_kept(snapshot: Snapshot) -> bool:
    """Whether the files as they were can be put back, or were."""
    return (snapshot.holder / COPY).exists() or is_put_back(snapshot)


def is_put_back(snapshot: Snapshot) -> bool:
    """Whether the files as they were are in their place again, and the new release's set aside."""
    holder = snapshot.holder
    return (holder / DISCARDED).exists() and not (holder / COPY).exists() and snapshot.live.exists()


def put_back(snapshot: Snapshot) -> None:
    """Swap the files for their copy, which takes two renames; nothing may use them meanwhile.

    Goes on where an earlier attempt was cut off; does nothing without a whole copy. Raises `Stuck` rather
    than overwrite anything.
    """
    copy, aside = snapshot.holder / COPY, snapshot.holder / DISCARDED
    if not copy.exists():
        return
    if os.path.lexists(snapshot.live) and not os.path.lexists(aside):
        _rename(snapshot.live, aside)
    if is_real_folder(snapshot.live) and not any(snapshot.live.iterdir()):
        snapshot.live.rmdir()
    if os.path.lexists(snapshot.live):
        raise _in_the_way(snapshot)
    _rename(copy, snapshot.live)


def remove_snapshot(snapshot: Snapshot, engine: Engine) -> None:
    """Remove the copy and what was set aside, if they are there."""
    if snapshot.volume is not None:
        engine.remove_volume(snapshot.volume)
    elif snapshot.holder.exists():
        remove_tree(snapshot.holder)


def _make_holder(snapshot: Snapshot, engine: Engine, project: str) -> None:
    if snapshot.volume is None:
        snapshot.holder.mkdir(mode=0o700, exist_ok=True)
        return
    folder = engine.create_volume(snapshot.volume, {LABEL: project}).folder
    if folder != snapshot.holder:
        raise Failed(
            _("The engine keeps the volume {name} elsewhere than the others.", name=snapshot.volume),
            details=[str(folder)],
            hint=_("Import without a copy of the database's files: --snapshot never"),
        )


def _rename(path: Path, place: Path) -> None:
    path.rename(place)
    fsync_folder(place.parent)
    fsync_folder(path.parent)


def _in_the_way(snapshot: Snapshot) -> Stuck:
    return Stuck(
        _("Something new is where the database's files belong, so they cannot be put back."),
        details=[
            _("In the way: {path}", path=snapshot.live),
            _("The files as they were: {path}", path=snapshot.holder / COPY),
        ],
        hint=_("Look into both. Move what is in the way elsewhere, then run: ./airlock rollback"),
    )
