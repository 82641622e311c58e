"""Restores a schema exactly as a backup records it: anything that is not in the backup is deleted."""

from datetime import datetime
from pathlib import Path

from installer.database.records.backup_record import Backup
from installer.database.values.address import DatabaseAddress
from installer.errors import Refused
from installer.mariadb.backup.dump_end import verify_backup
from installer.mariadb.restore.lost_rights import restore_lost_rights, tell_different_rights
from installer.mariadb.restore.replace_content import replace_content
from installer.mariadb.restore.restored_content import content_of, differences_from
from installer.mariadb.server.product import product_of_version
from installer.mariadb.server.queries import quoted, server_version
from installer.mariadb.server.server import connect
from installer.screen.console import Console
from installer.text import _

__all__ = ["differences_from", "restore_exactly"]


def restore_exactly(
    address: DatabaseAddress,
    backup: Backup,
    console: Console,
    *,
    safety_folder: Path | None = None,
    now: datetime | None = None,
    identity: Path | None = None,
) -> None:
    """Drops the schema, creates it again, loads the dump, and compares the result with the backup's record.

    With `safety_folder` and `now` the present content is backed up first, and restored when anything fails
    after the drop: `FailedAndRestored`. Without them, and when that fails as well: `Stuck`. `identity` has
    the key to an encrypted backup. Raises `Refused` while nothing is changed. Users and grants belong to the
    server, not to the schema: they stay, and what differs from the backup is named; but rights that were
    dropped with a routine are restored.
    """
    refuse_unfit_backup(address, backup, console, identity)
    replace_content(
        address,
        content_of(backup, identity=identity),
        console,
        safety_folder=safety_folder,
        now=now,
        finish=lambda: finish_restore(address, backup, console),
        label=backup.service,
    )


def refuse_unfit_backup(
    address: DatabaseAddress, backup: Backup, console: Console, identity: Path | None
) -> None:
    """Raises `Refused` if the backup is damaged, encrypted to another key, or of another database."""
    _refuse_another_database(address, backup)
    _refuse_another_product(address, backup)
    _refuse_without_key(backup, identity)
    verify_backup(backup, identity=identity)
    is_of_this_server(address, backup, console)


def finish_restore(address: DatabaseAddress, backup: Backup, console: Console) -> None:
    """Restores the rights that were lost with routines, and says how the database is now."""
    same_server = _server_version(address) == backup.server_version
    restore_lost_rights(address, backup, console)
    tell_different_rights(address, backup, console, same_server=same_server)
    console.say(_closing(backup, same_server))


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


def _refuse_another_database(address: DatabaseAddress, backup: Backup) -> None:
    begins = f"CREATE DATABASE {quoted(address.database)} "
    if backup.database != address.database or not f"{backup.create_database} ".startswith(begins):
        raise Refused(
            _("The backup is of another database: {database}.", database=backup.database),
            details=[_("This database is {database}.", database=address.database)],
            hint=_("See the backups: ./airlock backups"),
        )


def _refuse_another_product(address: DatabaseAddress, backup: Backup) -> None:
    there, here = (product_of_version(text) for text in (backup.server_version, _server_version(address)))
    if there != here:
        raise Refused(
            _("The backup was made by {there}; this server is {here}.", there=there, here=here),
            details=[_("Their dumps and data types differ, so nothing would prove the result.")],
            hint=_("Restore the backup on a server of {product}.", product=there),
        )


def is_of_this_server(address: DatabaseAddress, backup: Backup, console: Console) -> bool:
    """Returns whether the server has the version of the backup's; warns otherwise."""
    here = _server_version(address)
    if here != backup.server_version:
        console.warn(
            _(
                "The backup was made by server {there}; this server is {here}: names and numbers of"
                " rows can be compared afterwards, but not definitions.",
                there=backup.server_version,
                here=here,
            )
        )
    return here == backup.server_version


def _server_version(address: DatabaseAddress) -> str:
    with connect(address, schema=False) as connection:
        return server_version(connection)


def _closing(backup: Backup, same_server: bool) -> str:
    if same_server:
        return _("The database is exactly as in {name}.", name=backup.path.name)
    return _("The database has all objects and the same numbers of rows as {name}.", name=backup.path.name)
