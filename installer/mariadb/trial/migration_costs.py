"""Finds the costs of a migration's statements, just before its script is sent to the copy."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from installer.bundle.sql.migrations import Migration
from installer.bundle.sql.statements import split_statements
from installer.database.values.address import DatabaseAddress
from installer.database.values.rehearsal_result import RehearsedMigration, RehearsedStatement
from installer.errors import AirlockError
from installer.mariadb.server.queries import value_of
from installer.mariadb.server.server import connect
from installer.mariadb.trial.attempts import Cost
from installer.mariadb.trial.cost import costs_of, is_table_work
from installer.mariadb.trial.empty_tables import lay_out, names_of, side_schema


class Probe:
    """Keeps the costs of the migrations that were tried."""

    def __init__(self, side: DatabaseAddress, schema: str) -> None:
        self._side, self._schema = side, schema
        self._costs: dict[str, tuple[Cost | None, ...]] = {}

    def ask(self, migration: Migration) -> None:
        """Tries the statements on empty copies of the current tables; never raises for the server.

        The statements run in a session of their own, as the script will.
        """
        statements = split_statements(migration.text)
        work = [statement.text for statement in statements if is_table_work(statement.text)]
        try:
            with connect(self._side) as side:
                lay_out(side, self._schema, names_of(work))
                self._costs[migration.name] = costs_of(side, statements)
        except AirlockError:  # the costs are not known; the error will appear on the copy itself
            self._costs[migration.name] = ()

    def told(self, migration: RehearsedMigration) -> RehearsedMigration:
        """Returns the migration with the costs of its statements, as far as they are known."""
        costs = self._costs.get(migration.name, ())
        statements = [_told(one, costs[one.number - 1 : one.number]) for one in migration.statements]
        return replace(migration, statements=tuple(statements))


@contextmanager
def probing(copy: DatabaseAddress) -> Iterator[Probe]:
    """Yields a probe beside the copy; its schema is dropped at the end."""
    with side_schema(copy, "probe") as side:
        yield Probe(replace(copy, database=str(value_of(side, "SELECT DATABASE()"))), copy.database)


def _told(statement: RehearsedStatement, cost: tuple[Cost | None, ...]) -> RehearsedStatement:
    known = cost[0] if cost else None
    return replace(statement, algorithm=known.algorithm, lock=known.lock) if known else statement
