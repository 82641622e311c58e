"""Finds other sessions on the same server, and handles named locks and global variables."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from installer.database.values.address import DatabaseAddress
from installer.errors import AnotherRunActive, Refused
from installer.mariadb.server.product import is_mysql
from installer.mariadb.server.queries import ServerError, rows_of, run_sql, value_of
from installer.mariadb.server.server import connect
from installer.text import _

if TYPE_CHECKING:
    from installer.mariadb.server.queries import Server

MIGRATION_LOCK = "prisma_migrate"  # the name Prisma uses, so that we and Prisma exclude each other
LOCK_SECONDS = 10
END_SECONDS, POLL_SECONDS = 10.0, 0.02
PATIENT = "SET SESSION wait_timeout = 604800"  # a week: the connection is idle while others work
NOT_IN_CLUSTER = 1235
NO_RIGHT_TO_SET = 1227
ORIGIN = (
    "SELECT global_value, global_value_origin = 'SQL' FROM information_schema.system_variables"
    " WHERE variable_name = %s"
)
ORIGIN_ON_MYSQL = (
    "SELECT variable_value, variable_source = 'DYNAMIC' FROM performance_schema.variables_info"
    " JOIN performance_schema.global_variables USING (variable_name) WHERE variable_name = %s"
)
SESSIONS = "SELECT id, user, host, command, time, COALESCE(info, '') FROM information_schema.processlist "


@contextmanager
def migration_lock(connection: "Server", *, wait_seconds: int = LOCK_SECONDS) -> Iterator[None]:
    """Holds Prisma's migration lock; the server releases it when this connection ends in any way.

    After a body that succeeds it is released at once. The connection may be idle for a week. Raises
    `AnotherRunActive` naming the holder, `Refused` where the server has no such locks (Galera).
    """
    run_sql(connection, PATIENT)
    _take(connection, wait_seconds)
    yield
    with suppress(ServerError):  # the server takes a moment to see that a connection has ended
        run_sql(connection, "DO RELEASE_LOCK(%s)", (MIGRATION_LOCK,))


@contextmanager
def server_settings(address: DatabaseAddress, settings: Mapping[str, str | int]) -> Iterator[None]:
    """Sets global variables of the server for the length of the body; leaves a disabled one unchanged.

    It also leaves those that the connection's user has no right to set. They are reset in every outcome
    except kill -9. A server that restarts has its own configuration again.
    """
    with connect(address, schema=False) as connection:
        before = _other_values(connection, settings)
        try:
            for name in tuple(before):
                if not _may_set(connection, name, settings[name]):
                    del before[name]
            yield
        finally:
            _put_back(connection, address, before)


def left_behind(connection: "Server", settings: Mapping[str, str | int]) -> tuple[str, ...]:
    """Returns the variables that were set to these values while the server ran, perhaps before a kill -9."""
    origin = ORIGIN_ON_MYSQL if is_mysql(connection) else ORIGIN
    return tuple(
        name for name, value in settings.items() if (str(value), 1) in rows_of(connection, origin, (name,))
    )


def others_in(connection: "Server", database: str, *, but: int = 0) -> tuple[str, ...]:
    """Returns one line for each other connection that uses this schema, without the session `but`."""
    others = SESSIONS + "WHERE db = %s AND id NOT IN (CONNECTION_ID(), %s) ORDER BY id"
    return tuple(_line(*row) for row in rows_of(connection, others, (database, but)))


def end_session(address: DatabaseAddress, session: int) -> None:
    """Kills a session, and waits some seconds until it has ended.

    Raises `Refused` when the server cannot be asked.
    """
    with connect(address, schema=False) as connection:
        end_session_from(connection, session)


def end_session_from(connection: "Server", session: int) -> None:
    """Kills a session as `end_session` does, over a given connection. Raises `ServerError`."""
    deadline = time.monotonic() + END_SECONDS
    while rows_of(connection, SESSIONS + "WHERE id = %s", (session,)) and time.monotonic() < deadline:
        with suppress(ServerError):  # it has ended meanwhile
            run_sql(connection, f"KILL {session}")
        time.sleep(POLL_SECONDS)


def end_own_sessions(connection: "Server", database: str) -> None:
    """Ends all other sessions of this connection's account that use this schema."""
    own = "WHERE db = %s AND user = SUBSTRING_INDEX(USER(), '@', 1) AND id <> CONNECTION_ID()"
    for row in rows_of(connection, SESSIONS + own, (database,)):
        end_session_from(connection, int(row[0]))


def set_all(connection: "Server", values: Mapping[str, str | int]) -> None:
    """Sets global variables. Raises `ServerError`."""
    for name, value in values.items():
        run_sql(connection, f"SET GLOBAL {name} = %s", (value,))


def _other_values(connection: "Server", settings: Mapping[str, str | int]) -> dict[str, str | int]:
    """Returns the present values of those variables that differ from `settings`."""
    found = {name: value_of(connection, f"SELECT @@GLOBAL.{name}") for name in settings}
    return {name: now for name, now in found.items() if now not in ("DISABLED", settings[name])}


def _may_set(connection: "Server", name: str, value: str | int) -> bool:
    try:
        set_all(connection, {name: value})
    except ServerError as error:
        if error.code != NO_RIGHT_TO_SET:
            raise
        return False
    return True


def _put_back(connection: "Server", address: DatabaseAddress, before: Mapping[str, str | int]) -> None:
    try:
        set_all(connection, before)
    except ServerError as error:
        if error.is_lost_connection:
            with suppress(Refused), connect(address, schema=False) as another:
                set_all(another, before)


def _take(connection: "Server", wait_seconds: int) -> None:
    try:
        taken = value_of(connection, "SELECT GET_LOCK(%s, %s)", (MIGRATION_LOCK, wait_seconds))
    except ServerError as error:
        raise _no_locks(error) from error
    if taken == 0:
        raise AnotherRunActive(
            _("Another migration run has locked the database."),
            details=_holder(connection),
            hint=_("Wait until it has finished; `SHOW PROCESSLIST` shows what it does."),
        )
    if taken != 1:
        raise Refused(
            _("The server refused the migration lock without a reason (GET_LOCK returned NULL)."),
            hint=_("Check the server's log, then run the command again."),
        )


def _no_locks(error: ServerError) -> Refused:
    if error.code != NOT_IN_CLUSTER:
        return error
    return Refused(
        _("This server is part of a Galera cluster, which has no migration lock and is not supported yet."),
        details=[error.text],
        hint=_("Apply the migrations with Prisma, one node at a time, while no other session does."),
    )


def _holder(connection: "Server") -> list[str]:
    holder = value_of(connection, "SELECT IS_USED_LOCK(%s)", (MIGRATION_LOCK,))
    return [_line(*row) for row in rows_of(connection, SESSIONS + "WHERE id = %s", (holder,))]


def _line(number: int, user: str, host: str, command: str, seconds: int, sql: str) -> str:
    doing = " ".join(sql.split())[:80] or command
    return _(
        "connection {number} of {user} from {host}, for {seconds} s: {doing}",
        number=number, user=user, host=host, seconds=seconds, doing=doing,
    )  # fmt: skip
