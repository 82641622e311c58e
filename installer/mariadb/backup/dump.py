"""Takes the dump and the picture of one moment while users write.

Where the server cannot be stopped for that moment (a long statement, or a user without the right), a picture
is taken before and after the dump instead: what changed in between is not known exactly, and is marked so.
"""

import select
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from io import BufferedReader
from typing import TypeVar, cast

from installer.database.dumps.dump_reader import CHUNK_BYTES
from installer.database.dumps.dump_writer import Written
from installer.database.values.address import DatabaseAddress
from installer.database.values.picture import Picture, TableContent
from installer.errors import Refused
from installer.mariadb.content.frozen_view import frozen_view
from installer.mariadb.content.take_picture import picture_of, take_picture
from installer.mariadb.server.programs import dumping
from installer.mariadb.server.queries import value_of
from installer.mariadb.server.server import connect
from installer.text import _

STRUCTURE = b" structure for "  # precedes the first table or view: the dump's own transaction has begun
BEGINNING_SECONDS = 10
SILENCE_SECONDS = 5
BLOCKED = """SELECT COUNT(*) FROM information_schema.processlist WHERE db = DATABASE()
    AND state LIKE 'Waiting for table%' AND info LIKE 'SELECT /*!40001 SQL_NO_CACHE */%'"""
Content = TypeVar("Content", TableContent, int)
Write = Callable[[Iterator[bytes]], Written]


@dataclass(frozen=True)
class Taken:
    """Describes the file and its content; None marks content that changed during the dump."""

    written: Written
    picture: Picture
    tables: Mapping[str, TableContent | None]
    positions: Mapping[str, int | None]


def take(address: DatabaseAddress, command: tuple[str, ...], locking: tuple[str, ...], write: Write) -> Taken:
    """Runs the dump `command` and passes its SQL to `write`; or runs `locking`, which locks tables itself.

    Raises `Refused` when another session changed the schema meanwhile, `ToolFailed` when the dump failed.
    """
    return _at_one_moment(address, command, write) or _between_two(address, locking, write)


def _at_one_moment(address: DatabaseAddress, command: tuple[str, ...], write: Write) -> Taken | None:
    with ExitStack() as running, ThreadPoolExecutor(1) as beside:
        dump = _BeginningDump(running, address, command)
        with frozen_view(address, at_standstill=dump.begin, keeps_locks=True) as view:
            if not view.is_frozen:
                return None
            seen = beside.submit(take_picture, view)
            written = write(dump.chunks())
            picture = seen.result()
        running.close()  # raises unless the program succeeded
    after = picture_of(address, "quick")
    _refuse_unfinished(written, picture, after)
    return Taken(written, picture, picture.tables, _unmoved(picture.positions, after.positions))


def _between_two(address: DatabaseAddress, command: tuple[str, ...], write: Write) -> Taken:
    before = picture_of(address)
    with dumping(address, command) as sql:
        written = write(_chunks(cast(BufferedReader, sql), address))
    after = picture_of(address)
    _refuse_unfinished(written, before, after)
    return Taken(
        written, after, _unmoved(before.tables, after.tables), _unmoved(before.positions, after.positions)
    )


class _BeginningDump:
    """Runs a dump that begins while the server is stopped, and continues until `running` ends."""

    def __init__(self, running: ExitStack, address: DatabaseAddress, command: tuple[str, ...]) -> None:
        self._running, self._address, self._command = running, address, command
        self._head = b""
        self._stream: BufferedReader | None = None

    def begin(self) -> None:
        """Starts the dump and waits until its transaction has begun. Raises `TimeoutError`."""
        stream = self._running.enter_context(dumping(self._address, self._command))
        self._stream = cast(BufferedReader, stream)
        deadline = time.monotonic() + BEGINNING_SECONDS
        while STRUCTURE not in self._head:
            left = max(deadline - time.monotonic(), 0)
            if not select.select([self._stream], [], [], left)[0]:
                raise TimeoutError(_("The program did not begin to write."))
            chunk = self._stream.read1(CHUNK_BYTES)
            if not chunk:
                break  # the dump has already ended
            self._head += chunk

    def chunks(self) -> Iterator[bytes]:
        """Yields all SQL of the dump."""
        assert self._stream is not None
        yield self._head
        yield from _chunks(self._stream, self._address)


def _chunks(stream: BufferedReader, address: DatabaseAddress) -> Iterator[bytes]:
    """Yields the rest of a dump.

    Raises `Refused` when the dump waits for a session that changes the schema, because that session may wait
    for the dump.
    """
    while True:
        while not select.select([stream], [], [], SILENCE_SECONDS)[0]:
            with connect(address) as connection:
                if value_of(connection, BLOCKED):
                    raise _changed()
        chunk = stream.read1(CHUNK_BYTES)
        if not chunk:
            return
        yield chunk


def _unmoved(before: Mapping[str, Content], after: Mapping[str, Content]) -> dict[str, Content | None]:
    return {name: content if content == before.get(name) else None for name, content in after.items()}


def _refuse_unfinished(written: Written, before: Picture, after: Picture) -> None:
    if not written.is_complete:
        raise Refused(_("The dump is incomplete: its end is missing."))
    if after.definitions != before.definitions:
        raise _changed()


def _changed() -> Refused:
    return Refused(
        _("Another session changed the schema during the backup."),
        hint=_("Stop the program that changes the schema, then run the command again."),
    )
