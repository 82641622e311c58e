"""Checks whether this host has disk space and memory for a copy of the running database."""

from installer.database.scratch_servers.server_room import (
    SYSTEM_FILES_BYTES,
    expect_disk,
    server_memory_bytes,
)
from installer.database.values.address import DatabaseAddress
from installer.database.values.copy_request import GUARDED_BYTES, CopyRoom
from installer.postgresql.server.queries import value_of
from installer.postgresql.server.server import connect
from installer.postgresql.server.server_facts import read_facts
from installer.system.docker.docker import Engine
from installer.system.docker.volumes import folder_of_volumes
from installer.system.memory import available_memory_bytes

ALL_DATABASES = "SELECT sum(pg_database_size(oid))::bigint FROM pg_database"


def find_room(engine: Engine, address: DatabaseAddress) -> CopyRoom:
    """Returns the room for a copy of the server at `address`.

    Raises `CannotRehearse` when it is too small.
    """
    place, facts = folder_of_volumes(engine.version().data_root), read_facts(address)
    with connect(address) as connection:
        copy_bytes = int(value_of(connection, ALL_DATABASES)) + SYSTEM_FILES_BYTES
    expect_disk(place, copy_bytes + facts.largest_table_bytes + GUARDED_BYTES)
    memory_bytes = server_memory_bytes(available_memory_bytes())
    return CopyRoom(place, facts.data_bytes, copy_bytes, memory_bytes)
