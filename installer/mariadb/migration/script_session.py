"""Opens and ends the session of its own in which a migration's script runs.

Settings and transactions that a script leaves behind end with its session: neither the history nor the next
script sees them.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from installer.database.values.address import DatabaseAddress
from installer.mariadb.server.queries import ServerError, run_sql
from installer.mariadb.server.server import connect
from installer.mariadb.server.session_variables import Settings, set_alike
from installer.mariadb.server.sessions import end_session_from

if TYPE_CHECKING:
    from installer.mariadb.server.queries import Server


@contextmanager
def script_session(
    address: DatabaseAddress, records: "Server", settings: Settings, lock_wait_seconds: int
) -> "Iterator[Server]":
    """Yields a new connection with these settings, which commits by itself; ends it in every outcome.

    When this returns, the server has ended the session and released all its locks: the connection `records`
    checks, and for some seconds kills what still runs. Raises `Refused` when the connection cannot be opened.
    """
    with connect(address) as script:
        number = int(script.thread_id())  # type: ignore[no-untyped-call]
        try:
            set_alike(script, settings)
            run_sql(script, "SET SESSION lock_wait_timeout = %s", (lock_wait_seconds,))
            yield script
        finally:
            if script.open:
                script.close()
            with suppress(ServerError):  # the server is gone, or cannot be reached
                end_session_from(records, number)


def keep_what_is_open(script: "Server") -> None:
    """Commits what a successful script left uncommitted, as after `SET autocommit = 0`.

    Its table locks are released first: they would block the commit. Raises `ServerError`: no COMMIT ends an
    XA transaction.
    """
    run_sql(script, "UNLOCK TABLES")
    run_sql(script, "COMMIT AND NO CHAIN NO RELEASE")
