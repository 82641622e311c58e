"""Implements what is there of the interface of databases for one database on one PostgreSQL server."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from installer.bundle.sql.migrations import Migration
from installer.database.door.running_database import Settled
from installer.database.records.migration_refusals import refuse_blocked
from installer.database.records.migration_status import MigrationStatus
from installer.database.values.address import DatabaseAddress
from installer.database.values.facts import DatabaseFacts
from installer.postgresql.content.row_counts import row_counts
from installer.postgresql.migration.migrate import deploy
from installer.postgresql.migration.resolve import baseline, resolve
from installer.postgresql.migration.status import migration_status
from installer.postgresql.server.server import connect
from installer.postgresql.server.server_facts import read_facts
from installer.screen.console import Console


@dataclass(frozen=True)
class PostgreSqlDatabase:
    """Implements a part of `Database`; each method calls the room that does the work."""

    address: DatabaseAddress

    @property
    def name(self) -> str:
        """Returns the name of the database."""
        return self.address.database

    @property
    def host(self) -> str:
        """Returns the address on which the server listens."""
        return self.address.host

    def facts(self) -> DatabaseFacts:
        """Reads the system catalogues."""
        return read_facts(self.address)

    def row_counts(self, tables: Iterable[str], *, seconds: float) -> Mapping[str, int]:
        """Counts rows by count(*), without tables that take long."""
        return dict(row_counts(self.address, tables, seconds))

    def history(self, migrations: Sequence[Migration]) -> MigrationStatus:
        """Compares `_prisma_migrations` with `migrations`."""
        with connect(self.address) as connection:
            return migration_status(connection, migrations)

    def refuse_unless_deployable(self, status: MigrationStatus, pending: Sequence[Migration]) -> None:
        """Raises Prisma's refusals and Airlock's own."""
        refuse_blocked(status, pending)

    def deploy(
        self, migrations: Sequence[Migration], console: Console, *, planned: Sequence[str] | None = None
    ) -> tuple[str, ...]:
        """Applies each migration in a session of its own."""
        return deploy(self.address, migrations, console, planned=planned)

    def resolve(self, migrations: Sequence[Migration], name: str, settled: Settled) -> None:
        """Writes rows in Prisma's form."""
        resolve(self.address, migrations, name, settled)

    def baseline(self, migrations: Sequence[Migration], console: Console) -> None:
        """Writes rows in Prisma's form."""
        baseline(self.address, migrations, console)
