"""Brings a copy into the state in which a statement failed, for as long as it is looked at.

What earlier statements of its transaction did is gone once a later one has failed.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from installer.bundle.sql.migrations import Migration
from installer.bundle.sql.postgresql_statements import split_postgresql
from installer.database.values.address import DatabaseAddress
from installer.postgresql.migration.committed import fate_of
from installer.postgresql.server.queries import ServerError, run_script
from installer.postgresql.server.server import connect

if TYPE_CHECKING:
    from installer.postgresql.server.driver import Driver as Server

PATIENT = """SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0; SET LOCAL row_security = off;
    SET LOCAL quote_all_identifiers = off"""


def uncommitted_before(migration: Migration, number: int) -> tuple[str, ...]:
    """Returns the statements before that with this number, from 1, which its failure took back."""
    statements = split_postgresql(migration.text)
    return tuple(statements[one - 1].text for one in fate_of(migration, number - 1).undone)


@contextmanager
def state_after(address: DatabaseAddress, statements: Sequence[str]) -> "Iterator[Server]":
    """Yields a transaction in which these statements have run; what it does is taken back at the end.

    Raises `ServerError` if one of them fails.
    """
    with connect(address, as_prisma=True) as connection:
        run_script(connection, "BEGIN")
        for statement in statements:
            run_script(connection, statement)
        run_script(connection, PATIENT)
        yield connection
        run_script(connection, "ROLLBACK")


@contextmanager
def taken_back(connection: "Server") -> Iterator[None]:
    """Takes back what the body does, also when the server refuses a statement of it; raises its error."""
    run_script(connection, "SAVEPOINT airlock")
    try:
        yield
    except ServerError as error:
        if error.is_lost_connection:
            raise
        run_script(connection, "ROLLBACK TO SAVEPOINT airlock")
        raise
    run_script(connection, "ROLLBACK TO SAVEPOINT airlock")
