"""Finds the migrations of a release that the running databases lack."""

from dataclasses import replace

from installer.bundle.manifest.manifest import Database
from installer.bundle.sql.migrations import read_migrations
from installer.database.engines import locate
from installer.operations.plan.import_plan import ImportPlan, Situation


def with_pending(situation: Situation) -> ImportPlan:
    """Returns the plan with the pending migrations of each database; all of them on a fresh site."""
    described = {one.service: one for one in situation.manifest.databases}
    databases = (
        replace(one, pending=pending_migrations(situation, described[one.service]))
        for one in situation.plan.databases
    )
    return replace(situation.plan, databases=tuple(databases))


def pending_migrations(situation: Situation, database: Database) -> tuple[str, ...]:
    """Returns names in the order in which they will be applied."""
    installation = situation.installation
    migrations = read_migrations(situation.plan.release / database.folder, database.prisma)
    container = installation.container_of(database.service) if installation else None
    if installation is None or container is None:
        return tuple(migration.name for migration in migrations)
    return locate(installation.model.services[database.service], container).history(migrations).pending
