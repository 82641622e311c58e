"""Puts a schema back exactly as a backup knows it: what the backup does not know is gone afterwards."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from installer.console import Console
from installer.errors import AirlockError, Refused, Stuck
from installer.operations.backup import back_up, refuse_to_back_up
from installer.operations.backup_file import read_sql, verify_backup
from installer.operations.backup_picture import take_picture
from installer.operations.backup_record import Backup
from installer.operations.restore_differences import differences
from installer.system.mariadb import DatabaseAddress, connect
from installer.system.mariadb_programs import Programs, find_programs, load_command, loading
from installer.system.mariadb_sessions import migration_lock, others_in, server_settings
from installer.system.mariadb_sql import quoted, rows_of, run_sql, server_version
from installer.text import _

if TYPE_CHECKING:
    from installer.system.mariadb_sql import Server

SANDBOX = b"/*M!999999"  # first line of newer dumps; older clients stumble over it, binary mode needs it not
LOCK_WAIT_SECONDS = 60
WHILE_LOADING: dict[str, str | int] = {
    "event_scheduler": "OFF",
    "max_allowed_packet": 1 << 30,
}  # hex doubles a BLOB's size


def restore_exactly(
    address: DatabaseAddress,
    backup: Backup,
    console: Console,
    *,
    safety_folder: Path | None = None,
    now: datetime | None = None,
    alone: AbstractContextManager[None] | None = None,
) -> None:
    """Drop the schema, make it again, load the dump, compare the result with the backup's record.

    With `safety_folder` and `now` what is there is backed up first. `alone` keeps everyone else away from the
    database; it is entered when nothing is known to stand against the restore. Raises `Refused` while nothing
    is changed, `Stuck` afterwards. Users and grants are the server's, not the schema's: they stay.
    """
    _refuse_another_database(address, backup)
    verify_backup(backup)
    programs = find_programs(address.container_id)
    safety = safety_folder if safety_folder is not None and _has_schema(address) else None
    if safety is not None:
        refuse_to_back_up(address, safety)
    with alone or nullcontext():
        if safety is not None and now is not None:
            back_up(address, safety, reason="before_restore", now=now, console=console)
        _replace(address, programs, backup, console)
    console.say(_("The database is exactly as in {name}.", name=backup.path.name))


def _replace(address: DatabaseAddress, programs: Programs, backup: Backup, console: Console) -> None:
    with connect(address, schema=False) as connection, migration_lock(connection):
        _warn_of_others(connection, address, console)
        with server_settings(connection, WHILE_LOADING), _stuck_when_failing(backup):
            _make_empty(connection, backup)
            _load(address, programs, backup, console)
            _compare(address, backup)


def differences_from(address: DatabaseAddress, backup: Backup) -> tuple[str, ...]:
    """One line for each difference between the schema now and the backup; none when they are equal."""
    with connect(address) as connection:
        same_server = server_version(connection) == backup.server_version
        return differences(backup, take_picture(connection), same_server=same_server)


def _has_schema(address: DatabaseAddress) -> bool:
    """A restore that stopped half-way may have left none."""
    with connect(address, schema=False) as connection:
        return (address.database,) in rows_of(connection, "SHOW DATABASES")


def _refuse_another_database(address: DatabaseAddress, backup: Backup) -> None:
    begins = f"CREATE DATABASE {quoted(address.database)} "
    if backup.database != address.database or not f"{backup.create_database} ".startswith(begins):
        raise Refused(
            _("The backup is of another database: {database}.", database=backup.database),
            details=[_("This one is {database}.", database=address.database)],
            hint=_("See the backups: ./airlock backups"),
        )


def _warn_of_others(connection: "Server", address: DatabaseAddress, console: Console) -> None:
    for line in others_in(connection, address.database):
        console.warn(_("Someone else uses the database: {line}", line=line))


@contextmanager
def _stuck_when_failing(backup: Backup) -> Iterator[None]:
    try:
        yield
    except BaseException as failure:  # Ctrl-C, too: whatever stopped it, the database is not complete
        raise Stuck(
            _("The restore stopped half-way; the database is not complete."),
            details=_reason(failure),
            hint=_("The backup is untouched. Try again: ./airlock restore {name}", name=backup.path.name),
        ) from failure


def _reason(failure: BaseException) -> tuple[str, ...]:
    if isinstance(failure, AirlockError):
        return (failure.happened, *failure.details)
    if isinstance(failure, KeyboardInterrupt):
        return (_("Interrupted."),)
    return (f"{type(failure).__name__}: {failure}",)


def _make_empty(connection: "Server", backup: Backup) -> None:
    run_sql(connection, "SET SESSION lock_wait_timeout = %s", (LOCK_WAIT_SECONDS,))
    run_sql(connection, "SET SESSION foreign_key_checks = 0")  # other schemas may refer to this one
    run_sql(connection, f"DROP DATABASE IF EXISTS {quoted(backup.database)}")
    run_sql(connection, backup.create_database)


def _load(address: DatabaseAddress, programs: Programs, backup: Backup, console: Console) -> None:
    progress, command = (
        console.progress(_("Loading the backup"), backup.sql_bytes),
        load_command(address, programs),
    )
    with progress as advance, loading(address, command) as client:
        for chunk in _without_sandbox_line(read_sql(backup.path)):
            client.write(chunk)
            advance(len(chunk))


def _without_sandbox_line(chunks: Iterator[bytes]) -> Iterator[bytes]:
    first = next(chunks, b"")
    yield first.partition(b"\n")[2] if first.startswith(SANDBOX) else first
    yield from chunks


def _compare(address: DatabaseAddress, backup: Backup) -> None:
    found = differences_from(address, backup)
    if found:
        raise Stuck(_("The restored database differs from the backup."), details=found)
