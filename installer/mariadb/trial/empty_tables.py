"""Creates empty copies of tables in a schema of their own, to try statements without touching a row."""

import re
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from installer.bundle.sql.sql_patterns import NAMED
from installer.bundle.sql.statement_words import begins_with, is_surely_one, names_in, words_of
from installer.database.values.address import DatabaseAddress
from installer.mariadb.server.queries import ServerError, quoted, rows_of, run_sql, value_of
from installer.mariadb.server.server import connect
from installer.mariadb.server.sessions import PATIENT

if TYPE_CHECKING:
    from installer.mariadb.server.queries import Server

TABLES = (
    "SELECT table_name FROM information_schema.tables WHERE table_schema = %s"
    " AND table_type IN ('BASE TABLE', 'SYSTEM VERSIONED')"
)
CHARSET = (
    "SELECT default_character_set_name, default_collation_name FROM information_schema.schemata"
    " WHERE schema_name = %s"
)
PARENT = re.compile(rf" FOREIGN KEY \([^)]*\) REFERENCES {NAMED} ")
BEYOND_THE_SESSION = {"GLOBAL", "PASSWORD", "PERSIST", "ROLE", "STATEMENT"}
STEADY = {  # settings that hinder our own queries and do not change what a statement means
    "AUTOCOMMIT": "SET autocommit = 1",
    "MAX_EXECUTION_TIME": "SET max_execution_time = 0",
    "MAX_STATEMENT_TIME": "SET max_statement_time = 0",
    "SQL_SELECT_LIMIT": "SET sql_select_limit = DEFAULT",
    "WAIT_TIMEOUT": PATIENT,
}
LIBERAL = "SET SESSION foreign_key_checks = 0, sql_mode = 'NO_ENGINE_SUBSTITUTION'"


@contextmanager
def side_schema(copy: DatabaseAddress, purpose: str) -> "Iterator[Server]":
    """Yields a connection to a new, empty schema with the copy's character set; drops it at the end."""
    name = f"airlock_{purpose}_{secrets.token_hex(4)}"
    with connect(copy) as owner:
        run_sql(owner, PATIENT)
        create_schema(owner, name, copy.database)
        try:
            with connect(replace(copy, database=name)) as connection:
                run_sql(connection, PATIENT)
                yield connection
        finally:
            with suppress(ServerError):  # the server may have ended, with its schemas
                run_sql(owner, f"DROP DATABASE IF EXISTS {quoted(name)}")


def create_schema(connection: "Server", name: str, like: str) -> None:
    """Creates an empty schema with the character set and collation of another."""
    charset, collation = rows_of(connection, CHARSET, (like,))[0]
    run_sql(connection, f"CREATE DATABASE {quoted(name)} CHARACTER SET {charset} COLLATE {collation}")


def lay_out(connection: "Server", schema: str, names: Iterable[str]) -> None:
    """Empties the connected side schema and creates empty copies of these tables of `schema` in it.

    `names` are in lower case; a table that cannot be copied is left out. The tables they refer to are copied
    as well.
    """
    mode, checks = rows_of(connection, "SELECT @@SESSION.sql_mode, @@SESSION.foreign_key_checks")[0]
    _empty(connection)
    run_sql(connection, LIBERAL)
    for structure in _structures(connection, schema, set(names)).values():
        with suppress(ServerError):
            run_sql(connection, structure)
    run_sql(connection, "SET SESSION sql_mode = %s, foreign_key_checks = %s", (mode, checks))


def replay_setting(connection: "Server", sql: str) -> None:
    """Sets what a script's SET sets for its session, and nothing beyond it; ignores a setting that fails.

    Settings that would block or cut off the answers to our own queries are replaced.
    """
    words = {word.upper for word in words_of(sql)}
    if begins_with(sql, "SET") and not BEYOND_THE_SESSION & words and is_surely_one(sql):
        for statement in (sql, *(STEADY[word] for word in STEADY if word in words)):
            with suppress(ServerError):
                run_sql(connection, statement)


def _empty(connection: "Server") -> None:
    name = str(value_of(connection, "SELECT DATABASE()"))
    charset, collation = rows_of(connection, CHARSET, (name,))[0]
    run_sql(connection, f"DROP DATABASE {quoted(name)}")
    run_sql(connection, f"CREATE DATABASE {quoted(name)} CHARACTER SET {charset} COLLATE {collation}")
    run_sql(connection, f"USE {quoted(name)}")


def _structures(connection: "Server", schema: str, names: set[str]) -> dict[str, str]:
    """Returns CREATE TABLE by name for the named tables and their direct parents."""
    tables = [str(name) for (name,) in rows_of(connection, TABLES, (schema,))]
    found = {table: _structure(connection, schema, table) for table in tables if table.lower() in names}
    parents = {parent for text in found.values() for parent in PARENT.findall(text)}
    more = [table for table in tables if table not in found and table.replace("`", "``") in parents]
    return found | {table: _structure(connection, schema, table) for table in more}


def _structure(connection: "Server", schema: str, table: str) -> str:
    return str(rows_of(connection, f"SHOW CREATE TABLE {quoted(schema)}.{quoted(table)}")[0][1])


def names_of(statements: Iterable[str]) -> frozenset[str]:
    """Returns all names in these statements, in lower case."""
    return frozenset().union(*(names_in(sql) for sql in statements))
