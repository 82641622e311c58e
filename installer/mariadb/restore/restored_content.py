"""Describes what a restore loads into a database, and how to verify the result."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from installer.database.dumps.dump_reader import read_sql
from installer.database.records.backup_record import Backup
from installer.database.records.differences import differences
from installer.database.values.address import DatabaseAddress
from installer.mariadb.content.take_picture import picture_of
from installer.mariadb.server.queries import server_version
from installer.mariadb.server.server import connect


@dataclass(frozen=True)
class Content:
    """Holds SQL in chunks, the statement that creates the schema, and the comparison.

    The comparison gives no line when the result is right. `data_bytes` is the size on the server's disk, None
    when it is not known.
    """

    name: str
    create_database: str
    sql_bytes: int
    data_bytes: int | None
    read: Callable[[], Iterator[bytes]]
    differences: Callable[[DatabaseAddress], tuple[str, ...]]


def content_of(backup: Backup, *, identity: Path | None = None) -> Content:
    """Returns the content of a backup with a record; `identity` has the key to an encrypted one."""
    return Content(
        name=backup.path.name,
        create_database=backup.create_database,
        sql_bytes=backup.sql_bytes,
        data_bytes=backup.data_bytes,
        read=lambda: read_sql(backup.path, identity=identity),
        differences=lambda address: differences_from(address, backup),
    )


def differences_from(address: DatabaseAddress, backup: Backup) -> tuple[str, ...]:
    """Returns one line for each difference between the present schema and the backup; none when equal.

    Leaves out the rights of accounts, which a restore does not change.
    """
    with connect(address) as connection:
        same_server = server_version(connection) == backup.server_version
    return differences(replace(backup, grants=None), picture_of(address), same_server=same_server)
