"""Checks whether the database server's disk has room for the old and the new content at once."""

import re

from installer.database.values.address import DatabaseAddress
from installer.errors import Refused
from installer.postgresql.restore.database_beside import maintenance
from installer.postgresql.restore.restored_content import Content
from installer.postgresql.server.queries import value_of
from installer.postgresql.server.server import connect
from installer.screen.console import size
from installer.system.docker.docker_command import ask_docker
from installer.system.files.reserve import RESERVE_BYTES
from installer.text import _

KIBI = 1024
AVAILABLE = re.compile(r"\s\d+\s+\d+\s+(\d+)\s+\d+%")
PLACE = """SELECT coalesce((SELECT nullif(pg_tablespace_location(dattablespace), '') FROM pg_database
    WHERE datname = $1), current_setting('data_directory'))"""
LOG_GROWS_BYTES = """SELECT greatest(0, pg_size_bytes(current_setting('max_wal_size'))
    - (SELECT coalesce(sum(size), 0) FROM pg_ls_waldir()))::bigint"""


def refuse_without_room(address: DatabaseAddress, wanted: Content) -> None:
    """Raises `Refused` when the content cannot fit beside the old content, if the space is known.

    The old content is dropped last. Loading also lets the server's log of changes grow to its usual size.
    """
    with connect(maintenance(address)) as connection:
        place = str(value_of(connection, PLACE, (address.database,)))
        log_bytes = int(value_of(connection, LOG_GROWS_BYTES))
    free, needed = _free_at(address, place), least_bytes(wanted)
    if free is None or free >= needed + min(needed, log_bytes) + RESERVE_BYTES:
        return
    raise Refused(
        _("There is not enough room for {name} in the database's data folder.", name=wanted.name),
        details=[
            _("needed: at least {size}", size=size(needed + min(needed, log_bytes))),
            _("kept free: {size}", size=size(RESERVE_BYTES)),
            _("free: {size}", size=size(free)),
            _("The old content stays until the new one is complete."),
        ],
        hint=_("Make room on that disk, then run the command again."),
    )


def least_bytes(wanted: Content) -> int:
    """Returns the least size on disk; in hex, binary data is twice as long as on disk."""
    return wanted.sql_bytes // 2 if wanted.data_bytes is None else wanted.data_bytes


def _free_at(address: DatabaseAddress, place: str) -> int | None:
    asked = ask_docker(("docker", "exec", address.container_id, "df", "-Pk", place))
    found = AVAILABLE.search(asked.stdout) if asked.exit_code == 0 else None
    return int(found[1]) * KIBI if found else None
