"""Connects to a MariaDB server.

Its refusals: `login_refusals`. Queries over a connection: `queries`. Dump and client programs: `programs`.
The content of a schema: `schema`, its rows `table_content`. Other sessions on the server: `sessions`.
"""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from installer.database.values.address import DatabaseAddress
from installer.mariadb.server.login_inside_container import is_let_in, socket_of
from installer.mariadb.server.login_refusals import (
    ACCESS_DENIED,
    HOST_REFUSED,
    not_encrypted,
    only_from_inside,
    refusal,
)
from installer.mariadb.server.product import is_mysql
from installer.mariadb.server.queries import code_and_text, runs

if TYPE_CHECKING:
    from installer.mariadb.server.queries import Server

CONNECT_TIMEOUT_SECONDS = 10
CURRENT_STATISTICS = "SET SESSION information_schema_stats_expiry = 0"  # MySQL's are a day old otherwise


@contextmanager
def connect(address: DatabaseAddress, *, schema: bool = True) -> "Iterator[Server]":
    """Yields a connection that commits by itself and accepts several statements at once; closes it.

    `schema=False` selects no schema. Raises `Refused` when the server does not answer, does not accept user
    and password, or has no such schema.
    """
    import pymysql

    try:
        connection = _open(address, schema)
    except (pymysql.MySQLError, RuntimeError) as error:
        connection = _open_otherwise(address, schema, error)
    except OSError as silent:
        raise refusal(address, 0, str(silent)) from silent
    try:
        if is_mysql(connection):
            runs(connection, CURRENT_STATISTICS)  # MySQL 5.7 has no such setting, and keeps none
        yield connection
    finally:
        if connection.open:
            connection.close()


def speaks(host: str, port: int) -> bool:
    """Returns whether a server has begun to speak there, even with a refusal."""
    try:
        with socket.create_connection((host, port), CONNECT_TIMEOUT_SECONDS) as door:
            return bool(door.recv(1, socket.MSG_PEEK))
    except OSError:
        return False


def _open(address: DatabaseAddress, schema: bool) -> "Server":
    connection = _unopened(address, schema)
    connection.connect(_greeted(address))
    return connection


def _open_otherwise(address: DatabaseAddress, schema: bool, refused: BaseException) -> "Server":
    """Connects through the server's own socket; where that is out of reach, as the other user.

    PyMySQL raises a `RuntimeError` for a password of MySQL that it cannot send over a plain connection: that
    requires the compiled package `cryptography`. Over TLS and through a socket nothing is required.
    """
    import pymysql

    code, text = code_and_text(refused)
    is_plain = isinstance(refused, RuntimeError)
    if code not in (ACCESS_DENIED, HOST_REFUSED) and not is_plain:
        raise refusal(address, code, text) from refused
    socket_path = socket_of(address.container_id)
    try:
        if socket_path is not None:
            connection = _unopened(address, schema, socket_path)
            connection.connect()
            return connection
        if is_plain:
            raise not_encrypted(address) from refused
        if is_let_in(address.container_id, address.user, address.password):
            if address.otherwise is None:
                raise only_from_inside(address, text) from refused
            return _open(address.otherwise, schema)
    except (pymysql.MySQLError, OSError):
        raise refusal(address, code, text) from refused
    raise refusal(address, code, text) from refused


def _unopened(address: DatabaseAddress, schema: bool, socket_path: Path | None = None) -> "Server":
    from pymysql.connections import Connection
    from pymysql.constants import CLIENT

    return Connection(
        host=address.host,
        port=address.port,
        unix_socket=str(socket_path) if socket_path else None,
        user=address.user,
        password=address.password.reveal().encode(),  # PyMySQL would encode text as Latin-1
        database=address.database if schema else None,
        charset="utf8mb4",
        autocommit=True,  # without it a migration of only INSERTs is lost
        client_flag=CLIENT.MULTI_STATEMENTS,
        defer_connect=True,  # without parameters for TLS: where the server offers it, any certificate
    )


def _greeted(address: DatabaseAddress) -> socket.socket:
    """Returns a socket on which a server has begun to speak: PyMySQL would wait forever for a frozen one."""
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
