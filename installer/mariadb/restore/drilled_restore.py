"""Drills the restore of a backup: restores it into a temporary server, and compares it with its record."""

import secrets
import time

from installer.database.door.drilled import Drilled, DrillRequest
from installer.database.dumps.dump_damage import damage_of
from installer.database.scratch_servers.server_room import (
    SYSTEM_FILES_BYTES,
    expect_disk,
    server_memory_bytes,
)
from installer.database.values.address import DatabaseAddress
from installer.database.values.copy_request import GUARDED_BYTES
from installer.database.values.problems import ContentDiffers
from installer.errors import AirlockError
from installer.mariadb.backup.dump_end import verify_backup
from installer.mariadb.rehearsal.scratch_server import ScratchServer, start_server
from installer.mariadb.restore.put_in_place import put_in_place
from installer.mariadb.restore.restore import is_of_this_server
from installer.mariadb.restore.restore_room import least_bytes
from installer.mariadb.restore.restored_content import Content, content_of
from installer.mariadb.server.queries import ServerError, server_version
from installer.mariadb.server.server import connect
from installer.screen.console import Console
from installer.system.memory import available_memory_bytes
from installer.system.process.process import ToolFailed
from installer.system.secret import Secret

ROOT = "root"


def restore_into_scratch(request: DrillRequest) -> Drilled:
    """Verifies the backup, loads it into a new server in `request.scratch`, and compares the result.

    Raises `CannotRehearse` without room for a second server, `Refused` where its key does not match.
    """
    backup, began = request.backup, time.monotonic()
    damage = damage_of(backup, lambda: verify_backup(backup, identity=request.identity), request.identity)
    verified_seconds = time.monotonic() - began
    if damage:
        return Drilled(damage)
    wanted = content_of(backup, identity=request.identity)
    expect_disk(request.place, least_bytes(wanted) + SYSTEM_FILES_BYTES + GUARDED_BYTES)
    address = _started(request)
    is_exact = is_of_this_server(address, backup, request.console)
    loading = time.monotonic()
    problems = _problems(address, wanted, request.console)
    seconds = verified_seconds + time.monotonic() - loading
    return Drilled(problems, seconds, _version(address), is_exact)


def _started(request: DrillRequest) -> DatabaseAddress:
    server = ScratchServer(
        request.image,
        request.service,
        request.scratch.new_volume(),
        ROOT,
        Secret(secrets.token_urlsafe(16)),
        server_memory_bytes(available_memory_bytes()),
    )
    return start_server(request.engine, request.scratch, server, request.backup.database)


def _problems(address: DatabaseAddress, wanted: Content, console: Console) -> tuple[str, ...]:
    """Returns why the content is not what the record says.

    Raises the error of a server that is gone: it says nothing about the backup.
    """
    try:
        put_in_place(address, wanted, console)
    except ContentDiffers as different:
        return different.details
    except (ToolFailed, ServerError) as failure:
        if not _answers(address):
            raise
        return (failure.happened, *failure.details)
    return ()


def _answers(address: DatabaseAddress) -> bool:
    try:
        return bool(_version(address))
    except AirlockError:
        return False


def _version(address: DatabaseAddress) -> str:
    with connect(address, schema=False) as connection:
        return server_version(connection)
