"""Describes what a restore loads into a database, and how to verify the result."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from installer.database.dumps.dump_reader import read_sql
from installer.database.records.backup_record import Backup
from installer.database.records.differences import differences
from installer.database.values.address import DatabaseAddress
from installer.database.values.picture import Picture
from installer.postgresql.content.roles import settings_in_database
from installer.postgresql.restore.database_beside import maintenance
from installer.postgresql.server.queries import server_version
from installer.postgresql.server.server import connect


@dataclass(frozen=True)
class Content:
    """Holds SQL in chunks, the statements that create the database, and the comparison.

    The comparison gives no line when the result is right. `data_bytes` is the size on the server's disk, None
    when it is not known; `has_record`: the comparison is with a backup's record.
    """

    name: str
    has_record: bool
    create_database: str
    sql_bytes: int
    data_bytes: int | None
    read: Callable[[], Iterator[bytes]]
    differences: Callable[[Picture], tuple[str, ...]]


def content_of(address: DatabaseAddress, backup: Backup, *, identity: Path | None = None) -> Content:
    """Returns the content of a backup with a record; `identity` has the key to an encrypted one."""
    return Content(
        name=backup.path.name,
        has_record=True,
        create_database=backup.create_database,
        sql_bytes=backup.sql_bytes,
        data_bytes=backup.data_bytes,
        read=lambda: read_sql(backup.path, identity=identity),
        differences=lambda now: differences_from(address, backup, now),
    )


def differences_from(address: DatabaseAddress, backup: Backup, now: Picture) -> tuple[str, ...]:
    """Returns one line for each difference between a database and the backup; none when equal.

    Leaves out what roles may do on the server, which a restore does not change.
    """
    return differences(
        replace(backup, grants=_of_database(backup.grants)),
        replace(now, grants=_of_database(now.grants)),
        same_server=version_of(address) == backup.server_version,
    )


def version_of(address: DatabaseAddress) -> str:
    """Returns the server's own version text, whether the database exists or not."""
    with connect(maintenance(address)) as connection:
        return server_version(connection)


def _of_database(roles: Mapping[str, tuple[str, ...]] | None) -> Mapping[str, tuple[str, ...]] | None:
    return None if roles is None else settings_in_database(roles)
