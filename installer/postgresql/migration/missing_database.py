"""Creates the database that an application's URL names, where the server does not have it, as Prisma does."""

from dataclasses import replace

from installer.database.values.address import DatabaseAddress
from installer.errors import Refused
from installer.postgresql.server.login_refusals import UNKNOWN_DATABASE
from installer.postgresql.server.queries import ServerError, quoted, run_sql
from installer.postgresql.server.server import connect

ALWAYS_THERE = "postgres"


def create_missing_database(address: DatabaseAddress) -> None:
    """Creates the database unless the server has it. Raises `Refused`."""
    try:
        with connect(address):
            return
    except Refused as refused:
        cause = refused.__cause__
        if not isinstance(cause, ServerError) or cause.code != UNKNOWN_DATABASE:
            raise
    with connect(replace(address, database=ALWAYS_THERE)) as connection:
        run_sql(connection, f"CREATE DATABASE {quoted(address.database)}")
