"""Finds other sessions on the same server, ends them, and holds Prisma's migration lock."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from installer.database.values.address import DatabaseAddress
from installer.errors import AnotherRunActive, Refused
from installer.postgresql.server.queries import ServerError, rows_of, run_sql, value_of
from installer.postgresql.server.server import connect
from installer.text import _

if TYPE_CHECKING:
    from installer.postgresql.server.driver import Driver as Server

MIGRATION_LOCK = 72707369  # the number Prisma uses, so that we and Prisma exclude each other
LOCK_SECONDS = 10.0
END_SECONDS, POLL_SECONDS = 10.0, 0.05
SESSIONS = """SELECT pid, coalesce(usename, ''), coalesce(host(client_addr), 'socket'),
    coalesce(extract(epoch FROM now() - coalesce(xact_start, state_change))::int, 0),
    coalesce(state, ''), coalesce(query, '') FROM pg_stat_activity """
HOLDERS = """SELECT pid, coalesce(nullif(application_name, ''), '?'), coalesce(usename, ''),
    coalesce(host(client_addr), 'socket'),
    to_char(backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS'),
    coalesce(state, ''), coalesce(query, '') FROM pg_stat_activity
    WHERE pid IN (SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted
    AND classid = 0 AND objid = $1 AND objsubid = 1
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())) ORDER BY pid"""
OTHERS = """WHERE datname = current_database() AND pid NOT IN (pg_backend_pid(), $1)
    AND backend_type = 'client backend' ORDER BY pid"""

END = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE pid = $1 AND datname = current_database()"""


@contextmanager
def migration_lock(connection: "Server", *, wait_seconds: float = LOCK_SECONDS) -> Iterator[None]:
    """Holds Prisma's migration lock of this database; it ends with this connection in any way.

    It is asked for again and again, never waited for on the server: a session that waits there could get the
    lock after its client has given up. After a body that succeeds it is released at once. Raises
    `AnotherRunActive` naming the holder.
    """
    deadline = time.monotonic() + wait_seconds
    while not value_of(connection, "SELECT pg_try_advisory_lock($1)", (MIGRATION_LOCK,)):
        if time.monotonic() >= deadline:
            raise AnotherRunActive(
                _("Another migration run has locked the database (Prisma P1002)."),
                details=[_holder(*row) for row in rows_of(connection, HOLDERS, (MIGRATION_LOCK,))],
                hint=_("Wait until it has finished; `SELECT * FROM pg_stat_activity` shows what it does."),
            )
        time.sleep(POLL_SECONDS)
    yield
    with suppress(ServerError):  # the server takes a moment to see that a connection has ended
        run_sql(connection, "SELECT pg_advisory_unlock($1)", (MIGRATION_LOCK,))


def others_in(connection: "Server", *, but: int = 0) -> tuple[str, ...]:
    """Returns one line for each other session in the connected database, without the session `but`."""
    return _lines(connection, OTHERS, but)


def blockers_of(address: DatabaseAddress, pid: int) -> tuple[str, ...]:
    """Returns one line for each session that `pid` waits for; none where the server cannot be asked."""
    with suppress(Refused), connect(address) as connection:
        return _lines(connection, "WHERE pid = ANY (pg_blocking_pids($1)) ORDER BY pid", pid)
    return ()


def end_session_from(connection: "Server", pid: int) -> None:
    """Ends a session of the connected database, and waits some seconds for its end. Raises `ServerError`."""
    deadline = time.monotonic() + END_SECONDS
    while rows_of(connection, END, (pid,)) and time.monotonic() < deadline:
        time.sleep(POLL_SECONDS)


def _lines(connection: "Server", condition: str, value: int) -> tuple[str, ...]:
    return tuple(_line(*row) for row in rows_of(connection, SESSIONS + condition, (value,)))


def _holder(number: int, program: str, user: str, host: str, since: str, state: str, sql: str) -> str:
    return _(
        "connection {number} ({program}) of {user} from {host}, connected since {since} UTC: {doing}",
        number=number, program=program, user=user, host=host, since=since, doing=_doing(state, sql),
    )  # fmt: skip


def _line(number: int, user: str, host: str, seconds: int, state: str, sql: str) -> str:
    return _(
        "connection {number} of {user} from {host}, for {seconds} s: {doing}",
        number=number, user=user, host=host, seconds=seconds, doing=_doing(state, sql),
    )  # fmt: skip


def _doing(state: str, sql: str) -> str:
    doing = " ".join(sql.split())[:80]
    return f"{state}: {doing}" if doing else state
