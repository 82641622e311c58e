"""Finds out which backup is restored into which database, from what a person named."""

from collections.abc import Sequence
from pathlib import Path

from installer.database.records.backup_record import Backup
from installer.errors import UsageProblem
from installer.operations.backups.backup_sets import newest_set
from installer.operations.backups.choose_backup import choose_backup
from installer.operations.release_directory import Site
from installer.text import _

Sources = tuple[tuple[str, Backup | Path], ...]


def choose_sources(site: Site, names: Sequence[str], database: str | None, *, unproven: bool) -> Sources:
    """Returns services with their backup or dump, in the order of the databases.

    Without `names` it is the newest backup of the service `database`, or, of a release with several
    databases, the newest backups that were made together. Raises `Refused` if there are none, `UsageProblem`
    for two backups of one database.
    """
    if names:
        return _named(site, names, database, unproven=unproven)
    described = site.databases(database)
    if len(described) > 1:
        found = newest_set(site.backups_folder(), [one.service for one in described], site.console)
        return tuple((one.service, one.path if unproven else one) for one in found)
    service = described[0].service
    labels = site.labels_of(service)
    return ((service, choose_backup(site.backups_folder(), None, unproven=unproven, labels=labels)),)


def source_called(
    site: Site, name: str, database: str | None, *, unproven: bool
) -> tuple[str, Backup | Path]:
    """Returns a backup or dump by its name, and the service of the database that it is of."""
    chosen = choose_backup(site.backups_folder(), name, unproven=unproven)
    service = chosen.service if isinstance(chosen, Backup) else ""
    if service and database not in (None, service):
        raise UsageProblem(_("The backup is of another database: {database}.", database=service))
    return site.only_database(database or service or None).service, chosen


def two_of_one(service: str) -> UsageProblem:
    """Returns the error for two backups of the same database."""
    return UsageProblem(
        _("Two backups are of one database: {service}.", service=service or "-"),
        hint=_("Specify one backup of each database."),
    )


def _named(site: Site, names: Sequence[str], database: str | None, *, unproven: bool) -> Sources:
    found: dict[str, Backup | Path] = {}
    for name in names:
        service, chosen = source_called(site, name, database, unproven=unproven)
        if service in found:
            raise two_of_one(service)
        found[service] = chosen
    return tuple((one.service, found[one.service]) for one in site.databases() if one.service in found)
