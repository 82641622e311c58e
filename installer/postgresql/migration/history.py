"""Reads and writes the table `_prisma_migrations` exactly as Prisma does.

Source: prisma-engines `flavour/postgres.rs` and `sql_migration_persistence.rs`. The table is in the schema of
the connection, which is created where it does not exist. Times are the client's UTC clock in milliseconds.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import uuid4

from installer.bundle.sql.migrations import Migration
from installer.database.values.history_row import HistoryRow
from installer.postgresql.server.queries import quoted, rows_of, run_sql, value_of
from installer.system.clock import utc_now

if TYPE_CHECKING:
    from installer.postgresql.server.driver import Driver as Server

CREATE_TABLE = """CREATE TABLE _prisma_migrations (
    id                      VARCHAR(36) PRIMARY KEY NOT NULL,
    checksum                VARCHAR(64) NOT NULL,
    finished_at             TIMESTAMPTZ,
    migration_name          VARCHAR(255) NOT NULL,
    logs                    TEXT,
    rolled_back_at          TIMESTAMPTZ,
    started_at              TIMESTAMPTZ NOT NULL DEFAULT now(),
    applied_steps_count     INTEGER NOT NULL DEFAULT 0
)"""
TIME = "to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')"
SELECT_ROWS = f"""SELECT id, checksum, {TIME.format("finished_at")}, migration_name, logs,
    {TIME.format("rolled_back_at")}, {TIME.format("started_at")}, applied_steps_count
    FROM _prisma_migrations ORDER BY started_at, migration_name, id"""
TABLES = """SELECT count(*) FROM pg_class WHERE relkind = 'r'
    AND relnamespace = to_regnamespace(quote_ident(current_schema())) AND relname """
LISTED = """SELECT count(*) FROM pg_class WHERE relkind = 'r' AND relname <> '_prisma_migrations'
    AND relnamespace IN (SELECT oid FROM pg_namespace WHERE nspname = ANY ($1::text[]))"""
BELOW_MILLISECONDS = "000"


def has_history(connection: "Server") -> bool:
    """Returns whether the schema has the table."""
    return bool(value_of(connection, f"{TABLES} = '_prisma_migrations'"))


def has_no_table(connection: "Server") -> bool:
    """Returns whether the schema has no table at all."""
    return not has_history(connection) and not has_other_tables(connection)


def has_other_tables(connection: "Server", listed: Sequence[str] = ()) -> bool:
    """Returns whether the schema, or one of those `listed`, has any other table (Prisma's P3005).

    Views, sequences, types and partitioned tables do not count, nor do tables in other schemas.
    """
    here = value_of(connection, f"{TABLES} <> '_prisma_migrations'")
    return bool(here or value_of(connection, LISTED, (list(listed),)))


def read_history(connection: "Server") -> tuple[HistoryRow, ...]:
    """Returns all rows in the order they were started; none when the table does not exist."""
    return tuple(map(_row, rows_of(connection, SELECT_ROWS))) if has_history(connection) else ()


def create_history(connection: "Server", schema: str) -> None:
    """Creates the table as Prisma does, unless it exists, and before it the schema."""
    if value_of(connection, "SELECT current_schema()") is None:
        run_sql(connection, f"CREATE SCHEMA {quoted(schema)}")
    if not has_history(connection):
        run_sql(connection, CREATE_TABLE)


def record_start(connection: "Server", migration: Migration) -> str:
    """Records that a migration begins; returns the id of its row."""
    row_id = str(uuid4())
    run_sql(
        connection,
        "INSERT INTO _prisma_migrations (id, checksum, started_at, migration_name)"
        " VALUES ($1, $2, $3::timestamptz, $4)",
        (row_id, migration.checksum, milliseconds(utc_now()), migration.name),
    )
    return row_id


def record_success(connection: "Server", row_id: str) -> None:
    """Records that the migration of this row is applied, in Prisma's two steps."""
    _update(connection, "applied_steps_count = applied_steps_count + 1", row_id)
    _update(connection, "finished_at = $2::timestamptz", row_id, milliseconds(utc_now()))


def record_failure(connection: "Server", row_id: str, logs: str) -> None:
    """Records why the migration of this row failed."""
    _update(connection, "logs = $2", row_id, logs)


def record_rollback(connection: "Server", row_id: str) -> None:
    """Records that the statements of the failed row were undone by hand."""
    _update(connection, "rolled_back_at = $2::timestamptz", row_id, milliseconds(utc_now()))


def record_applied(connection: "Server", migration: Migration) -> str:
    """Records a migration as applied that was not run here: logs '', no steps, no duration.

    Returns the id of its row.
    """
    row_id, now = str(uuid4()), milliseconds(utc_now())
    run_sql(
        connection,
        "INSERT INTO _prisma_migrations (id, checksum, logs, started_at, finished_at, migration_name)"
        " VALUES ($1, $2, '', $3::timestamptz, $3::timestamptz, $4)",
        (row_id, migration.checksum, now, migration.name),
    )
    return row_id


def milliseconds(moment: datetime) -> str:
    """Formats a UTC moment as Prisma keeps it: `2026-11-21 23:52:06.086+00`, further digits cut off."""
    return f"{moment:%Y-%m-%d %H:%M:%S}.{moment.microsecond // 1000:03}+00"


def _row(row: tuple[str | None, ...]) -> HistoryRow:
    """Returns a row with its times in milliseconds, unless another program wrote more digits."""
    id, checksum, finished_at, name, logs, rolled_back_at, started_at, steps = row
    times = [time and time.removesuffix(BELOW_MILLISECONDS) for time in (finished_at, rolled_back_at)]
    started = str(started_at).removesuffix(BELOW_MILLISECONDS)
    return HistoryRow(str(id), str(checksum), times[0], str(name), logs, times[1], started, int(steps or 0))


def _update(connection: "Server", change: str, row_id: str, *values: str) -> None:
    run_sql(connection, f"UPDATE _prisma_migrations SET {change} WHERE id = $1", (row_id, *values))
