"""Reads the content of a MariaDB database at one moment, through the interface of `database`."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from installer.database.values.address import DatabaseAddress
from installer.database.values.picture import Level, Picture, TableContent
from installer.mariadb.content.frozen_view import ReadView, frozen_view, read_contents
from installer.mariadb.content.table_content import tables_by_size
from installer.mariadb.content.take_picture import take_picture
from installer.mariadb.server.queries import rows_of, server_version

SCHEDULER = "SELECT @@event_scheduler"


@dataclass(frozen=True)
class MariaDbMoment:
    """Implements `Moment`; `tables` are all tables that hold rows, the largest first."""

    view: ReadView
    server_version: str
    tables: tuple[str, ...]
    drops_rows_by_itself: bool

    @property
    def is_frozen(self) -> bool:
        """Returns whether everything that is read is of the same moment."""
        return self.view.is_frozen

    def picture(self, level: Level = "full") -> Picture:
        """Returns the definitions and content of the schema; a quick picture reads no rows."""
        return take_picture(self.view, level)

    def contents(self) -> Mapping[str, TableContent]:
        """Returns rows and checksum of every table."""
        return read_contents(self.view, self.tables)


@contextmanager
def at_one_moment(address: DatabaseAddress) -> Iterator[MariaDbMoment]:
    """Yields the database as it is now; writes during the body are not seen."""
    with frozen_view(address) as view:
        reader = view.readers[0]
        runs_events = rows_of(reader, SCHEDULER) == [("ON",)]
        yield MariaDbMoment(view, server_version(reader), tables_by_size(reader), runs_events)
