"""Compares a database with a release's migrations, including what Prisma overlooks."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from installer.bundle.sql.migrations import Migration
from installer.database.records.migration_status import MigrationStatus, compare
from installer.mariadb.migration.history import has_history, has_other_tables, read_history

if TYPE_CHECKING:
    from installer.mariadb.server.queries import Server


def migration_status(connection: "Server", migrations: Sequence[Migration]) -> MigrationStatus:
    """Compares the connected schema with `migrations`; changes nothing."""
    unmanaged = bool(migrations) and not has_history(connection) and has_other_tables(connection)
    return compare(read_history(connection), migrations, unmanaged=unmanaged)
