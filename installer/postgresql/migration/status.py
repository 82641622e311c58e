"""Compares a database with a release's migrations, including what Prisma overlooks."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from installer.bundle.sql.migrations import Migration
from installer.database.records.migration_status import MigrationStatus, compare
from installer.postgresql.migration.history import has_history, has_other_tables, read_history
from installer.postgresql.server.invalid_indexes import invalid_indexes
from installer.postgresql.server.queries import rows_of

if TYPE_CHECKING:
    from installer.postgresql.server.driver import Driver as Server

EXECUTED = """SELECT query FROM pg_stat_activity WHERE datname = current_database() AND state = 'active'
    AND backend_type = 'client backend' AND pid <> pg_backend_pid() AND query <> ''"""


def migration_status(connection: "Server", migrations: Sequence[Migration]) -> MigrationStatus:
    """Compares the connected schema with `migrations`; changes nothing."""
    listed = sorted({schema for migration in migrations for schema in migration.schemas})
    unmanaged = bool(migrations) and not has_history(connection) and has_other_tables(connection, listed)
    status = compare(read_history(connection), migrations, unmanaged=unmanaged)
    status = replace(status, invalid_indexes=invalid_indexes(connection))
    return replace(status, running=_running(connection, status, migrations)) if status.failed else status


def _running(
    connection: "Server", status: MigrationStatus, migrations: Sequence[Migration]
) -> tuple[str, ...]:
    """Finds failed migrations that a session executes: its client may have died.

    The server shows only the beginning of a long script (`track_activity_query_size`).
    """
    failed = {row.migration_name for row in status.failed}
    executed = [str(query) for (query,) in rows_of(connection, EXECUTED)]
    return tuple(
        migration.name
        for migration in migrations
        if migration.name in failed and any(query in migration.text for query in executed)
    )
