"""The session of its own that a migration's script runs in: how it begins, and how it ends.

Whatever a script sets or leaves open ends with its session: neither the history nor the next script sees it.
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
    """Yield a new connection with these settings, which commits by itself; in every outcome it is ended.

    The server has ended it, too, before this returns, with all its locks: the connection `records` looks, and
    kills what goes on without us for up to some seconds. Raises `Refused` when it cannot be opened.
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
            with suppress(ServerError):  # then the server itself is gone, or our way to it
                end_session_from(records, number)


def keep_what_is_open(script: "Server") -> None:
    """Commit what a script that ended well wrote without committing it, as after `SET autocommit = 0`.

    Its locks on tables go first: they would stop the commit. Raises `ServerError`: no COMMIT ends an XA
    transaction.
    """
    run_sql(script, "UNLOCK TABLES")
    run_sql(script, "COMMIT AND NO CHAIN NO RELEASE")
