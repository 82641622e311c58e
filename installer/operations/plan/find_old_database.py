"""Finds the old release's database, if the new release continues with it."""

from installer.database.door.running_database import Database
from installer.database.engines import locate
from installer.database.values.old_database import OldDatabase
from installer.operations.plan.import_plan import Situation


def old_database(situation: Situation) -> OldDatabase | None:
    """Returns the old release's database; None on a fresh host, or if either release has none."""
    installation, database = situation.installation, situation.manifest.database
    if installation is None or database is None or database.service not in situation.model.services:
        return None
    service = installation.model.services.get(database.service)
    container = installation.container_of(database.service)
    return OldDatabase(service, container, database.migrations) if service and container else None


def locate_old(old: OldDatabase) -> Database:
    """Locates the old database. Raises `Refused` if its container names no schema."""
    return locate(old.service, old.container)
