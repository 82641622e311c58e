"""Checks whether the database server's disk has room for a backup: a full disk would crash the server."""

from installer.database.values.address import DatabaseAddress
from installer.errors import Refused
from installer.mariadb.restore.restored_content import Content
from installer.mariadb.server.disk_room import free_for_data
from installer.mariadb.server.queries import value_of
from installer.mariadb.server.server import connect
from installer.screen.console import size
from installer.system.files.reserve import RESERVE_BYTES
from installer.text import _

NOW_BYTES = (
    "SELECT COALESCE(SUM(data_length + index_length), 0) FROM information_schema.tables"
    " WHERE table_schema = %s"
)


def refuse_without_room(address: DatabaseAddress, wanted: Content) -> None:
    """Raises `Refused` when the content cannot fit in place of the old content, if the space is known.

    A server with a binary log writes the rows there as well; MySQL does so by default.
    """
    free = free_for_data(address)
    if free is None:
        return
    with connect(address, schema=False) as connection:
        freed = int(value_of(connection, NOW_BYTES, (address.database,)))
        is_logged = bool(value_of(connection, "SELECT @@log_bin"))
    needed = least_bytes(wanted) + (wanted.sql_bytes // 2 if is_logged else 0)
    if free + freed < needed + RESERVE_BYTES:
        raise Refused(
            _("There is not enough room for {name} in the database's data folder.", name=wanted.name),
            details=[
                _("needed: at least {size}", size=size(needed)),
                _("kept free: {size}", size=size(RESERVE_BYTES)),
                _("free: {size}", size=size(free)),
                _("freed by the old content: {size}", size=size(freed)),
            ],
            hint=_("Make room on that disk, then run the command again."),
        )


def least_bytes(wanted: Content) -> int:
    """Returns the least size on disk; in hex, a BLOB is twice as long as on disk."""
    return wanted.sql_bytes // 2 if wanted.data_bytes is None else wanted.data_bytes
