"""Measures how much room a database takes, and will take once it is converted."""

from pathlib import Path

from installer.database.scratch_servers.server_room import SYSTEM_FILES_BYTES
from installer.database.values.old_database import OldDatabase
from installer.errors import Refused
from installer.operations.plan.find_old_database import locate_old
from installer.operations.preflight.database.database_place import data_mount
from installer.operations.preflight.findings.surroundings import Surroundings


def database_sizes(database: OldDatabase) -> tuple[int, int]:
    """Returns the bytes of its data, and of its largest table; zeros if the database does not answer."""
    if not database.container.is_running:
        return 0, 0
    try:
        facts = locate_old(database).facts()
    except Refused:
        return 0, 0
    return facts.data_bytes, facts.largest_table_bytes


def converted_bytes(around: Surroundings, database: OldDatabase) -> int:
    """Returns the bytes of the whole server's files where they can be read, else those of its rows."""
    data_bytes, _largest = database_sizes(database)
    mount = data_mount(database.container.mounts)
    volume = around.engine.volume(mount.source) if mount is not None and mount.kind == "volume" else None
    folder = volume.folder if volume is not None else Path(mount.source) if mount is not None else None
    files_bytes = around.bytes_below(folder) if folder is not None and folder.exists() else 0
    return max(data_bytes + SYSTEM_FILES_BYTES, files_bytes)
