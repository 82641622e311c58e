"""Finds the old release's databases with which the new release continues."""

from installer.database.door.running_database import Database
from installer.database.engines import locate
from installer.database.values.old_database import OldDatabase
from installer.operations.plan.import_plan import Situation


def old_databases(situation: Situation) -> tuple[OldDatabase, ...]:
    """Returns the databases that both releases have, in order; none on a fresh host."""
    installation = situation.installation
    if installation is None:
        return ()
    there = (one for one in situation.manifest.databases if one.service in situation.model.services)
    found = ((installation.model.services.get(one.service), one) for one in there)
    return tuple(
        OldDatabase(service, container, one.folder, one.prisma)
        for service, one in found
        if service is not None and (container := installation.container_of(one.service)) is not None
    )


def locate_old(old: OldDatabase) -> Database:
    """Locates the old database. Raises `Refused` if its container names no schema."""
    return locate(old.service, old.container)
