"""Finds indexes that a CONCURRENTLY left invalid when it failed: they cost writes and are never read."""

from typing import TYPE_CHECKING

from installer.database.values.invalid_index import InvalidIndex
from installer.postgresql.server.queries import rows_of

if TYPE_CHECKING:
    from installer.postgresql.server.driver import Driver as Server

INVALID = """SELECT i.indexrelid::regclass::text, i.indrelid::regclass::text FROM pg_index AS i
    JOIN pg_class AS c ON c.oid = i.indexrelid WHERE NOT i.indisvalid AND c.relkind = 'i'
    AND c.relnamespace <> 'pg_toast'::regnamespace
    AND NOT EXISTS (SELECT FROM pg_stat_progress_create_index AS p WHERE p.index_relid = i.indexrelid)
    ORDER BY 1"""


def invalid_indexes(connection: "Server") -> tuple[InvalidIndex, ...]:
    """Returns the invalid indexes of the database, without those that are being built."""
    return tuple(InvalidIndex(*row) for row in rows_of(connection, INVALID))
