"""Where a database stands against a release's migrations, the blind spots of Prisma included."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from installer.bundle.sql.migrations import Migration
from installer.database.records.migration_status import MigrationStatus, compare
from installer.mariadb.migration.history import has_history, has_other_tables, read_history

if TYPE_CHECKING:
    from installer.mariadb.server.queries import Server


def migration_status(connection: "Server", migrations: Sequence[Migration]) -> MigrationStatus:
    """Compare the connected schema with `migrations`; changes nothing."""
    unmanaged = bool(migrations) and not has_history(connection) and has_other_tables(connection)
    return compare(read_history(connection), migrations, unmanaged=unmanaged)
