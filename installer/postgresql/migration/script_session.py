"""Opens and ends the session of its own in which a migration's script runs.

Settings and transactions that a script leaves behind end with its session: neither the history nor the next
script sees them.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from installer.database.values.address import DatabaseAddress
from installer.postgresql.server.queries import ServerError, run_sql
from installer.postgresql.server.server import close, connect
from installer.postgresql.server.sessions import end_session_from

if TYPE_CHECKING:
    from installer.postgresql.server.driver import Driver as Server


@contextmanager
def script_session(
    address: DatabaseAddress, records: "Server", lock_wait_seconds: float
) -> "Iterator[Server]":
    """Yields a new session with the site's settings, as Prisma's; ends it in every outcome.

    When this returns, the server has ended the session and released all its locks: the connection `records`
    checks, and for some seconds ends what still runs. Raises `Refused` when the connection cannot be opened.
    """
    with connect(address, as_prisma=True) as script:
        try:
            milliseconds = f"{lock_wait_seconds * 1000:.0f}"
            run_sql(script, "SELECT set_config('lock_timeout', $1, false)", (milliseconds,))
            yield script
        finally:
            close(script)
            with suppress(ServerError):  # the server is gone, or cannot be reached
                end_session_from(records, script.pid)


def keep_what_is_open(script: "Server") -> None:
    """Commits the transaction that a successful script left open: Prisma would lose it.

    Raises `ServerError`.
    """
    if script.is_in_transaction:
        run_sql(script, "COMMIT")
