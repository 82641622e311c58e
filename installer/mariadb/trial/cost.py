"""Finds the algorithm and lock that the server uses for a statement, by asking it on empty tables.

The errors 1845 and 1846 mean that the algorithm or lock is not possible; MySQL also says 1800 for NOCOPY,
which it does not know, and 1221 for a lock with INSTANT. A table that an older server created may cost more,
as it has to be converted.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from installer.bundle.sql.statement_words import begins_with, is_surely_one, reaches_into
from installer.bundle.sql.statements import Statement
from installer.mariadb.server.product import is_mysql
from installer.mariadb.server.queries import ServerError, run_sql, runs, schemas_of
from installer.mariadb.trial.attempts import Cost, attempts
from installer.mariadb.trial.empty_tables import replay_setting

if TYPE_CHECKING:
    from installer.mariadb.server.queries import Server

NOT_THIS_WAY = (1221, 1800, 1845, 1846)
TABLE_WORK = (
    ("ALTER", "TABLE|ONLINE|IGNORE"),
    ("CREATE", "TABLE|INDEX|UNIQUE|FULLTEXT|SPATIAL"),
    ("CREATE", "OR", "REPLACE", "TABLE|INDEX|UNIQUE|FULLTEXT|SPATIAL"),
    ("DROP", "TABLE|INDEX"),
    ("RENAME", "TABLE|TABLES"),
)
LEAVES_THE_SCHEMA = ("USE",)


def costs_of(connection: "Server", statements: Sequence[Statement]) -> tuple[Cost | None, ...]:
    """Tries a script's statements one after the other in the connected side schema.

    None for a statement that is no ALTER TABLE and no index, that names another schema, or that fails there.
    """
    schemas = schemas_of(connection)
    found: list[Cost | None] = []
    for statement in statements:
        if begins_with(statement.text, *LEAVES_THE_SCHEMA):
            break
        replay_setting(connection, statement.text)
        is_harmless = is_table_work(statement.text) and not reaches_into(statement.text, schemas)
        found.append(_cost(connection, statement.text) if is_harmless else None)
    return (*found, *[None] * (len(statements) - len(found)))


def is_table_work(sql: str) -> bool:
    """Returns whether the statement changes tables and surely is one statement, so that it can be tried."""
    return any(begins_with(sql, *words) for words in TABLE_WORK) and is_surely_one(sql)


def _cost(connection: "Server", sql: str) -> Cost | None:
    for cost, written in attempts(sql, instant_names_lock=not is_mysql(connection)):
        try:
            run_sql(connection, written)
        except ServerError as error:
            if error.code in NOT_THIS_WAY:
                continue
            break
        return cost
    runs(connection, sql)  # at any cost: later statements build on it
    return None
