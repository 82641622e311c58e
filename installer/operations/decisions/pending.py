"""Finds the migrations of a release that the running database lacks."""

from installer.bundle.sql.migrations import read_migrations
from installer.database.engines import locate
from installer.operations.plan.import_plan import Situation


def pending_migrations(situation: Situation) -> tuple[str, ...]:
    """Returns names in the order in which they will be applied; all of them on a fresh site."""
    database, installation = situation.manifest.database, situation.installation
    if database is None:
        return ()
    migrations = read_migrations(situation.plan.release / database.migrations)
    container = installation.container_of(database.service) if installation else None
    if installation is None or container is None:
        return tuple(migration.name for migration in migrations)
    return locate(installation.model.services[database.service], container).history(migrations).pending
