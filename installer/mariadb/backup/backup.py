"""Backs up the database: a complete, consistent dump, streamed and verified, and its record."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from installer.database.dumps.dump_writer import Written, write_dump
from installer.database.dumps.new_backup import hidden, publish, refuse_without_space, sweep
from installer.database.records.backup_record import Backup, list_backups, new_path, read_backup
from installer.database.records.lost_tables import refuse_lost_tables
from installer.database.values.address import DatabaseAddress
from installer.database.values.picture import fingerprints
from installer.mariadb.backup.backup_obstacles import (
    data_bytes,
    estimated_bytes,
    refuse_obstacles,
)
from installer.mariadb.backup.dump import Taken, take
from installer.mariadb.backup.dump_end import is_complete, verify_backup
from installer.mariadb.backup.dump_source import Source, look_at
from installer.mariadb.backup.warnings import tell, warn
from installer.mariadb.content.schema import create_database_statement
from installer.mariadb.migration.history import has_no_table
from installer.mariadb.server.programs import find_programs
from installer.mariadb.server.queries import ServerError, server_version
from installer.mariadb.server.server import connect
from installer.screen.console import Console
from installer.system.age import refuse_recipients
from installer.system.files.reserve import RESERVE_BYTES
from installer.system.process.process import ToolFailed
from installer.text import _

__all__ = ["Backup", "back_up", "list_backups", "read_backup", "verify_backup"]


def back_up(
    address: DatabaseAddress,
    folder: Path,
    *,
    reason: str = "before_migration",
    now: datetime,
    console: Console,
    reserve_bytes: int = RESERVE_BYTES,
    leave_out_broken_views: bool = False,
    recipients: Sequence[str] = (),
    known_migrations: Sequence[str] = (),
    label: str = "",
) -> Backup:
    """Writes a backup, named as `new_path` says, and its record into `folder`, and verifies the dump.

    With `recipients` the dump is encrypted to these public keys, and its name ends with `.age`. Views that
    cannot be dumped prevent the backup; with `leave_out_broken_views` they are left out with a warning. The
    same reason and second replace an earlier backup. A database without tables is refused where it had the
    `known_migrations`. Raises `Refused`; then no file is left.
    """
    path = new_path(folder, reason, now, label, recipients)
    refuse_recipients(recipients)
    sweep(folder)
    refuse_to_back_up(
        address, folder, reserve_bytes=reserve_bytes, leave_out_broken_views=leave_out_broken_views
    )
    with connect(address) as connection:
        refuse_lost_tables(known_migrations, is_empty=has_no_table(connection))
    with hidden(path, (ToolFailed, ServerError)) as part:
        source = look_at(address)
        warn(source, console)
        taken = _dump(source, part, tuple(recipients), console)
        backup = _describe(source, taken, path, tuple(recipients), reason, now, label)
        publish(part, backup)
    tell(backup, source, console)
    return backup


def refuse_to_back_up(
    address: DatabaseAddress,
    folder: Path,
    *,
    reserve_bytes: int = RESERVE_BYTES,
    leave_out_broken_views: bool = False,
) -> None:
    """Raises `Refused` for any obstacle to a later backup into `folder`; writes nothing."""
    programs = find_programs(address.container_id)
    with connect(address) as connection:
        refuse_without_space(estimated_bytes(connection), folder, reserve_bytes)
        refuse_obstacles(connection, programs, leave_out_broken_views=leave_out_broken_views)


def _dump(source: Source, part: Path, recipients: tuple[str, ...], console: Console) -> Taken:
    def write(sql: Iterator[bytes]) -> Written:
        with console.progress(_("Dumping the database"), source.estimated_bytes) as advance:
            return write_dump(sql, part, recipients, advance, is_complete)

    return take(source.address, source.command(), source.command(locked=True), write)


def _describe(
    source: Source,
    taken: Taken,
    path: Path,
    recipients: tuple[str, ...],
    reason: str,
    now: datetime,
    label: str,
) -> Backup:
    objects = fingerprints(taken.picture.definitions)
    left_out = {view.name for view in source.broken_views}
    with connect(source.address) as connection:
        return Backup(
            path=path,
            reason=reason,
            made_at=now.isoformat(timespec="milliseconds"),
            database=source.address.database,
            create_database=create_database_statement(connection, source.address.database),
            server_version=server_version(connection),
            locked_tables=bool(source.tables_without_transactions),
            sha256=taken.written.sha256,
            size_bytes=taken.written.size_bytes,
            sql_bytes=taken.written.sql_bytes,
            data_bytes=data_bytes(connection),
            recipients=recipients,
            tables=taken.tables,
            objects={
                **objects,
                "view": {name: text for name, text in objects["view"].items() if name not in left_out},
            },
            positions=taken.positions,
            grants=taken.picture.grants,
            inexact_columns=(*source.rounded_columns, *(loss.column for loss in source.lost_values)),
            migrations=taken.picture.migrations,
            service=label,
        )
