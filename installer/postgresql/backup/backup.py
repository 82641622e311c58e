"""Backs up the database: a complete, consistent dump, streamed and verified, and its record."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from installer.database.dumps.dump_writer import Written, write_dump
from installer.database.dumps.new_backup import hidden, publish, refuse_without_space, sweep
from installer.database.records.backup_record import Backup, new_path
from installer.database.records.lost_tables import refuse_lost_tables
from installer.database.values.address import DatabaseAddress
from installer.database.values.picture import fingerprints
from installer.postgresql.backup.backup_obstacles import (
    data_bytes,
    estimated_bytes,
    refuse_obstacles,
    tables_elsewhere,
)
from installer.postgresql.backup.dump import Taken, take
from installer.postgresql.backup.dump_end import is_complete
from installer.postgresql.content.database_statements import database_statements
from installer.postgresql.migration.history import has_no_table
from installer.postgresql.server.invalid_indexes import invalid_indexes
from installer.postgresql.server.queries import ServerError, server_version
from installer.postgresql.server.server import connect
from installer.screen.console import Console, size
from installer.system.age import refuse_recipients
from installer.system.files.reserve import RESERVE_BYTES
from installer.system.process.process import ToolFailed
from installer.text import _

ENGINE = "postgresql"


def back_up(
    address: DatabaseAddress,
    folder: Path,
    *,
    reason: str,
    now: datetime,
    console: Console,
    reserve_bytes: int = RESERVE_BYTES,
    recipients: Sequence[str] = (),
    known_migrations: Sequence[str] = (),
    label: str = "",
) -> Backup:
    """Writes a backup, named as `new_path` says, and its record into `folder`, and verifies the dump.

    With `recipients` the dump is encrypted to these public keys, and its name ends with `.age`. The same
    reason and second replace an earlier backup. A database without tables is refused where it had the
    `known_migrations`. Raises `Refused`; then no file is left.
    """
    path = new_path(folder, reason, now, label, recipients)
    refuse_recipients(recipients)
    sweep(folder)
    refuse_to_back_up(address, folder, reserve_bytes=reserve_bytes)
    with connect(address) as connection:
        refuse_lost_tables(known_migrations, is_empty=has_no_table(connection))
    with hidden(path, (ToolFailed, ServerError)) as part:
        taken = _dump(address, part, tuple(recipients), console)
        backup = _describe(address, taken, path, tuple(recipients), reason, now, label)
        publish(part, backup)
    _tell(backup, address, console)
    return backup


def refuse_to_back_up(address: DatabaseAddress, folder: Path, *, reserve_bytes: int = RESERVE_BYTES) -> None:
    """Raises `Refused` for any obstacle to a later backup into `folder`; writes nothing."""
    with connect(address) as connection:
        refuse_obstacles(connection)
        refuse_without_space(estimated_bytes(connection), folder, reserve_bytes)


def _dump(address: DatabaseAddress, part: Path, recipients: tuple[str, ...], console: Console) -> Taken:
    with connect(address) as connection:
        expected_bytes = estimated_bytes(connection)

    def write(sql: Iterator[bytes]) -> Written:
        with console.progress(_("Dumping the database"), expected_bytes) as advance:
            return write_dump(sql, part, recipients, advance, is_complete)

    return take(address, write)


def _describe(
    address: DatabaseAddress,
    taken: Taken,
    path: Path,
    recipients: tuple[str, ...],
    reason: str,
    now: datetime,
    label: str,
) -> Backup:
    with connect(address) as connection:
        return Backup(
            path=path,
            reason=reason,
            made_at=now.isoformat(timespec="milliseconds"),
            database=address.database,
            create_database=database_statements(address),
            server_version=server_version(connection),
            locked_tables=False,
            sha256=taken.written.sha256,
            size_bytes=taken.written.size_bytes,
            sql_bytes=taken.written.sql_bytes,
            data_bytes=data_bytes(connection),
            recipients=recipients,
            tables=taken.picture.tables,
            objects=fingerprints(taken.picture.definitions),
            positions=taken.positions,
            grants=taken.picture.grants,
            inexact_columns=(),
            migrations=taken.picture.migrations,
            service=label,
            engine=ENGINE,
        )


def _tell(backup: Backup, address: DatabaseAddress, console: Console) -> None:
    with connect(address) as connection:
        elsewhere, invalid = tables_elsewhere(connection), invalid_indexes(connection)
    if elsewhere:
        console.warn(
            _(
                "The rows of foreign tables are on other servers and in no backup: {names}",
                names=", ".join(elsewhere),
            )
        )
    for one in invalid:
        console.warn(_("Not in the backup. {line}", line=one.words))
    console.say(_("Backup {name}: {size}, verified.", name=backup.path.name, size=size(backup.size_bytes)))
