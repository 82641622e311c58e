"""Restores a database exactly as a backup records it: anything that is not in the backup is deleted."""

from datetime import datetime
from pathlib import Path

from installer.database.dumps.safety_backup import for_safety
from installer.database.records.backup_record import Backup
from installer.database.records.differences import right_differences
from installer.database.values.address import DatabaseAddress
from installer.database.values.problems import InterruptedUntouched
from installer.errors import Interrupted, Refused
from installer.postgresql.backup.backup import back_up
from installer.postgresql.backup.dump_end import verify_backup
from installer.postgresql.content.roles import read_roles
from installer.postgresql.restore.database_beside import exists
from installer.postgresql.restore.load_content import as_before, load_content, refuse_content_obstacles
from installer.postgresql.restore.restored_content import Content, content_of, version_of
from installer.postgresql.server.series import series_of_version
from installer.postgresql.server.server import connect
from installer.screen.console import Console
from installer.text import _


def restore_exactly(
    address: DatabaseAddress,
    backup: Backup,
    console: Console,
    *,
    safety_folder: Path | None = None,
    now: datetime | None = None,
    identity: Path | None = None,
) -> None:
    """Loads the dump beside the database, compares the result with the record, and puts it in place.

    With `safety_folder` and `now` the present content is backed up first, because it is dropped at the end.
    Raises `Refused` and, after Ctrl-C, `Interrupted`: in both cases the old content is in its place,
    untouched. Roles belong to the server, not to the database: those that exist stay as they are, and what
    differs from the backup is named. `identity` has the key to an encrypted backup.
    """
    refuse_unfit_backup(address, backup, console, identity)
    wanted = content_of(address, backup, identity=identity)
    refuse_content_obstacles(address, wanted, safety_folder)
    _back_up_current(address, wanted, safety_folder, now, console)
    try:
        load_content(address, wanted, console)
    except InterruptedUntouched as interruption:
        raise Interrupted(_("Interrupted."), details=[as_before(address)]) from interruption
    finish_restore(address, backup, console)


def refuse_unfit_backup(
    address: DatabaseAddress, backup: Backup, console: Console, identity: Path | None
) -> None:
    """Raises `Refused` if the backup is damaged, encrypted to another key, or of another database.

    So it does if the backup was made by a newer server.
    """
    _refuse_another_database(address, backup)
    _refuse_without_key(backup, identity)
    refuse_newer(address, backup.path.name, backup.server_version)
    verify_backup(backup, identity=identity)
    here = version_of(address)
    if here != backup.server_version:
        console.warn(
            _(
                "The backup was made by server {there}; this server is {here}: names and numbers of"
                " rows can be compared afterwards, but not definitions.",
                there=backup.server_version,
                here=here,
            )
        )


def refuse_newer(address: DatabaseAddress, name: str, version: str) -> None:
    """Raises `Refused` for SQL of a newer major version, which may have words that this server lacks."""
    here = version_of(address)
    if series_of_version(version) > series_of_version(here):
        raise Refused(
            _(
                "{name} was made by PostgreSQL {there}; this server is {here}.",
                name=name,
                there=version,
                here=here,
            ),
            details=[_("A dump cannot be restored into an older major version.")],
            hint=_("Create the dump with pg_dump of this server's version, or restore into a newer server."),
        )


def finish_restore(address: DatabaseAddress, backup: Backup, console: Console) -> None:
    """Names roles that are not as in the backup, and says how the database is now."""
    same_server = version_of(address) == backup.server_version
    with connect(address) as connection:
        now = read_roles(connection)
    for line in right_differences(backup, now, same_server=same_server):
        console.warn(_("Rights are not part of a restore. {line}", line=line))
    console.say(_closing(backup, same_server))


def _back_up_current(
    address: DatabaseAddress, wanted: Content, folder: Path | None, now: datetime | None, console: Console
) -> None:
    if folder is None or now is None or not exists(address):
        return
    with for_safety(wanted.name):
        back_up(address, folder, reason="before_restore", now=now, console=console)


def _refuse_another_database(address: DatabaseAddress, backup: Backup) -> None:
    if backup.database != address.database:
        raise Refused(
            _("The backup is of another database: {database}.", database=backup.database),
            details=[_("This database is {database}.", database=address.database)],
            hint=_("See the backups: ./airlock backups"),
        )


def _refuse_without_key(backup: Backup, identity: Path | None) -> None:
    if backup.is_encrypted and identity is None:
        raise Refused(
            _("The backup {name} is encrypted.", name=backup.path.name),
            details=[_("It was encrypted to: {names}", names=", ".join(backup.recipients))],
            hint=_(
                "Specify the file with the key: ./airlock restore --identity KEYFILE {name}",
                name=backup.path.name,
            ),
        )


def _closing(backup: Backup, same_server: bool) -> str:
    if same_server:
        return _("The database is exactly as in {name}.", name=backup.path.name)
    return _("The database has all objects and the same numbers of rows as {name}.", name=backup.path.name)
