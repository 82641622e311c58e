"""Checks whether this host has disk space and memory for a copy of the running database."""

from pathlib import Path

from installer.database.values.address import DatabaseAddress
from installer.database.values.copy_request import GUARDED_BYTES, CopyRoom
from installer.database.values.problems import CannotRehearse
from installer.mariadb.server.queries import rows_of
from installer.mariadb.server.server import connect
from installer.screen.console import size
from installer.system.docker.docker import Engine
from installer.system.docker.volumes import folder_of_volumes
from installer.system.files.files import free_bytes
from installer.system.memory import available_memory_bytes
from installer.text import _

LEAST_MEMORY_BYTES = 256 * 1024**2
MOST_MEMORY_BYTES = 4 * 1024**3
SYSTEM_FILES_BYTES = 128 * 1024**2
SIZES = (
    "SELECT COALESCE(SUM(data_length + index_length), 0), COALESCE(MAX(data_length + index_length), 0),"
    " COALESCE(SUM(IF(table_schema = DATABASE(), data_length, 0)), 0), @@innodb_log_file_size"
    " FROM information_schema.tables"
)


def find_room(engine: Engine, address: DatabaseAddress) -> CopyRoom:
    """Returns the room for a copy of the server at `address`.

    Raises `CannotRehearse` when it is too small.
    """
    place = folder_of_volumes(engine.version().data_root)
    with connect(address) as connection:
        ((server_bytes, largest_table_bytes, data_bytes, log_bytes),) = rows_of(connection, SIZES)
    copy_bytes = int(server_bytes) + int(log_bytes) + SYSTEM_FILES_BYTES
    expect_disk(place, copy_bytes + int(largest_table_bytes) + GUARDED_BYTES)
    return CopyRoom(place, int(data_bytes), copy_bytes, server_memory_bytes(available_memory_bytes()))


def expect_disk(place: Path, needed_bytes: int) -> None:
    """Raises `CannotRehearse` unless `needed_bytes` are free at `place`."""
    there_bytes = free_bytes(place)
    if there_bytes < needed_bytes:
        raise CannotRehearse(
            _("There is not enough room for a copy of the database."),
            details=[
                _(
                    "On the disk of {place}: {needed} needed, {free} free",
                    place=place,
                    needed=size(needed_bytes),
                    free=size(there_bytes),
                )
            ],
            hint=_("Make room there; see how much there is: df -h"),
        )


def server_memory_bytes(available_bytes: int | None) -> int:
    """Returns the memory for a second server: half of the available memory. Raises `CannotRehearse`."""
    if available_bytes is None:
        return LEAST_MEMORY_BYTES
    if available_bytes < 2 * LEAST_MEMORY_BYTES:
        raise CannotRehearse(
            _("There is too little memory for a second database server."),
            details=[
                _(
                    "{needed} needed, {free} free",
                    needed=size(2 * LEAST_MEMORY_BYTES),
                    free=size(available_bytes),
                )
            ],
            hint=_("Check the memory usage: free -h"),
        )
    return min(available_bytes // 2, MOST_MEMORY_BYTES)
