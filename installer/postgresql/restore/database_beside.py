"""Makes a new database beside the old one, and puts it in its place in one transaction."""

import re
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from threading import Event
from typing import TYPE_CHECKING

from installer.bundle.sql.postgresql_statements import split_postgresql
from installer.database.values.address import DatabaseAddress
from installer.errors import Refused, Stuck
from installer.postgresql.server.queries import ServerError, databases_of, quoted, run_sql, value_of
from installer.postgresql.server.server import connect
from installer.text import _

if TYPE_CHECKING:
    from installer.postgresql.server.driver import Driver as Server

NEW, BEFORE = "_airlock_new", "_airlock_before"
LONGEST_NAME_BYTES = 63
MAINTENANCE = ("postgres", "template1")
END_SESSIONS = (
    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = ANY ($1::text[])"
)
POLL_SECONDS = 0.1
DROP_SECONDS = 300
IN_USE = "55006"
IDENTIFIER = "SELECT quote_ident($1)"


def beside(address: DatabaseAddress, ending: str = NEW) -> DatabaseAddress:
    """Returns the address of the database with this ending; its name is cut where it would be too long."""
    room = LONGEST_NAME_BYTES - len(ending)
    stem = address.database.encode()[:room].decode("utf-8", "ignore")
    return replace(address, database=stem + ending)


@contextmanager
def new_database(address: DatabaseAddress, statements: str) -> Iterator[DatabaseAddress]:
    """Yields a new, empty database that these statements create under another name.

    Drops it when the body fails; one that a killed restore left is dropped first. Raises `ServerError`.
    """
    new = beside(address)
    drop(new)
    try:
        _create(address, statements, new.database)
        yield new
    except BaseException:
        with suppress(Refused):
            drop(new)
        raise


def put_in_place(address: DatabaseAddress) -> DatabaseAddress | None:
    """Gives the new database the name of the old one, and returns the old one's address under its new name.

    Ends all sessions of both. It is done wholly or not at all, also when this program is killed; None where
    there was no old one. Raises `ServerError`, with the code `IN_USE` where a session does not end, and
    `Stuck` when the server was lost at this moment.
    """
    new, before = beside(address), beside(address, BEFORE)
    drop(before)
    with connect(maintenance(address)) as connection:
        has_old = address.database in databases_of(connection)
        pairs = [(address, before)] if has_old else []
        pairs.append((new, address))
        with _ending_sessions(address, (address.database, new.database)):
            run_sql(connection, "BEGIN")
            run_sql(connection, "SET LOCAL synchronous_commit = on")
            for old_name, new_name in pairs:
                renamed = f"RENAME TO {quoted(new_name.database)}"
                run_sql(connection, f"ALTER DATABASE {quoted(old_name.database)} {renamed}")
            _commit(connection, new)
    return before if has_old else None


def exists(address: DatabaseAddress) -> bool:
    """Returns whether the server has the database."""
    with connect(maintenance(address)) as connection:
        return address.database in databases_of(connection)


def drop(address: DatabaseAddress) -> None:
    """Drops a database if it exists, with all sessions in it.

    Raises `ServerError`, also after some minutes: the server waits for every session of all databases, and a
    disk that does not answer may keep one from ever ending.
    """
    with connect(maintenance(address)) as connection:
        if address.database in databases_of(connection):
            run_sql(connection, f"SET statement_timeout = '{DROP_SECONDS} s'")
            run_sql(connection, f"DROP DATABASE {quoted(address.database)} WITH (FORCE)")


def maintenance(address: DatabaseAddress) -> DatabaseAddress:
    """Returns the address of a database that is always there, for statements about others."""
    name = next(name for name in MAINTENANCE if name != address.database)
    return replace(address, database=name, schema="public")


def _commit(connection: "Server", new: DatabaseAddress) -> None:
    """Commits; where the answer was lost, the names tell whether the server did it."""
    try:
        run_sql(connection, "COMMIT")
    except ServerError as error:
        if not error.is_lost_connection:
            raise
        try:
            is_undone = exists(new)
        except Refused as away:
            raise Stuck(
                _("The server was lost while the databases were swapped: either may be in place."),
                details=(error.happened, away.happened),
                hint=_("Start the database, then run the command again."),
            ) from error
        if is_undone:
            raise


def _create(address: DatabaseAddress, statements: str, new_name: str) -> None:
    with connect(maintenance(address)) as connection:
        names = (str(value_of(connection, IDENTIFIER, (address.database,))), quoted(address.database))
        for statement in split_postgresql(statements):
            run_sql(connection, _renamed(statement.text, names, quoted(new_name)))


@contextmanager
def _ending_sessions(address: DatabaseAddress, databases: Sequence[str]) -> Iterator[None]:
    """Ends all sessions of these databases again and again while the body runs.

    A database that is being renamed lets no new session in, and waits five seconds for the end of those that
    were quick enough.
    """
    is_over = Event()

    def end() -> None:
        with suppress(Refused), connect(maintenance(address)) as connection:
            while not is_over.is_set():
                value_of(connection, END_SESSIONS, (list(databases),))
                is_over.wait(POLL_SECONDS)

    with ThreadPoolExecutor(1) as aside:
        aside.submit(end)
        try:
            yield
        finally:
            is_over.set()


def _renamed(statement: str, names: Sequence[str], new_name: str) -> str:
    """Returns a statement about the database with another name in it; `names` are the ways to write it."""
    name = "|".join(map(re.escape, names))
    return re.sub(
        rf"\bDATABASE (?:{name})(?=[\s;]|$)", lambda _found: f"DATABASE {new_name}", statement, count=1
    )
