"""Replaces the content of a database: safety backup, drop, load, compare.

Restores the safety backup when anything fails after the drop. The old schema is dropped, not renamed until
the new one is verified: tables can be renamed into another schema, but triggers, views, routines and events
cannot; these would have to be recreated as well, and both contents would need room at once.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from installer.database.dumps.safety_backup import for_safety
from installer.database.values.address import DatabaseAddress
from installer.database.values.problems import ContentUntouched
from installer.mariadb.backup.backup import back_up, refuse_to_back_up
from installer.mariadb.loading.load_dump import WHILE_LOADING
from installer.mariadb.restore.put_in_place import put_in_place
from installer.mariadb.restore.restore_room import refuse_without_room
from installer.mariadb.restore.restore_safety_backup import restore_safety_backup
from installer.mariadb.restore.restored_content import Content, content_of
from installer.mariadb.server.queries import schemas_of
from installer.mariadb.server.server import connect
from installer.mariadb.server.sessions import left_behind, migration_lock, others_in, server_settings
from installer.screen.console import Console
from installer.text import _


def replace_content(
    address: DatabaseAddress,
    wanted: Content,
    console: Console,
    *,
    safety_folder: Path | None,
    now: datetime | None,
    finish: Callable[[], None],
    label: str = "",
) -> None:
    """Drops the schema, creates it again and loads the content. Its promises are those of `restore_exactly`.

    `finish` is called after the load, while other sessions are still locked out. Views that a failed
    migration broke are no reason to refuse: the safety backup leaves them out and prints their definitions.
    `label` is that of the safety backup.
    """
    refuse_content_obstacles(address, wanted, safety_folder)
    with for_safety(wanted.name):
        safety = _safety_backup(address, safety_folder, now, console, label)
    with undisturbed(address, console):
        try:
            put_in_place(address, wanted, console)
        except ContentUntouched:
            raise
        except BaseException as failure:  # also Ctrl-C: the database is incomplete
            restore_safety_backup(failure, address, wanted, safety, console)
    finish()


def refuse_content_obstacles(address: DatabaseAddress, wanted: Content, safety_folder: Path | None) -> None:
    """Raises `Refused` for each known obstacle to loading `wanted`, and to a backup of the old content."""
    refuse_without_room(address, wanted)
    if safety_folder is not None and has_schema(address):
        with for_safety(wanted.name):
            refuse_to_back_up(address, safety_folder, leave_out_broken_views=True)


def load_content(address: DatabaseAddress, wanted: Content, console: Console) -> None:
    """Replaces the content as `put_in_place` does, while no migration and no event runs."""
    with undisturbed(address, console):
        put_in_place(address, wanted, console)


def has_schema(address: DatabaseAddress) -> bool:
    """Returns whether the schema exists; a restore that stopped half-way may have left none."""
    with connect(address, schema=False) as connection:
        return address.database in schemas_of(connection)


def _safety_backup(
    address: DatabaseAddress, folder: Path | None, now: datetime | None, console: Console, label: str
) -> Content | None:
    if folder is None or now is None or not has_schema(address):
        return None
    made = back_up(
        address,
        folder,
        reason="before_restore",
        now=now,
        console=console,
        leave_out_broken_views=True,
        label=label,
    )
    return content_of(made)


@contextmanager
def undisturbed(address: DatabaseAddress, console: Console) -> Iterator[None]:
    """Lets the server run no migration and no event while the body runs, and load rows of any size."""
    with _nobody_migrating(address, console), server_settings(address, WHILE_LOADING):
        yield


@contextmanager
def _nobody_migrating(address: DatabaseAddress, console: Console) -> Iterator[None]:
    with connect(address, schema=False) as connection, migration_lock(connection):
        for line in others_in(connection, address.database):
            console.warn(_("Another session uses the database: {line}", line=line))
        for name in left_behind(connection, WHILE_LOADING):
            console.warn(
                _("{name} was changed while the server ran; restart the server to reset it.", name=name)
            )
        yield
