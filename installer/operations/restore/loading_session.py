"""The client program that loads a dump, together with its session in the server."""

import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import IO, TYPE_CHECKING

from installer.errors import Refused
from installer.system.mariadb import DatabaseAddress, connect
from installer.system.mariadb_programs import loading
from installer.system.mariadb_sessions import end_session
from installer.system.mariadb_sql import value_of

if TYPE_CHECKING:
    from installer.system.mariadb_sql import Server

POLL_SECONDS = 0.02


@contextmanager
def loading_session(address: DatabaseAddress, command: tuple[str, ...]) -> Iterator[IO[bytes]]:
    """As `loading`, but a body that fails leaves nothing behind that goes on in the server.

    A client that is gone does not end an ALTER, and one that had not connected yet would run later what it
    had been sent: so nothing is sent before its session is there, and the session is ended first.
    """
    with loading(address, command) as client:
        session = _session_of(client, address)
        try:
            yield client
        except BaseException:
            with suppress(Refused):
                end_session(address, session)
            raise


def _session_of(client: IO[bytes], address: DatabaseAddress) -> int:
    """A named lock tells who holds it. The empty lines find out a client that has ended."""
    name = f"airlock_{secrets.token_hex(8)}"
    client.write(f"DO GET_LOCK('{name}', 0);\n".encode())
    with connect(address, schema=False) as connection:
        while (session := _holder(connection, name)) is None:
            client.write(b"\n")
            client.flush()
            time.sleep(POLL_SECONDS)
    return session


def _holder(connection: "Server", name: str) -> int | None:
    found = value_of(connection, "SELECT IS_USED_LOCK(%s)", (name,))
    return None if found is None else int(found)
