"""Runs the client program that loads a dump, together with its session in the server."""

import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import IO, TYPE_CHECKING

from installer.database.values.address import DatabaseAddress
from installer.errors import Refused
from installer.mariadb.server.programs import loading
from installer.mariadb.server.queries import value_of
from installer.mariadb.server.server import connect
from installer.mariadb.server.sessions import end_session

if TYPE_CHECKING:
    from installer.mariadb.server.queries import Server

POLL_SECONDS = 0.02


class LoadingSession:
    """Accepts SQL at once and runs it in order."""

    def __init__(self, client: IO[bytes]) -> None:
        self._client = client
        self._name = f"airlock_{secrets.token_hex(8)}"
        self._marks = 0
        self._take_lock(self._name)

    def write(self, sql: bytes) -> None:
        """Sends SQL to the client. Raises `BrokenPipeError` when the client has ended."""
        self._client.write(sql)
        self._client.flush()

    def mark(self) -> str:
        """Returns a mark that is reached when everything sent before is done; it locks no table."""
        self._marks += 1
        name = f"{self._name}_{self._marks}"
        self.write(b"\nCOMMIT; UNLOCK TABLES;\n")
        self._take_lock(name)
        return name

    def wait_for(self, mark: str, connection: "Server") -> None:
        """Returns when the mark is reached. Raises `BrokenPipeError` when the session has ended."""
        while _holder(connection, mark) is None:
            if _holder(connection, self._name) is None:
                raise BrokenPipeError
            time.sleep(POLL_SECONDS)

    def find(self, connection: "Server") -> int:
        """Returns the session's number as soon as the session exists.

        The empty lines reveal a client that has ended.
        """
        while (session := _holder(connection, self._name)) is None:
            self.write(b"\n")
            time.sleep(POLL_SECONDS)
        return session

    def _take_lock(self, name: str) -> None:
        """Takes a named lock: other connections can ask the server who holds it."""
        self.write(f"DO GET_LOCK('{name}', 0);\n".encode())


@contextmanager
def loading_session(address: DatabaseAddress, command: tuple[str, ...]) -> Iterator[LoadingSession]:
    """Starts the client like `loading`; a body that fails leaves nothing running in the server.

    When the client ends, the server still finishes an ALTER, and a client that has not connected yet would
    later run the SQL that it was sent: so nothing is sent before its session exists, and the session is ended
    first.
    """
    with loading(address, command) as client:
        session = LoadingSession(client)
        with connect(address, schema=False) as connection:
            number = session.find(connection)
        try:
            yield session
        except BaseException:
            with suppress(Refused):
                end_session(address, number)
            raise


def _holder(connection: "Server", name: str) -> int | None:
    found = value_of(connection, "SELECT IS_USED_LOCK(%s)", (name,))
    return None if found is None else int(found)
