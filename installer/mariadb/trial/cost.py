"""Which algorithm and lock the server takes for a statement: asked of the server itself, on empty tables.

The errors 1845 and 1846 are its "not this way". A table that an
older server made may cost more in truth, as it has to be converted on the way.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from installer.bundle.sql.statement_words import begins_with, is_surely_one, reaches_into
from installer.bundle.sql.statements import Statement
from installer.mariadb.server.queries import ServerError, rows_of, run_sql
from installer.mariadb.trial.attempts import Cost, attempts
from installer.mariadb.trial.empty_tables import replay_setting

if TYPE_CHECKING:
    from installer.mariadb.server.queries import Server

NOT_THIS_WAY = (1845, 1846)
TABLE_WORK = (
    ("ALTER", "TABLE|ONLINE|IGNORE"),
    ("CREATE", "TABLE|INDEX|UNIQUE|FULLTEXT|SPATIAL"),
    ("CREATE", "OR", "REPLACE", "TABLE|INDEX|UNIQUE|FULLTEXT|SPATIAL"),
    ("DROP", "TABLE|INDEX"),
    ("RENAME", "TABLE|TABLES"),
)
LEAVES_THE_SCHEMA = ("USE",)


def costs_of(connection: "Server", statements: Sequence[Statement]) -> tuple[Cost | None, ...]:
    """Try a script's statements one after the other in the connected side schema.

    None for what is not an ALTER TABLE or an index, for what names another schema, and for what fails there.
    """
    schemas = [str(name) for (name,) in rows_of(connection, "SHOW DATABASES")]
    found: list[Cost | None] = []
    for statement in statements:
        if begins_with(statement.text, *LEAVES_THE_SCHEMA):
            break
        replay_setting(connection, statement.text)
        is_harmless = is_table_work(statement.text) and not reaches_into(statement.text, schemas)
        found.append(_cost(connection, statement.text) if is_harmless else None)
    return (*found, *[None] * (len(statements) - len(found)))


def is_table_work(sql: str) -> bool:
    """Whether the statement makes or changes tables and surely is one statement, so that it can be tried."""
    return any(begins_with(sql, *words) for words in TABLE_WORK) and is_surely_one(sql)


def _cost(connection: "Server", sql: str) -> Cost | None:
    for cost, written in attempts(sql):
        try:
            run_sql(connection, written)
        except ServerError as error:
            if error.code in NOT_THIS_WAY:
                continue
            break
        return cost
    _run_if_it_can(connection, sql)
    return None


def _run_if_it_can(connection: "Server", sql: str) -> None:
    """Later statements build on this one, whatever it costs."""
    try:
        run_sql(connection, sql)
    except ServerError:
        return
