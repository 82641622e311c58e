"""Adapts pg8000: answers statement by statement, errors with all their fields, values that need no types.

Imported when the first connection is opened; nothing else imports pg8000.
"""

from collections import defaultdict, deque
from collections.abc import Mapping, Sequence
from typing import Any

from pg8000.converters import PG_TYPES  # type: ignore[import-untyped]
from pg8000.core import CoreConnection  # type: ignore[import-untyped]
from pg8000.exceptions import DatabaseError, InterfaceError  # type: ignore[import-untyped]

from installer.postgresql.server.answers import Answer, Fields

LOST = (InterfaceError, OSError)
REFUSED = DatabaseError
NUMBERS = (16, 20, 21, 23, 26, 700, 701, 1700)  # bool, int8, int2, int4, oid, float4, float8, numeric
LISTS = (1003, 1005, 1007, 1009, 1015, 1016)  # name, int2, int4, text, varchar, int8
FATAL = ("FATAL", "PANIC")
COPY_FAILS = b"f"
MOST_REMARKS = 100  # a loop of a script may have very many


class Driver(CoreConnection):  # type: ignore[misc]
    """Is a connection of pg8000; `answers`, all `rows` and the last `remarks` are of the last message."""

    def __init__(self, **options: Any) -> None:
        self.answers: list[Answer] = []
        self.rows: list[list[Any]] = []
        self.remarks: deque[Fields] = deque(maxlen=MOST_REMARKS)
        super().__init__(**options)
        self.pg_types = defaultdict(lambda: str, {oid: PG_TYPES[oid] for oid in (*NUMBERS, *LISTS)})

    @property
    def pid(self) -> int:
        """Returns the number of the session's process on the server."""
        return int.from_bytes(self._backend_key_data[:4], "big")

    @property
    def is_open(self) -> bool:
        """Returns whether the connection was not closed here."""
        return self._usock is not None

    @property
    def is_in_transaction(self) -> bool:
        """Returns whether the session is in a transaction block, a failed one included."""
        return bool(self._transaction_status != b"I")

    def wait_without_limit(self) -> None:
        """Lets the server take its time for every answer from now on."""
        self._usock.settimeout(None)  # which is another one than the given socket where TLS is used

    def ask(self, sql: str, values: Sequence[object]) -> list[list[Any]]:
        """Returns the rows of one statement with the values of `$1`, `$2`, …"""
        self._begin()
        return self.execute_unnamed(sql, values).rows or []

    def send(self, script: str) -> None:
        """Sends a script as one message, which the server runs in one transaction."""
        self._begin()
        self.execute_simple(script)

    def _begin(self) -> None:
        self.answers, self.rows = [], []
        self.remarks.clear()

    def handle_ROW_DESCRIPTION(self, data: bytes, context: Any) -> None:
        """Keeps the rows that follow, also those before an error."""
        super().handle_ROW_DESCRIPTION(data, context)
        self.rows = context.rows

    def handle_COMMAND_COMPLETE(self, data: bytes, context: Any) -> None:
        """Notes the answer of one statement."""
        self.answers.append(Answer(data[:-1].decode()))

    def handle_COPY_IN_RESPONSE(self, data: bytes, context: Any) -> None:
        """Lets a COPY fail that waits for data: a script has none."""
        self._send_message(COPY_FAILS, b"there is no data after COPY ... FROM stdin in a script\0")
        self._sock.flush()

    def handle_COPY_OUT_RESPONSE(self, data: bytes, context: Any) -> None:
        """Lets a COPY write its data to nowhere."""
        context.stream_write = len

    def handle_ERROR_RESPONSE(self, data: bytes, context: Any) -> None:
        """Raises at once where the server ends the connection: nothing follows, and pg8000 would wait."""
        super().handle_ERROR_RESPONSE(data, context)
        if fields_of(context.error).get("V") in FATAL:
            raise context.error

    def handle_NOTICE_RESPONSE(self, data: bytes, context: Any) -> None:
        """Notes what the server remarks."""
        parts = (part.decode(self._client_encoding, "replace") for part in data.split(b"\0") if part)
        self.remarks.append({part[0]: part[1:] for part in parts})


def fields_of(error: BaseException) -> Mapping[str, str]:
    """Returns the protocol's fields of a server's error; none of any other error."""
    first = error.args[0] if error.args else None
    return first if isinstance(first, dict) else {}
