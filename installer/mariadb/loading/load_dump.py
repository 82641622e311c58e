"""Loads the SQL of a dump into an empty schema, fast and exactly.

The order of the SQL makes it fast (`loadable`). A larger redo log would help as well, but resizing it on a
running server was not crash-safe for a long time (MDEV-34750), and the host may not have the memory for a
larger buffer pool: both stay as they are.
"""

from collections.abc import Iterator
from contextlib import suppress

from installer.database.values.address import DatabaseAddress
from installer.mariadb.loading.late_indexes import LateIndexes, late_indexes
from installer.mariadb.loading.loading_session import LoadingSession, loading_session
from installer.mariadb.loading.rewrite_dump import Piece, Settings, TableFilled, TablesComplete, loadable
from installer.mariadb.server.disk_room import free_for_sorting
from installer.mariadb.server.programs import find_programs, load_command
from installer.mariadb.server.queries import ServerError, run_sql, server_version
from installer.mariadb.server.server import connect
from installer.mariadb.server.sessions import server_settings
from installer.screen.console import Advance, Console
from installer.text import _

WHILE_LOADING: dict[str, str | int] = {
    "event_scheduler": "OFF",  # rows must not change before they are compared
    "max_allowed_packet": 1 << 30,  # hex doubles a BLOB's size
}
KEPT = b"\nCOMMIT;\n"  # rows written after SET autocommit=0 would be lost with the session


def load_dump(
    address: DatabaseAddress, chunks: Iterator[bytes], sql_bytes: int | None, console: Console
) -> None:
    """Runs a dump of one schema in the empty schema of `address`. Raises `ToolFailed`, `Refused`.

    `sql_bytes` is the dump's size where it is known. The memory used does not depend on the size of the dump
    or of a row.
    """
    command = load_command(address, find_programs(address.container_id))
    with connect(address) as connection:
        version = server_version(connection)
    can_sort = _can_sort(address, sql_bytes)
    if not can_sort:
        console.warn(_("The database's container has little room for temporary files: loading takes longer."))
    with (
        server_settings(address, WHILE_LOADING),
        console.progress(_("Loading the backup"), sql_bytes) as advance,
        loading_session(address, command) as session,
        late_indexes(address, session) as indexes,
    ):
        counted = _counted(chunks, advance)
        for piece in loadable(counted, server_version=version, late_indexes=can_sort):
            _load(piece, session, indexes)
        session.write(KEPT)
    _make_durable(address)


def _load(piece: Piece, session: LoadingSession, indexes: LateIndexes) -> None:
    match piece:
        case Settings():
            indexes.begin(piece)
        case TableFilled():
            indexes.build(piece)
        case TablesComplete():
            indexes.finish()
        case _:
            session.write(piece)
            indexes.check()


def _make_durable(address: DatabaseAddress) -> None:
    """Flushes what a server that is configured to flush each second has not flushed yet."""
    with connect(address) as connection, suppress(ServerError):  # without this right: within a second
        run_sql(connection, "FLUSH ENGINE LOGS")


def _can_sort(address: DatabaseAddress, sql_bytes: int | None) -> bool:
    """Returns whether temporary files have enough room to sort indexes: they take less than the SQL."""
    free = free_for_sorting(address)
    return free is None or sql_bytes is None or free > sql_bytes


def _counted(chunks: Iterator[bytes], advance: Advance) -> Iterator[bytes]:
    for chunk in chunks:
        advance(len(chunk))
        yield chunk
