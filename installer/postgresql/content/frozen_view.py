"""Opens a database as it was at one moment: everything read through a `ReadView` later is of that moment."""

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from installer.database.values.address import DatabaseAddress
from installer.database.values.picture import TableContent
from installer.postgresql.content.table_content import read_content, read_positions
from installer.postgresql.server.queries import literal, run_sql, value_of
from installer.postgresql.server.server import connect

if TYPE_CHECKING:
    from installer.postgresql.server.driver import Driver as Server

READERS = 2
BEGIN = "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"


@dataclass(frozen=True)
class ReadView:
    """Holds connections whose transactions see the same moment, which `snapshot` names to other programs.

    `positions` are the next numbers of sequences: the server keeps no older ones.
    """

    address: DatabaseAddress
    readers: tuple["Server", ...]
    snapshot: str
    positions: dict[str, int]


@contextmanager
def frozen_view(address: DatabaseAddress) -> Iterator[ReadView]:
    """Yields the database at this moment; writes during the body are not seen. It blocks no other session."""
    with ExitStack() as stack:
        first, *others = (stack.enter_context(connect(address)) for _number in range(READERS))
        run_sql(first, BEGIN)
        snapshot = str(value_of(first, "SELECT pg_export_snapshot()"))
        for reader in others:
            run_sql(reader, BEGIN)
            run_sql(reader, f"SET TRANSACTION SNAPSHOT {literal(snapshot)}")
        yield ReadView(address, (first, *others), snapshot, read_positions(first))


def read_contents(view: ReadView, tables: Sequence[str]) -> dict[str, TableContent]:
    """Returns rows and checksum of each table; reads the first tables first, so name the largest first."""
    waiting = deque(tables)

    def read(reader: "Server") -> dict[str, TableContent]:
        found = {}
        while waiting:
            name = waiting.popleft()
            found[name] = read_content(reader, name)
        return found

    with ThreadPoolExecutor(len(view.readers)) as threads:
        parts = tuple(threads.map(read, view.readers))
    contents = {name: content for part in parts for name, content in part.items()}
    return {name: contents[name] for name in tables}
