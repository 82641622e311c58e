"""Reads the content of a PostgreSQL database at one moment, through the interface of `database`."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from installer.database.values.address import DatabaseAddress
from installer.database.values.picture import Level, Picture, TableContent
from installer.postgresql.content.frozen_view import ReadView, frozen_view, read_contents
from installer.postgresql.content.table_content import tables_by_size
from installer.postgresql.content.take_picture import take_picture
from installer.postgresql.server.queries import server_version, value_of

SCHEDULERS = "SELECT count(*) FROM pg_extension WHERE extname IN ('pg_cron', 'timescaledb', 'pgagent')"


@dataclass(frozen=True)
class PostgreSqlMoment:
    """Implements `Moment`; `tables` are all tables that hold rows, the largest first."""

    view: ReadView
    server_version: str
    tables: tuple[str, ...]
    drops_rows_by_itself: bool

    @property
    def is_frozen(self) -> bool:
        """Returns True: a transaction keeps its moment, however long it reads."""
        return True

    def picture(self, level: Level = "full") -> Picture:
        """Returns the definitions and content of the database; a quick picture reads no rows."""
        return take_picture(self.view, level)

    def contents(self) -> Mapping[str, TableContent]:
        """Returns rows and checksum of every table."""
        return read_contents(self.view, self.tables)


@contextmanager
def at_one_moment(address: DatabaseAddress) -> Iterator[PostgreSqlMoment]:
    """Yields the database as it is now; writes during the body are not seen."""
    with frozen_view(address) as view:
        reader = view.readers[0]
        has_scheduler = bool(value_of(reader, SCHEDULERS))
        yield PostgreSqlMoment(view, server_version(reader), tables_by_size(reader), has_scheduler)
