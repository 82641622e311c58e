"""Restores the rights on routines that were lost with the routines, and names rights that differ."""

import re
from collections.abc import Iterator, Mapping

from installer.database.records.backup_record import Backup
from installer.database.records.differences import right_differences
from installer.database.values.address import DatabaseAddress
from installer.mariadb.content.grants import read_grants
from installer.mariadb.server.queries import ServerError, run_sql
from installer.mariadb.server.server import connect
from installer.screen.console import Console
from installer.text import _

ON_ROUTINE = re.compile(r" ON (?:PROCEDURE|FUNCTION|PACKAGE|PACKAGE BODY) `")


def restore_lost_rights(address: DatabaseAddress, backup: Backup, console: Console) -> None:
    """Grants the recorded rights on routines that no account has now; a failure is a warning.

    The server deletes these rights, and only these, together with the routine. All other rights belong to the
    server and stay unchanged.
    """
    with connect(address, schema=False) as connection:
        for statement in _lost(backup, read_grants(connection, address.database) or {}):
            try:
                run_sql(connection, statement)
                console.say(_("Right restored: {statement}", statement=statement))
            except ServerError as error:
                console.warn(
                    _("Right not restored: {statement} ({problem})", statement=statement, problem=error.text)
                )


def tell_different_rights(
    address: DatabaseAddress, backup: Backup, console: Console, *, same_server: bool
) -> None:
    """Warns of accounts whose rights on the schema are not those of the backup."""
    with connect(address, schema=False) as connection:
        now = read_grants(connection, address.database)
    for line in right_differences(backup, now, same_server=same_server):
        console.warn(_("Rights are not part of a restore. {line}", line=line))


def has_lost_rights(address: DatabaseAddress, backup: Backup) -> bool:
    """Returns whether an account lacks a recorded right on a routine."""
    with connect(address, schema=False) as connection:
        return any(_lost(backup, read_grants(connection, address.database) or {}))


def _lost(backup: Backup, now: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    for account, statements in (backup.grants or {}).items():
        for statement in statements:
            if ON_ROUTINE.search(statement) and statement not in now.get(account, ()):
                yield statement
