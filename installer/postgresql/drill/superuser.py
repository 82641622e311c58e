"""Finds the name that the superuser of a temporary server needs, so that a backup's roles can be created."""

import re

from installer.database.records.backup_record import Backup
from installer.system.compose.model import Service

USUAL = "postgres"
OF_INITDB = re.compile(r" WITH SUPERUSER .*\bREPLICATION BYPASSRLS\b")  # what initdb gives its own superuser


def superuser_of(backup: Backup, service: Service) -> str:
    """Returns the name of the role that created the server of the backup, as far as its record tells.

    Grants name the role that granted them, and from PostgreSQL 16 on a server accepts only this one.
    """
    roles = [name for name, lines in (backup.grants or {}).items() if any(map(OF_INITDB.search, lines))]
    named = service.environment.get("POSTGRES_USER")
    wanted = named.reveal() if named is not None else USUAL
    return next((name for name in (wanted, USUAL, *roles) if name in roles), wanted)
