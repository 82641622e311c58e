"""Clears up what a killed load left in the server: its sessions, and the databases beside the real one."""

from installer.database.values.address import DatabaseAddress
from installer.postgresql.restore.database_beside import BEFORE, beside, drop, exists, maintenance
from installer.postgresql.server.queries import value_of
from installer.postgresql.server.server import NAME, connect

END_OWN = """SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
    WHERE datname = $1 AND application_name = $2 AND pid <> pg_backend_pid()"""


def clear_up_load(address: DatabaseAddress) -> None:
    """Ends the sessions of a killed load, and drops what it left beside the database.

    The old content stands beside it only once the new one is complete and in its place. Raises `ServerError`.
    """
    with connect(maintenance(address)) as connection:
        value_of(connection, END_OWN, (address.database, NAME))
    for left in (beside(address), beside(address, BEFORE)):
        if exists(left):
            drop(left)
