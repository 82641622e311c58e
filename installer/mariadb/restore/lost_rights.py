"""Gives back the rights on routines that went when a migration dropped the routines."""

import re
from collections.abc import Iterator, Mapping

from installer.database.records.backup_record import Backup
from installer.database.values.address import DatabaseAddress
from installer.mariadb.content.grants import read_grants
from installer.mariadb.server.queries import ServerError, run_sql
from installer.mariadb.server.server import connect
from installer.screen.console import Console
from installer.text import _

ON_ROUTINE = re.compile(r" ON (?:PROCEDURE|FUNCTION|PACKAGE|PACKAGE BODY) `")


def restore_lost_rights(address: DatabaseAddress, backup: Backup, console: Console) -> None:
    """Grant what the backup's record knows of rights on routines and nobody has now; a failure is told.

    The server takes these, and only these, away by itself: with the routine. All other rights are the
    server's own, and stay as they are.
    """
    with connect(address, schema=False) as connection:
        for statement in _lost(backup, read_grants(connection, address.database)):
            try:
                run_sql(connection, statement)
                console.say(_("Given back: {statement}", statement=statement))
            except ServerError as error:
                console.warn(
                    _("Not given back: {statement} ({problem})", statement=statement, problem=error.text)
                )


def _lost(backup: Backup, now: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    for account, statements in backup.grants.items():
        for statement in statements:
            if ON_ROUTINE.search(statement) and statement not in now.get(account, ()):
                yield statement
