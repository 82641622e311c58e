"""Reads and writes the table `_prisma_migrations` exactly as Prisma does.

Source: prisma-engines `flavour/mysql.rs` and `sql_migration_persistence.rs`. Rows are always found by id: the
table's collation takes `a` and `A` for the same name. Times are the client's UTC clock in milliseconds.
"""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import uuid4

from installer.bundle.sql.migrations import Migration
from installer.database.values.history_row import HistoryRow
from installer.mariadb.server.queries import rows_of, run_sql, value_of
from installer.system.clock import utc_now

if TYPE_CHECKING:
    from installer.mariadb.server.queries import Server

LOGS_LENGTH = 16_000  # characters; the column takes 65535 bytes
CREATE_TABLE = """CREATE TABLE _prisma_migrations (
    id                      VARCHAR(36) PRIMARY KEY NOT NULL,
    checksum                VARCHAR(64) NOT NULL,
    finished_at             DATETIME(3),
    migration_name          VARCHAR(255) NOT NULL,
    logs                    TEXT,
    rolled_back_at          DATETIME(3),
    started_at              DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
    applied_steps_count     INTEGER UNSIGNED NOT NULL DEFAULT 0
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci"""
SELECT_ROWS = """SELECT id, checksum, CAST(finished_at AS CHAR), migration_name, logs,
    CAST(rolled_back_at AS CHAR), CAST(started_at AS CHAR), applied_steps_count
    FROM _prisma_migrations ORDER BY started_at, migration_name, id"""


def has_history(connection: "Server") -> bool:
    """Returns whether the schema has the table."""
    return bool(_count(connection, "table_name = '_prisma_migrations'"))


def has_no_table(connection: "Server") -> bool:
    """Returns whether the schema has no table at all."""
    return not has_history(connection) and not has_other_tables(connection)


def has_other_tables(connection: "Server") -> bool:
    """Returns whether the schema has any other table; views and sequences do not count (Prisma's P3005)."""
    own = "table_type IN ('BASE TABLE', 'SYSTEM VERSIONED') AND table_name <> '_prisma_migrations'"
    return bool(_count(connection, own))


def read_history(connection: "Server") -> tuple[HistoryRow, ...]:
    """Returns all rows in the order they were started; none when the table does not exist."""
    return (
        tuple(HistoryRow(*row) for row in rows_of(connection, SELECT_ROWS)) if has_history(connection) else ()
    )


def create_history(connection: "Server") -> None:
    """Creates the table as Prisma does, unless it exists."""
    if not has_history(connection):
        run_sql(connection, CREATE_TABLE)


def record_start(connection: "Server", migration: Migration) -> str:
    """Records that a migration begins; returns the id of its row."""
    row_id = str(uuid4())
    run_sql(
        connection,
        "INSERT INTO _prisma_migrations (id, checksum, started_at, migration_name) VALUES (%s, %s, %s, %s)",
        (row_id, migration.checksum, milliseconds(utc_now()), migration.name),
    )
    return row_id


def record_success(connection: "Server", row_id: str) -> None:
    """Records that the migration of this row is applied, in Prisma's two steps."""
    run_sql(connection, *_update("applied_steps_count = applied_steps_count + 1", row_id))
    run_sql(connection, *_update("finished_at = %s", row_id, milliseconds(utc_now())))


def record_failure(connection: "Server", row_id: str, logs: str) -> None:
    """Records why the migration of this row failed."""
    run_sql(connection, *_update("logs = %s", row_id, logs[:LOGS_LENGTH]))


def record_rollback(connection: "Server", row_id: str) -> None:
    """Records that the statements of the failed row were undone by hand."""
    run_sql(connection, *_update("rolled_back_at = %s", row_id, milliseconds(utc_now())))


def record_applied(connection: "Server", migration: Migration) -> str:
    """Records a migration as applied that was not run here: logs '', no steps, no duration.

    Returns the id of its row.
    """
    row_id, now = str(uuid4()), milliseconds(utc_now())
    run_sql(
        connection,
        "INSERT INTO _prisma_migrations (id, checksum, logs, started_at, finished_at, migration_name)"
        " VALUES (%s, %s, '', %s, %s, %s)",
        (row_id, migration.checksum, now, now, migration.name),
    )
    return row_id


def milliseconds(moment: datetime) -> str:
    """Formats a UTC moment as the table keeps it: `2026-11-21 23:52:06.086`, further digits cut off."""
    return f"{moment:%Y-%m-%d %H:%M:%S}.{moment.microsecond // 1000:03}"


def _update(change: str, row_id: str, *values: str) -> tuple[str, tuple[str, ...]]:
    return f"UPDATE _prisma_migrations SET {change} WHERE id = %s", (*values, row_id)


def _count(connection: "Server", condition: str) -> int:
    sql = f"SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = DATABASE() AND {condition}"
    return int(value_of(connection, sql))
