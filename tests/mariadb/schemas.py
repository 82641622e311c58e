"""Schemas to try things on: one with an object of every kind, and comparing what a schema holds."""

from pathlib import Path

from installer.database.values.address import DatabaseAddress
from installer.database.values.picture import Picture
from installer.mariadb.content.take_picture import picture_of
from installer.mariadb.server.queries import rows_of
from installer.mariadb.server.server import connect

CRLF = "CREATE PROCEDURE crlf() BEGIN\r\n  SELECT 'a\r\nb';\r\nEND;"
EVERY_KIND = Path(__file__).with_name("every_kind.sql").read_text() + CRLF


def execute(address: DatabaseAddress, script: str) -> None:
    """Run a script of several statements."""
    with connect(address) as connection, connection.cursor() as cursor:
        cursor.execute(script)
        while cursor.nextset():
            pass


def picture(address: DatabaseAddress) -> Picture:
    """Every definition, every table's rows and checksum, what comes next, the migration history."""
    return picture_of(address)


def query(address: DatabaseAddress, sql: str) -> list[tuple[object, ...]]:
    """The rows of one query."""
    with connect(address) as connection:
        return rows_of(connection, sql)
