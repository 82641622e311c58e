"""Copies the running database to a temporary server of the new release while the old release runs.

Where possible, the files of the running server are copied, which is much faster; otherwise its dump is
loaded.
"""

import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from installer.database.door.running_database import CopiedDatabase, Database
from installer.database.values.address import DatabaseAddress
from installer.database.values.copy_request import CopyRequest
from installer.mariadb.backup.backup_obstacles import refuse_obstacles
from installer.mariadb.loading.load_dump import load_dump
from installer.mariadb.rehearsal.hot_copy import CopyFailed, can_copy_while_running, copy_running_server
from installer.mariadb.rehearsal.scratch_server import DATA, ScratchServer, is_mariadb, start_server
from installer.mariadb.server.location import locate_database
from installer.mariadb.server.product import is_mysql
from installer.mariadb.server.programs import dump_command, dumping, find_programs
from installer.mariadb.server.queries import ServerError, quoted, rows_of, run_sql, value_of
from installer.mariadb.server.server import connect
from installer.screen.console import Console, size
from installer.system.docker.container_folders import folder_inside, folder_on_host
from installer.system.docker.docker import Container
from installer.system.secret import Secret
from installer.text import _

if TYPE_CHECKING:
    from installer.mariadb.server.queries import Server

At = Callable[[DatabaseAddress], Database]
CHUNK_BYTES = 1 << 20
ROOT = "root"
DEFINERS = (
    "SELECT definer FROM information_schema.views WHERE table_schema = DATABASE()"
    " UNION SELECT definer FROM information_schema.routines WHERE routine_schema = DATABASE()"
    " UNION SELECT definer FROM information_schema.triggers WHERE trigger_schema = DATABASE()"
    " UNION SELECT definer FROM information_schema.events WHERE event_schema = DATABASE()"
)
ACCOUNTS = "SELECT CONCAT(user, '@', host) FROM mysql.user"
LOCKED_TABLES = (
    "SELECT table_name, data_length + index_length FROM information_schema.tables"
    " WHERE table_schema = DATABASE() AND engine IN ('MyISAM', 'Aria') AND table_type = 'BASE TABLE'"
    " ORDER BY table_name"
)


def copy_database(maker: CopyRequest, at: At) -> CopiedDatabase:
    """Copies the files or loads a dump. Raises `AirlockError`; the running database is not changed.

    `at` returns the database at an address.
    """
    obstacle = _obstacle_to_files(maker)
    if not obstacle:
        try:
            return _by_files(maker, at)
        except CopyFailed as failure:
            maker.scratch.sweep()
            obstacle = _("the copy of its files failed")
            for line in failure.details:
                maker.console.detail(line)
    return _by_dump(maker, at, obstacle)


def _obstacle_to_files(maker: CopyRequest) -> str:
    """Returns why the files of the running server cannot be copied for the new one; empty when they can."""
    with connect(_live_address(maker), schema=False) as connection:
        folder, is_of_mysql = value_of(connection, "SELECT @@datadir"), is_mysql(connection)
    if is_of_mysql:
        return _("MySQL has no program that copies the files of a running server")
    if str(folder).rstrip("/") != DATA or all(mount.target != DATA for mount in maker.service.mounts):
        return _("its files are not in {folder}", folder=DATA)
    if _is_renamed(maker.live.container):
        return _("its directory was renamed while it ran")
    if not can_copy_while_running(maker.live.container):
        return _("its image has no mariadb-backup")
    if maker.image != maker.live.container.image_id and not is_mariadb(
        maker.engine, maker.scratch, maker.image
    ):
        return _("the new release uses another database product")
    return ""


def _is_renamed(container: Container) -> bool:
    """Returns whether the container's folders were renamed since it started.

    A second container would then get what has the old name now, or an empty folder.
    """
    binds = [(mount.target, Path(mount.source)) for mount in container.mounts if mount.kind == "bind"]
    if not all(source.exists() for _target, source in binds):
        return True
    seen = [(folder_inside(container, target), source) for target, source in binds]
    return any(inside is not None and inside != folder_on_host(source) for inside, source in seen)


def _by_files(maker: CopyRequest, at: At) -> CopiedDatabase:
    address, volume = _live_address(maker), maker.scratch.new_volume()
    _tell_of_locks(address, maker.console)
    began = time.monotonic()
    with maker.console.progress(_("Copying the database"), maker.room.copy_bytes) as advance:
        file_bytes = copy_running_server(
            maker.engine, maker.scratch, maker.live.container, address, volume, advance
        )
    copied = time.monotonic()
    server = _server(maker, volume, address.user, address.password)
    copy = start_server(maker.engine, maker.scratch, server, address.database)
    return CopiedDatabase(at(copy), file_bytes, "", copied - began, time.monotonic() - copied)


def _by_dump(maker: CopyRequest, at: At, reason: str) -> CopiedDatabase:
    began = time.monotonic()
    live, password = _live_address(maker), Secret(secrets.token_urlsafe(16))
    programs = find_programs(live.container_id)
    with connect(live) as connection:
        refuse_obstacles(connection, programs, leave_out_broken_views=True)
    server = _server(maker, maker.scratch.new_volume(), ROOT, password)
    copy = start_server(maker.engine, maker.scratch, server, live.database)
    started = time.monotonic()
    _make_schema(live, copy)
    with dumping(live, dump_command(live, programs)) as dump:
        load_dump(copy, iter(partial(dump.read, CHUNK_BYTES), b""), None, maker.console)
    return CopiedDatabase(at(copy), None, reason, time.monotonic() - started, started - began)


def _live_address(maker: CopyRequest) -> DatabaseAddress:
    return locate_database(maker.live.service, maker.live.container)


def _server(maker: CopyRequest, volume: str, user: str, password: Secret) -> ScratchServer:
    return ScratchServer(maker.image, maker.service, volume, user, password, maker.room.memory_bytes)


def _tell_of_locks(address: DatabaseAddress, console: Console) -> None:
    with connect(address) as connection:
        tables = [f"{name} ({size(int(bytes))})" for name, bytes in rows_of(connection, LOCKED_TABLES)]
    if tables:
        console.say(
            _(
                "During the copy, writes to these tables without transactions wait: {tables}",
                tables=", ".join(tables),
            )
        )


def _make_schema(live: DatabaseAddress, copy: DatabaseAddress) -> None:
    """Creates the empty schema with its character set, and the accounts its views and routines run as."""
    with connect(live) as connection:
        create = rows_of(connection, f"SHOW CREATE DATABASE {quoted(live.database)}")[0][1]
        definers = _definers(connection)
    with connect(copy, schema=False) as connection:
        run_sql(connection, str(create))
        for user, host in sorted(definers):
            run_sql(connection, "CREATE USER IF NOT EXISTS %s@%s", (user, host))
            run_sql(connection, f"GRANT ALL ON {quoted(copy.database)}.* TO %s@%s", (user, host))


def _definers(connection: "Server") -> set[tuple[str, str]]:
    """Returns user and host of each existing definer.

    Returns those of all definers where the application's user may not read the accounts.
    """
    definers = {str(name) for (name,) in rows_of(connection, DEFINERS)}
    with suppress(ServerError):
        definers &= {str(name) for (name,) in rows_of(connection, ACCOUNTS)}
    parts = (name.rpartition("@") for name in definers)
    return {(user, host) for user, _at, host in parts if user and host}
