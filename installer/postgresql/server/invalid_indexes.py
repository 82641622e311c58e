"""Finds indexes that a CONCURRENTLY left invalid when it failed: they cost writes and are never read."""

from typing import TYPE_CHECKING

from installer.bundle.layout import shown
from installer.postgresql.server.queries import rows_of
from installer.text import _

if TYPE_CHECKING:
    from installer.postgresql.server.driver import Driver as Server

INVALID = """SELECT i.indexrelid::regclass::text, i.indrelid::regclass::text FROM pg_index AS i
    JOIN pg_class AS c ON c.oid = i.indexrelid WHERE NOT i.indisvalid AND c.relkind = 'i'
    AND c.relnamespace <> 'pg_toast'::regnamespace ORDER BY 1"""


def invalid_indexes(connection: "Server") -> tuple[str, ...]:
    """Returns one line for each invalid index of the database, with the statement that removes it."""
    return tuple(
        _(
            "Index {index} of table {table} is invalid; delete it with: DROP INDEX CONCURRENTLY {index};",
            index=shown(index), table=shown(table),
        )
        for index, table in rows_of(connection, INVALID)
    )  # fmt: skip
