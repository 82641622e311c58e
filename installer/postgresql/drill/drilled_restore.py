"""Drills the restore of a backup: restores it into a temporary server, and compares it with its record."""

import secrets
import time
from dataclasses import replace

from installer.database.door.drilled import Drilled, DrillRequest
from installer.database.dumps.dump_damage import damage_of
from installer.database.dumps.dump_reader import read_sql
from installer.database.records.backup_record import Backup
from installer.database.records.differences import differences
from installer.database.scratch_servers.server_room import (
    SYSTEM_FILES_BYTES,
    expect_disk,
    server_memory_bytes,
)
from installer.database.values.address import DatabaseAddress
from installer.database.values.copy_request import GUARDED_BYTES
from installer.database.values.picture import Picture
from installer.errors import AirlockError
from installer.postgresql.backup.dump_end import verify_backup
from installer.postgresql.drill.superuser import superuser_of
from installer.postgresql.rehearsal.scratch_server import ScratchServer, start_server
from installer.postgresql.restore.database_beside import maintenance
from installer.postgresql.restore.replace_content import replace_content
from installer.postgresql.server.prisma_url import url_of_application
from installer.postgresql.server.queries import server_version
from installer.postgresql.server.server import connect
from installer.screen.console import Console
from installer.system.memory import available_memory_bytes
from installer.system.secret import Secret
from installer.text import _


def restore_into_scratch(request: DrillRequest) -> Drilled:
    """Verifies the backup, loads it with its roles into a new server in `request.scratch`, and compares both.

    Raises `CannotRehearse` without room for a second server, `Refused` where its key does not match.
    """
    backup, began = request.backup, time.monotonic()
    damage = damage_of(backup, lambda: verify_backup(backup, identity=request.identity), request.identity)
    verified_seconds = time.monotonic() - began
    if damage:
        return Drilled(damage)
    expect_disk(request.place, _least_bytes(backup) + SYSTEM_FILES_BYTES + GUARDED_BYTES)
    address = _started(request)
    version = _version(address)
    _tell_of_version(backup, version, request.console)
    loading = time.monotonic()
    problems = _problems(request, address, same_server=version == backup.server_version)
    seconds = verified_seconds + time.monotonic() - loading
    return Drilled(problems, seconds, version, version == backup.server_version)


def _least_bytes(backup: Backup) -> int:
    return backup.sql_bytes if backup.data_bytes is None else backup.data_bytes


def _started(request: DrillRequest) -> DatabaseAddress:
    server = ScratchServer(
        request.image,
        request.service,
        request.scratch.new_volume(),
        superuser_of(request.backup, request.service),
        Secret(secrets.token_urlsafe(16)),
        server_memory_bytes(available_memory_bytes()),
    )
    address = start_server(request.engine, request.scratch, server, request.backup.database)
    url = url_of_application(request.service, request.backup.database)
    return replace(address, schema=url.schema) if url else address


def _tell_of_version(backup: Backup, here: str, console: Console) -> None:
    if here != backup.server_version:
        console.warn(
            _(
                "The backup was made by server {there}; this server is {here}: names and numbers of"
                " rows can be compared afterwards, but not definitions.",
                there=backup.server_version,
                here=here,
            )
        )


def _problems(request: DrillRequest, address: DatabaseAddress, *, same_server: bool) -> tuple[str, ...]:
    """Returns why the content is not what the record says.

    Raises the error of a server that is gone: it says nothing about the backup.
    """
    backup, found = _without_rights_of(address.user, request.backup), list[str]()

    def compare(now: Picture) -> list[str]:
        request.console.say(_("Comparing the result with the backup."))
        roles = {name: lines for name, lines in (now.grants or {}).items() if name != address.user}
        found.extend(differences(backup, replace(now, grants=roles), same_server=same_server))
        return found

    try:
        sql = read_sql(backup.path, identity=request.identity)
        replace_content(address, backup.create_database, sql, compare)
    except AirlockError as failure:
        if not found and not _answers(address):
            raise
        return tuple(found) or (failure.happened, *failure.details)
    return ()


def _without_rights_of(superuser: str, backup: Backup) -> Backup:
    """Returns the record without the rights of the role that the temporary server was created with."""
    if backup.grants is None:
        return backup
    return replace(backup, grants={name: lines for name, lines in backup.grants.items() if name != superuser})


def _answers(address: DatabaseAddress) -> bool:
    try:
        return bool(_version(address))
    except AirlockError:
        return False


def _version(address: DatabaseAddress) -> str:
    with connect(maintenance(address)) as connection:
        return server_version(connection)
