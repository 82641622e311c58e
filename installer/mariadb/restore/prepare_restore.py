"""Prepares the restore of the chosen file: a backup of Airlock, or a dump made by hand."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from installer.database.records.backup_record import Backup
from installer.database.values.address import DatabaseAddress
from installer.mariadb.restore.dump_facts import read_facts
from installer.mariadb.restore.dump_lacks import tell_what_it_lacks
from installer.mariadb.restore.restore import restore_exactly
from installer.mariadb.restore.restore_dump import restore_dump
from installer.screen.console import Console


def prepare_restore(
    address: DatabaseAddress, chosen: Backup | Path, console: Console, *, identity: Path | None
) -> Callable[..., None]:
    """Returns the function that restores `chosen`, called with `safety_folder`, `now` and `alone`.

    Reads a dump made by hand to its end first.
    """
    if isinstance(chosen, Backup):
        return partial(restore_exactly, address, chosen, console, identity=identity)
    dump = read_facts(chosen, address, console)
    tell_what_it_lacks(address, dump, console)
    return partial(restore_dump, address, dump, console)
