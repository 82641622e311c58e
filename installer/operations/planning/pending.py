"""Which migrations of a release the running database lacks."""

from installer.bundle.sql.migrations import read_migrations
from installer.mariadb.migration.status import migration_status
from installer.mariadb.server.location import locate_database
from installer.mariadb.server.server import connect
from installer.operations.plan.import_plan import Situation


def pending_migrations(situation: Situation) -> tuple[str, ...]:
    """Names in the order in which they will be applied; all of them on a fresh site."""
    database, installation = situation.manifest.database, situation.installation
    if database is None:
        return ()
    migrations = read_migrations(situation.plan.release / database.migrations)
    container = installation.container_of(database.service) if installation else None
    if installation is None or container is None:
        return tuple(migration.name for migration in migrations)
    with connect(locate_database(installation.model.services[database.service], container)) as connection:
        return migration_status(connection, migrations).pending
