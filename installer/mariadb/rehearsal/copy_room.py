"""Checks whether this host has disk space and memory for a copy of the running database."""

from installer.database.scratch_servers.server_room import (
    SYSTEM_FILES_BYTES,
    expect_disk,
    server_memory_bytes,
)
from installer.database.values.address import DatabaseAddress
from installer.database.values.copy_request import GUARDED_BYTES, CopyRoom
from installer.mariadb.server.queries import rows_of
from installer.mariadb.server.server import connect
from installer.system.docker.docker import Engine
from installer.system.docker.volumes import folder_of_volumes
from installer.system.memory import available_memory_bytes

SIZES = (
    "SELECT COALESCE(SUM(data_length + index_length), 0), COALESCE(MAX(data_length + index_length), 0),"
    " COALESCE(SUM(IF(table_schema = DATABASE(), data_length, 0)), 0), @@log_bin"
    " FROM information_schema.tables"
)
LOG_BYTES = (  # of MariaDB, and of MySQL
    "SHOW GLOBAL VARIABLES WHERE variable_name IN ('innodb_log_file_size', 'innodb_redo_log_capacity')"
)


def find_room(engine: Engine, address: DatabaseAddress) -> CopyRoom:
    """Returns the room for a copy of the server at `address`.

    Raises `CannotRehearse` when it is too small.
    """
    place = folder_of_volumes(engine.version().data_root)
    with connect(address) as connection:
        ((server_bytes, largest_table_bytes, data_bytes, is_logged),) = rows_of(connection, SIZES)
        log_bytes = max(int(size_bytes) for _name, size_bytes in rows_of(connection, LOG_BYTES))
    logged_bytes = int(data_bytes) if is_logged else 0  # a load writes the rows to the binary log as well
    copy_bytes = int(server_bytes) + log_bytes + logged_bytes + SYSTEM_FILES_BYTES
    expect_disk(place, copy_bytes + int(largest_table_bytes) + GUARDED_BYTES)
    return CopyRoom(place, int(data_bytes), copy_bytes, server_memory_bytes(available_memory_bytes()))
