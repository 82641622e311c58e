"""Finds out why the files of a running server cannot be copied for the new one."""

from typing import TYPE_CHECKING

from installer.database.values.copy_request import CopyRequest
from installer.postgresql.rehearsal.scratch_server import major_of_image
from installer.postgresql.server.queries import rows_of, server_version
from installer.postgresql.server.series import series_of_version
from installer.text import _

if TYPE_CHECKING:
    from installer.postgresql.server.driver import Driver as Server

SENDERS = 2  # one for the files, one for what is written meanwhile
ASKED = """SELECT (SELECT rolreplication OR rolsuper FROM pg_roles WHERE rolname = current_user),
    current_setting('wal_level') <> 'minimal', current_setting('max_wal_senders')::int,
    EXISTS (SELECT FROM pg_tablespace WHERE spcname NOT IN ('pg_default', 'pg_global'))"""


def obstacle_to_files(request: CopyRequest, connection: "Server") -> str:
    """Returns the reason in words; empty where the files can be copied, as far as this can be known before.

    What pg_hba.conf allows shows only when the program connects.
    """
    return _of_server(connection) or _of_image(request, connection)


def _of_server(connection: "Server") -> str:
    ((may_replicate, has_whole_log, senders, has_tablespaces),) = rows_of(connection, ASKED)
    if not may_replicate:
        return _("its user has no REPLICATION right")
    if not has_whole_log:
        return _("its wal_level is minimal")
    if senders < SENDERS:
        return _("its max_wal_senders is {count}", count=senders)
    if has_tablespaces:
        return _("it has tablespaces")
    return ""


def _of_image(request: CopyRequest, connection: "Server") -> str:
    """Returns whether another major version is to open the files; the same image has the same one."""
    if request.image == request.live.container.image_id:
        return ""
    running = series_of_version(server_version(connection))
    if major_of_image(request.engine, request.scratch, request.image) == running:
        return ""
    return _("the new release has another major version of PostgreSQL")
