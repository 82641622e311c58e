"""Compares a database with a release's migrations, including what Prisma overlooks."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from installer.bundle.sql.migrations import Migration
from installer.database.records.migration_status import MigrationStatus, compare
from installer.mariadb.migration.history import has_history, has_other_tables, read_history
from installer.mariadb.server.queries import rows_of

if TYPE_CHECKING:
    from installer.mariadb.server.queries import Server

EXECUTED = """SELECT info FROM information_schema.processlist
    WHERE db = DATABASE() AND command = 'Query' AND id <> CONNECTION_ID() AND info <> ''"""


def migration_status(connection: "Server", migrations: Sequence[Migration]) -> MigrationStatus:
    """Compares the connected schema with `migrations`; changes nothing."""
    unmanaged = bool(migrations) and not has_history(connection) and has_other_tables(connection)
    status = compare(read_history(connection), migrations, unmanaged=unmanaged)
    return replace(status, running=_running(connection, status, migrations)) if status.failed else status


def _running(
    connection: "Server", status: MigrationStatus, migrations: Sequence[Migration]
) -> tuple[str, ...]:
    """Finds failed migrations one of whose statements a session executes: its client may have died."""
    failed = {row.migration_name for row in status.failed}
    statements = [str(info) for (info,) in rows_of(connection, EXECUTED)]
    return tuple(
        migration.name
        for migration in migrations
        if migration.name in failed and any(_is_of(statement, migration) for statement in statements)
    )


def _is_of(statement: str, migration: Migration) -> bool:
    return bool(migration.script) and statement.strip().encode() in (migration.script or b"")
