"""Drops a schema, creates it again, loads the new content and compares the result."""

from typing import TYPE_CHECKING

from installer.database.values.address import DatabaseAddress
from installer.database.values.problems import ContentDiffers, ContentUntouched
from installer.mariadb.loading.load_dump import load_dump
from installer.mariadb.restore.restored_content import Content
from installer.mariadb.server.queries import ServerError, quoted, run_sql
from installer.mariadb.server.server import connect
from installer.mariadb.server.sessions import others_in
from installer.screen.console import Console
from installer.text import _

if TYPE_CHECKING:
    from installer.mariadb.server.queries import Server

LOCK_WAIT_SECONDS = 60
LOCK_WAIT_TIMEOUT = 1205


def put_in_place(address: DatabaseAddress, wanted: Content, console: Console) -> None:
    """Replaces the schema's content by exactly `wanted`.

    Raises `ContentUntouched` while the old content is there; after any other error, it is deleted.
    """
    with connect(address, schema=False) as connection:
        _make_empty(connection, address.database, wanted.create_database)
    load_dump(address, wanted.read(), wanted.sql_bytes, console)
    console.say(_("Comparing the result with the backup."))
    found = wanted.differences(address)
    if found:
        raise ContentDiffers(_("The restored database differs from the backup."), details=found)


def _make_empty(connection: "Server", database: str, create_database: str) -> None:
    run_sql(connection, "SET SESSION lock_wait_timeout = %s", (LOCK_WAIT_SECONDS,))
    run_sql(connection, "SET SESSION foreign_key_checks = 0")  # tables of other schemas may refer to this one
    _drop(connection, database)
    run_sql(connection, create_database)


def _drop(connection: "Server", database: str) -> None:
    """Drops the schema; the server locks every table before it drops the first."""
    try:
        run_sql(connection, f"DROP DATABASE IF EXISTS {quoted(database)}")
    except ServerError as error:
        if error.code != LOCK_WAIT_TIMEOUT:
            raise
        raise ContentUntouched(
            _("Tables in {database} are locked by other sessions; nothing was changed.", database=database),
            details=others_in(connection, database),
            hint=_("End these sessions, then run the command again."),
        ) from error
