"""Copies the running database to a temporary server of the new release while the old release runs.

Where possible, the files of the running server are copied, which is much faster; otherwise its dump is
loaded.
"""

import secrets
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

from installer.database.door.running_database import CopiedDatabase, Database
from installer.database.dumps.dump_reader import CHUNK_BYTES
from installer.database.values.address import DatabaseAddress, SessionOptions
from installer.database.values.copy_request import CopyRequest
from installer.postgresql.backup.backup_obstacles import refuse_obstacles
from installer.postgresql.backup.new_tools import with_new_tools
from installer.postgresql.content.database_statements import database_statements
from installer.postgresql.content.frozen_view import frozen_view
from installer.postgresql.rehearsal.copy_obstacles import obstacle_to_files
from installer.postgresql.rehearsal.hot_copy import CopyFailed, copy_running_server
from installer.postgresql.rehearsal.scratch_server import ScratchServer, refuse_bitnami, start_server
from installer.postgresql.restore.database_beside import maintenance
from installer.postgresql.restore.replace_content import replace_content
from installer.postgresql.server.location import locate_database
from installer.postgresql.server.programs import dumping, roles_of
from installer.postgresql.server.queries import quoted, rows_of, run_sql
from installer.postgresql.server.server import connect
from installer.screen.console import Console
from installer.system.secret import Secret
from installer.text import _

At = Callable[[DatabaseAddress], Database]
TABLESPACES = "SELECT spcname FROM pg_tablespace WHERE spcname NOT IN ('pg_default', 'pg_global')"
UNLOGGED = """SELECT oid::regclass::text FROM pg_class WHERE relkind = 'r' AND relpersistence = 'u'
    AND relnamespace::regnamespace::text !~ '^pg_' AND pg_relation_size(oid) > 0 ORDER BY 1"""


def copy_database(request: CopyRequest, at: At) -> CopiedDatabase:
    """Copies the files or loads a dump. Raises `AirlockError`; the running database is not changed.

    `at` returns the database at an address.
    """
    refuse_bitnami(request.service)
    with connect(_live_address(request)) as connection:
        obstacle = obstacle_to_files(request, connection)
    if not obstacle:
        try:
            return _by_files(request, at)
        except CopyFailed as failure:
            request.scratch.sweep()
            obstacle = _("the copy of its files failed")
            for line in failure.details:
                request.console.detail(line)
    return _by_dump(request, at, obstacle)


def _by_files(request: CopyRequest, at: At) -> CopiedDatabase:
    address, volume = _live_address(request), request.scratch.new_volume()
    began = time.monotonic()
    with request.console.progress(_("Copying the database"), request.room.copy_bytes) as advance:
        file_bytes = copy_running_server(
            request.engine, request.scratch, request.live.container, address, volume, advance
        )
    copied = time.monotonic()
    _tell_of_unlogged(address, request.console)
    copy = _started(request, volume, address, address.password)
    return CopiedDatabase(at(copy), file_bytes, "", copied - began, time.monotonic() - copied)


def _by_dump(request: CopyRequest, at: At, reason: str) -> CopiedDatabase:
    """Loads a dump into a new server whose superuser has the name of the running one's, without its password.

    Grants name the role that granted them, which must be this one.
    """
    began, live = time.monotonic(), _dumped_address(request)
    with connect(live) as connection:
        refuse_obstacles(connection)
    password = Secret(secrets.token_urlsafe(16))
    copy = _started(request, request.scratch.new_volume(), live, password)
    started = time.monotonic()
    _make_tablespaces(live, copy)
    replace_content(copy, database_statements(live), _sql_of(live), lambda loaded: ())
    return CopiedDatabase(at(copy), None, reason, time.monotonic() - started, started - began)


def _sql_of(live: DatabaseAddress) -> Iterator[bytes]:
    yield roles_of(live)
    with frozen_view(live) as view, dumping(live, view.snapshot) as dump:
        yield from iter(partial(dump.read, CHUNK_BYTES), b"")


def _make_tablespaces(live: DatabaseAddress, copy: DatabaseAddress) -> None:
    """Creates the tablespaces that the dump names, inside of the copy's own data."""
    with connect(live) as connection:
        names = [name for (name,) in rows_of(connection, TABLESPACES)]
    with connect(maintenance(copy)) as connection:
        for name in names:
            run_sql(connection, "SET allow_in_place_tablespaces = on")
            run_sql(connection, f"CREATE TABLESPACE {quoted(name)} LOCATION ''")


def _live_address(request: CopyRequest) -> DatabaseAddress:
    return locate_database(request.live.service, request.live.container)


def _dumped_address(request: CopyRequest) -> DatabaseAddress:
    """Returns the running database with the new image's programs, whose dump its server loads."""
    live = _live_address(request)
    if request.image == request.live.container.image_id:
        return live
    return with_new_tools(request.engine, request.scratch, request.image, live)


def _started(request: CopyRequest, volume: str, live: DatabaseAddress, password: Secret) -> DatabaseAddress:
    server = ScratchServer(
        request.image, request.service, volume, live.user, password, request.room.memory_bytes
    )
    copy = start_server(request.engine, request.scratch, server, live.database)
    return replace(copy, schema=live.schema, session=SessionOptions(live.session.options))


def _tell_of_unlogged(address: DatabaseAddress, console: Console) -> None:
    with connect(address) as connection:
        tables = [name for (name,) in rows_of(connection, UNLOGGED)]
    if tables:
        console.warn(
            _(
                "These unlogged tables are empty in the copy: the rehearsal does not see their rows: {names}",
                names=", ".join(tables),
            )
        )
