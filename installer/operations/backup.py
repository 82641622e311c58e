"""Backs up the database: a complete, consistent dump, streamed and verified, and a record of its content."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from installer.console import Console, size
from installer.errors import Refused
from installer.operations.backup_file import Written, compress, new_file, verify_backup
from installer.operations.backup_obstacles import (
    estimated_bytes,
    has_row_history,
    inexact_columns,
    refuse_obstacles,
    tables_without_transactions,
)
from installer.operations.backup_picture import Picture, steady_tables, take_picture
from installer.operations.backup_record import (
    DUMP_SUFFIX,
    Backup,
    list_backups,
    read_backup,
    write_record,
)
from installer.system.files import fsync_folder, writable
from installer.system.mariadb import DatabaseAddress, connect
from installer.system.mariadb_programs import Programs, dump_command, dumping, find_programs
from installer.system.mariadb_schema import create_database_statement, fingerprints
from installer.system.mariadb_sql import ServerError, server_version
from installer.system.process import ToolFailed
from installer.text import _

if TYPE_CHECKING:
    from installer.system.mariadb_sql import Server

__all__ = ["Backup", "back_up", "list_backups", "read_backup", "verify_backup"]

RESERVE_BYTES = 256 * 1024**2


def back_up(
    address: DatabaseAddress,
    folder: Path,
    *,
    reason: str = "before_migration",
    now: datetime,
    console: Console,
    reserve_bytes: int = RESERVE_BYTES,
) -> Backup:
    """Write `backup_<reason>_YYYYMMDD_HHMMSS.sql.gz` and its record into `folder`, and read the dump back.

    The same reason and second replace an earlier backup. Raises `Refused`; then no file is left.
    """
    path = folder / f"backup_{reason}_{now:%Y%m%d_%H%M%S}{DUMP_SUFFIX}"
    programs = find_programs(address.container_id)
    with writable(folder):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with connect(address) as connection, _hidden(path) as part:
        refuse_obstacles(connection, programs, folder, reserve_bytes)
        before = take_picture(connection)
        written = _write_dump(connection, address, programs, part, console)
        backup = _describe(connection, address, path, written, before, reason, now)
        verify_backup(replace(backup, path=part))
        _publish(part, backup)
    _tell(backup, console)
    return backup


def refuse_to_back_up(address: DatabaseAddress, folder: Path, *, reserve_bytes: int = RESERVE_BYTES) -> None:
    """Raise `Refused` for what would stand against a backup into `folder`, made later; writes nothing."""
    programs = find_programs(address.container_id)
    with connect(address) as connection:
        refuse_obstacles(connection, programs, folder, reserve_bytes)


@contextmanager
def _hidden(path: Path) -> Iterator[Path]:
    """Where the dump is written until it is verified; gone when the body fails; that is said plainly."""
    part = path.with_name(f".{path.name}.part")
    try:
        yield part
    except (ToolFailed, ServerError, OSError) as failure:
        raise _not_made(failure) from failure
    finally:
        with suppress(OSError):  # a disk that became read-only
            part.unlink()


def _write_dump(
    connection: "Server", address: DatabaseAddress, programs: Programs, part: Path, console: Console
) -> Written:
    locked = tables_without_transactions(connection)
    if locked:
        names = ", ".join(locked)
        console.warn(_("Tables without transactions are locked during the backup: {names}", names=names))
    command = dump_command(address, programs, locked=bool(locked), history=has_row_history(connection))
    progress = console.progress(_("Dumping the database"), estimated_bytes(connection))
    with new_file(part) as file, progress as advance, dumping(address, command) as sql:
        return compress(sql, file, advance)


def _publish(part: Path, backup: Backup) -> None:
    """Give the dump its name, then write the record that makes it a backup."""
    backup.record_path.unlink(missing_ok=True)
    part.replace(backup.path)
    fsync_folder(backup.path.parent)
    try:
        write_record(backup)
    except BaseException:
        backup.path.unlink()
        raise


def _describe(
    connection: "Server",
    address: DatabaseAddress,
    path: Path,
    written: Written,
    before: Picture,
    reason: str,
    now: datetime,
) -> Backup:
    after = take_picture(connection)
    if after.definitions != before.definitions:
        raise Refused(
            _("The schema was changed by someone else during the backup."),
            hint=_("Stop what changes it, then run the command again."),
        )
    return Backup(
        path=path,
        reason=reason,
        made_at=now.isoformat(timespec="milliseconds"),
        database=address.database,
        create_database=create_database_statement(connection, address.database),
        server_version=server_version(connection),
        locked_tables=bool(tables_without_transactions(connection)),
        sha256=written.sha256,
        size_bytes=written.size_bytes,
        sql_bytes=written.sql_bytes,
        tables=steady_tables(before, after),
        objects=fingerprints(after.definitions),
        inexact_columns=inexact_columns(connection),
        migrations=after.migrations,
    )


def _tell(backup: Backup, console: Console) -> None:
    changing = [name for name, content in backup.tables.items() if content is None]
    if changing:
        names = ", ".join(changing)
        console.warn(
            _("Someone wrote during the backup; these tables cannot be compared later: {names}", names=names)
        )
    if backup.inexact_columns:
        names = ", ".join(backup.inexact_columns)
        console.warn(_("A dump keeps only six digits of FLOAT columns: {names}", names=names))
    console.say(_("Backup {name}: {size}, verified.", name=backup.path.name, size=size(backup.size_bytes)))


def _not_made(failure: Exception) -> Refused:
    details = [getattr(failure, "happened", str(failure)), *getattr(failure, "details", ())]
    return Refused(
        _("The backup could not be made; no file was kept."),
        details=details,
        hint=_("See `docker ps` and the free space, then run the command again."),
    )
