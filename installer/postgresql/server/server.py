"""Connects to a PostgreSQL server.

Its refusals: `login_refusals`. Queries over a connection: `queries`. Other sessions: `sessions`.
"""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from installer.database.values.address import DatabaseAddress
from installer.postgresql.server.login_refusals import refusal
from installer.postgresql.server.queries import ServerError, quoted, run_sql, translated

if TYPE_CHECKING:
    from installer.postgresql.server.driver import Driver as Server

CONNECT_TIMEOUT_SECONDS = 10
NAME = "airlock"
SSL = {"disable": False, "prefer": None, "require": True}  # as pg8000 has it; certificates are not checked
EXACT = {  # how values are printed: the same row has the same text in every session
    "TimeZone": "UTC",
    "DateStyle": "ISO, YMD",
    "IntervalStyle": "postgres",
    "bytea_output": "hex",
    "extra_float_digits": "3",
    "lc_monetary": "C",
    "xmloption": "content",
    "standard_conforming_strings": "on",
    "quote_all_identifiers": "off",
    "default_transaction_read_only": "off",
    "row_security": "off",  # rows that a policy hides are an error, not missing
}
PATIENT = {  # the site may end sessions that are slow or idle
    "statement_timeout": "0",
    "lock_timeout": "0",
    "idle_in_transaction_session_timeout": "0",
}
NEWER_PATIENCE = (
    "SELECT set_config(name, '0', false) FROM pg_settings"
    " WHERE name IN ('transaction_timeout', 'idle_session_timeout')"
)


@contextmanager
def connect(address: DatabaseAddress, *, as_prisma: bool = False) -> "Iterator[Server]":
    """Yields a connection that commits by itself, with only the address's schema in its path; closes it.

    Values have the same text in every such session, and the server does not end it for being idle or slow.
    `as_prisma` leaves all settings but the path as site and URL have them. Raises `Refused` when the server
    does not answer, does not accept user and password, or has no such database.
    """
    own = {"options": address.session.options} if address.session.options else {}
    connection = _opened(address, own if as_prisma else EXACT | PATIENT)
    try:
        if not as_prisma:
            run_sql(connection, NEWER_PATIENCE)
        yield connection
    finally:
        close(connection)


def close(connection: "Server") -> None:
    """Ends the session, unless it has ended."""
    if connection.is_open:
        with suppress(ServerError), translated():
            connection.close()


def answers(address: DatabaseAddress) -> bool:
    """Returns whether the server answers a query there, or has a reason to refuse this user.

    A server that starts, stops or recovers does not answer.
    """
    try:
        connection = _connected(address, {})
    except ServerError as error:
        return not error.is_lost_connection
    except OSError:
        return False
    try:
        run_sql(connection, "SELECT 1")
    except ServerError as error:
        return not error.is_lost_connection
    finally:
        close(connection)
    return True


def _opened(address: DatabaseAddress, settings: dict[str, str]) -> "Server":
    try:
        return _connected(address, settings)
    except (ServerError, OSError) as error:
        raise refusal(address, error) from error


def _timeout_seconds(address: DatabaseAddress) -> float | None:
    """Returns the time for a login; the URL may give more than the usual one, 0 is without limit."""
    given = address.session.connect_seconds
    return None if given == 0 else max(CONNECT_TIMEOUT_SECONDS, given or 0)


def _connected(address: DatabaseAddress, settings: dict[str, str]) -> "Server":
    """Connects with a limit for the time until the server is ready for queries, and none for them."""
    from installer.postgresql.server.driver import Driver

    door = socket.create_connection((address.host, address.port), _timeout_seconds(address))
    door.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    try:
        with translated():
            connection = Driver(
                sock=door,
                host=address.host,
                user=address.user,
                password=address.password.reveal(),
                database=address.database,
                application_name=NAME,
                ssl_context=SSL[address.session.sslmode],
                startup_params={
                    "client_encoding": "UTF8", "search_path": quoted(address.schema), **settings
                },
            )  # fmt: skip
    except BaseException:
        door.close()
        raise
    connection.wait_without_limit()
    return connection
