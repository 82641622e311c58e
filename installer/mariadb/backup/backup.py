"""Backs up the database: a complete, consistent dump, streamed and verified, and its record."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from installer.database.records.backup_record import (
    DUMP_SUFFIX,
    ENCRYPTED_SUFFIX,
    Backup,
    list_backups,
    part_of,
    read_backup,
    write_record,
)
from installer.database.values.address import DatabaseAddress
from installer.database.values.picture import fingerprints
from installer.errors import Refused
from installer.mariadb.backup.backup_obstacles import (
    data_bytes,
    estimated_bytes,
    refuse_obstacles,
    refuse_without_space,
)
from installer.mariadb.backup.dump import Taken, take
from installer.mariadb.backup.dump_reader import verify_backup
from installer.mariadb.backup.dump_source import Source, look_at
from installer.mariadb.backup.dump_writer import Written, write_dump
from installer.mariadb.backup.lost_tables import refuse_lost_tables
from installer.mariadb.backup.warnings import tell, warn
from installer.mariadb.content.schema import create_database_statement
from installer.mariadb.server.programs import find_programs
from installer.mariadb.server.queries import ServerError, server_version
from installer.mariadb.server.server import connect
from installer.screen.console import Console
from installer.system.age import refuse_recipients
from installer.system.files.files import fsync_folder, writable
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
) -> Backup:
    """Writes `backup_<reason>_YYYYMMDD_HHMMSS.sql.gz` and its record into `folder`, and verifies the dump.

    With `recipients` the dump is encrypted to these public keys, and its name ends with `.age`. Views that
    cannot be dumped prevent the backup; with `leave_out_broken_views` they are left out with a warning. The
    same reason and second replace an earlier backup. A database without tables is refused where it had the
    `known_migrations`. Raises `Refused`; then no file is left.
    """
    suffix = ENCRYPTED_SUFFIX if recipients else DUMP_SUFFIX
    path = folder / f"backup_{reason}_{now:%Y%m%d_%H%M%S}{suffix}"
    refuse_recipients(recipients)
    _sweep(folder)
    refuse_to_back_up(
        address, folder, reserve_bytes=reserve_bytes, leave_out_broken_views=leave_out_broken_views
    )
    with connect(address) as connection:
        refuse_lost_tables(connection, known_migrations)
    with writable(folder):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _hidden(path) as part:
        source = look_at(address)
        warn(source, console)
        taken = _dump(source, part, tuple(recipients), console)
        backup = _describe(source, taken, path, tuple(recipients), reason, now)
        _publish(part, backup)
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


def _sweep(folder: Path) -> None:
    """Deletes what killed backups left; safe because only one backup runs at a time."""
    with writable(folder):
        for left in folder.glob(part_of(folder / f"backup_*{DUMP_SUFFIX}*").name):
            left.unlink()


@contextmanager
def _hidden(path: Path) -> Iterator[Path]:
    """Yields the path where the dump is written until it is verified; deletes that file when the body ends.

    Raises `Refused` with the reason when the body fails.
    """
    part = part_of(path)
    try:
        yield part
    except (ToolFailed, ServerError, OSError) as failure:
        raise _not_made(failure) from failure
    finally:
        with suppress(OSError):  # a disk that became read-only
            part.unlink()


def _dump(source: Source, part: Path, recipients: tuple[str, ...], console: Console) -> Taken:
    def write(sql: Iterator[bytes]) -> Written:
        with console.progress(_("Dumping the database"), source.estimated_bytes) as advance:
            return write_dump(sql, part, recipients, advance)

    return take(source.address, source.command(), source.command(locked=True), write)


def _describe(
    source: Source, taken: Taken, path: Path, recipients: tuple[str, ...], reason: str, now: datetime
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
        )


def _publish(part: Path, backup: Backup) -> None:
    """Gives the dump its final name, then writes the record that makes it a backup."""
    backup.record_path.unlink(missing_ok=True)
    part.replace(backup.path)
    fsync_folder(backup.path.parent)
    try:
        write_record(backup)
    except BaseException:
        backup.path.unlink()
        raise


def _not_made(failure: Exception) -> Refused:
    details = [getattr(failure, "happened", str(failure)), *getattr(failure, "details", ())]
    return Refused(
        _("The backup failed; no file was kept."),
        details=details,
        hint=_("Check `docker ps` and the free disk space, then run the command again."),
    )
