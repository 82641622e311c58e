"""Drops a schema, makes it again, loads what is wanted, and compares."""

from typing import TYPE_CHECKING

from installer.console import Console
from installer.errors import AirlockError
from installer.operations.load_dump import load_dump
from installer.operations.restore_content import Content
from installer.system.mariadb import DatabaseAddress, connect
from installer.system.mariadb_sql import quoted, run_sql
from installer.text import _

if TYPE_CHECKING:
    from installer.system.mariadb_sql import Server

LOCK_WAIT_SECONDS = 60


class Different(AirlockError):
    """What was loaded is not what was wanted; the details name the differences."""


def put_in_place(address: DatabaseAddress, wanted: Content, console: Console) -> None:
    """Afterwards the schema holds what is wanted, nothing else. Whatever it raises, the old one is gone."""
    with connect(address, schema=False) as connection:
        _make_empty(connection, address.database, wanted.create_database)
    load_dump(address, wanted.read(), wanted.sql_bytes, console)
    console.say(_("Comparing the result with the backup."))
    found = wanted.differences(address)
    if found:
        raise Different(_("The restored database differs from the backup."), details=found)


def _make_empty(connection: "Server", database: str, create_database: str) -> None:
    run_sql(connection, "SET SESSION lock_wait_timeout = %s", (LOCK_WAIT_SECONDS,))
    run_sql(connection, "SET SESSION foreign_key_checks = 0")  # other schemas may refer to this one
    run_sql(connection, f"DROP DATABASE IF EXISTS {quoted(database)}")
    run_sql(connection, create_database)
