"""Opens the history of a PostgreSQL database, for what a person settled by hand."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from installer.bundle.sql.migrations import Migration
from installer.database.records.migration_status import MigrationStatus
from installer.database.values.address import DatabaseAddress
from installer.database.values.history_row import HistoryRow
from installer.postgresql.migration.history import (
    create_history,
    read_history,
    record_applied,
    record_rollback,
)
from installer.postgresql.migration.status import migration_status
from installer.postgresql.server.server import connect
from installer.postgresql.server.sessions import migration_lock

if TYPE_CHECKING:
    from installer.postgresql.server.driver import Driver as Server


@dataclass(frozen=True)
class PostgreSqlHistory:
    """Implements `OpenHistory`."""

    address: DatabaseAddress
    connection: "Server"

    def status(self, migrations: Sequence[Migration]) -> MigrationStatus:
        """Compares names and checksums, and looks for statements at work."""
        return migration_status(self.connection, migrations)

    def rows(self) -> tuple[HistoryRow, ...]:
        """Reads the table through the connection that holds the lock."""
        return read_history(self.connection)

    def rows_again(self) -> tuple[HistoryRow, ...]:
        """Reads the table through a new connection."""
        with connect(self.address) as another:
            return read_history(another)

    def create(self) -> None:
        """Creates the table as Prisma does."""
        create_history(self.connection, self.address.schema)

    def add_applied(self, migration: Migration) -> str:
        """Writes the row that Prisma writes."""
        return record_applied(self.connection, migration)

    def roll_back(self, row_id: str) -> None:
        """Writes the time into the row."""
        record_rollback(self.connection, row_id)


@contextmanager
def open_history(address: DatabaseAddress) -> Iterator[PostgreSqlHistory]:
    """Yields the history, and holds the migration lock meanwhile. Raises `AnotherRunActive`."""
    with connect(address) as connection, migration_lock(connection):
        yield PostgreSqlHistory(address, connection)
