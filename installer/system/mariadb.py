"""The door to a MariaDB server: where it is, connecting, and what its refusals mean.

Asking a connection: `mariadb_sql`. Dump and client programs: `mariadb_programs`. What a schema holds:
`mariadb_schema`, its rows `mariadb_content`. Other people on the server: `mariadb_sessions`.
"""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from installer.errors import Refused
from installer.system.mariadb_sql import code_and_text
from installer.system.secret import Secret
from installer.text import _

if TYPE_CHECKING:
    from installer.system.mariadb_sql import Server

CONNECT_TIMEOUT_SECONDS = 10
ACCESS_DENIED, NO_ACCESS_TO_DATABASE, UNKNOWN_DATABASE, HOST_REFUSED = 1045, 1044, 1049, 1130


@dataclass(frozen=True)
class DatabaseAddress:
    """One schema on one server in one container."""

    container_id: str
    host: str
    port: int
    user: str
    password: Secret
    database: str


@contextmanager
def connect(address: DatabaseAddress, *, schema: bool = True) -> "Iterator[Server]":
    """A connection that commits by itself and takes several statements at once, closed at the end.

    `schema=False` selects no schema. Raises `Refused` when the server does not answer, does not accept
    user and password, or has no such schema.
    """
    import pymysql

    try:
        connection = _open(address, schema)
    except pymysql.MySQLError as error:
        raise _refusal(address, *code_and_text(error)) from error
    except OSError as silent:
        raise _refusal(address, 0, str(silent)) from silent
    try:
        yield connection
    finally:
        if connection.open:
            connection.close()


def speaks(host: str, port: int) -> bool:
    """Whether a server has begun to speak there, be it to say no."""
    try:
        with socket.create_connection((host, port), CONNECT_TIMEOUT_SECONDS) as door:
            return bool(door.recv(1, socket.MSG_PEEK))
    except OSError:
        return False


def _open(address: DatabaseAddress, schema: bool) -> "Server":
    from pymysql.constants import CLIENT

    from installer.system.mariadb_tls import Connection

    connection: Server = Connection(
        host=address.host,
        port=address.port,
        user=address.user,
        password=address.password.reveal().encode(),  # PyMySQL would take text for Latin-1
        database=address.database if schema else None,
        charset="utf8mb4",
        autocommit=True,  # without it a migration of only INSERTs is lost
        client_flag=CLIENT.MULTI_STATEMENTS,
        defer_connect=True,
    )
    connection.connect(_greeted(address))
    return connection


def _greeted(address: DatabaseAddress) -> socket.socket:
    """A socket at which a server has begun to speak: PyMySQL would wait for a frozen one for good."""
    door = socket.create_connection((address.host, address.port), CONNECT_TIMEOUT_SECONDS)
    try:
        door.recv(1, socket.MSG_PEEK)
        door.settimeout(None)
        door.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        door.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    except BaseException:
        door.close()
        raise
    return door


def _refusal(address: DatabaseAddress, code: int, text: str) -> Refused:
    details = [text]
    if code == ACCESS_DENIED:
        return Refused(
            _("The database does not accept the password of user `{user}`.", user=address.user),
            details=details,
            hint=_("Compare the database password in .env with the one the database was created with."),
        )
    if code in (UNKNOWN_DATABASE, NO_ACCESS_TO_DATABASE):
        return Refused(
            _(
                "There is no database `{database}` for user `{user}`.",
                database=address.database,
                user=address.user,
            ),
            details=details,
            hint=_("Compare the database name in .env with `SHOW DATABASES`."),
        )
    where = f"{address.host}:{address.port}"
    if code == HOST_REFUSED:
        return Refused(
            _("The database at {where} refuses connections from this host.", where=where), details=details
        )
    return Refused(
        _("The database at {where} does not answer.", where=where),
        details=details,
        hint=_(
            "See `docker logs {container}`, start the database, then run the command again.",
            container=address.container_id[:12],
        ),
    )
