"""Defines the commands for migrations: migrate status|deploy|resolve|baseline.

They use these members of the `Site` in `context.obj`: `release`, `console`, `name()`, `databases()`,
`database()`, `migrations()` (in order). Commands that write hold the site's lock, and refuse while an import
or a restore is unfinished. `migrate status` exits with 3 if a migration is pending, failed or diverged. For
restore see `restore_verb`, for backups `backup_verbs`.
"""

from collections.abc import Iterator, Sequence
from typing import cast

import click

from installer.bundle.layout import shown
from installer.bundle.manifest.manifest import Database as Described
from installer.bundle.sql.migrations import Migration
from installer.commands.click_words import Group
from installer.commands.database_option import database_option
from installer.commands.restore_verb import restore
from installer.database.records.migration_status import MigrationStatus
from installer.database.records.settle_migrations import Settled
from installer.database.records.status_report import status_document, status_lines
from installer.errors import Refused, UsageProblem
from installer.operations.release_directory import Site
from installer.operations.way_back.changing_site import changing
from installer.text import _

Status = tuple[MigrationStatus, Sequence[Migration]]
NOT_UP_TO_DATE = Refused.exit_code


@click.group(cls=Group, help=_("Show, apply and resolve the migrations of this release."))
def migrate() -> None:
    """Groups the commands for migrations."""


@migrate.command(
    "status", help=_("Compare the database with the release; exit with 3 unless it is up to date.")
)
@click.option("--json", "as_json", is_flag=True, help=_("Print the result as JSON."))
@database_option
@click.pass_context
def status(context: click.Context, as_json: bool, database: str | None) -> None:
    """Reports which migrations are applied, pending, failed or diverged."""
    site = context.find_object(Site)
    assert site is not None
    found = [(one, _status_of(site, one)) for one in site.databases(database)]
    if as_json:
        documents = [{"service": one.service, **status_document(*both)} for one, both in found]
        site.console.json(documents if len(documents) > 1 else documents[0])
    else:
        site.console.result("\n".join(_status_lines(found)))
    context.exit(0 if all(status.is_up_to_date for _one, (status, _known) in found) else NOT_UP_TO_DATE)


def _status_of(site: Site, described: Described) -> Status:
    migrations = site.migrations(described)
    return site.database(described.service).history(migrations), migrations


def _status_lines(
    found: "Sequence[tuple[Described, tuple[MigrationStatus, Sequence[Migration]]]]",
) -> Iterator[str]:
    """Yields the status of each database, with its service above it if there are several."""
    for at, (described, both) in enumerate(found):
        if len(found) > 1:
            yield f"{chr(10) if at else ''}{described.service}:"
        yield from status_lines(*both, described.folder)


@migrate.command("deploy", help=_("Apply the pending migrations."))
@database_option
@click.pass_obj
def deploy_(site: Site, database: str | None) -> None:
    """Applies the pending migrations, to one database after the other."""
    with changing(site, "migrate deploy"):
        for one in site.databases(database):
            site.database(one.service).deploy(site.migrations(one), site.console)


@migrate.command("resolve", help=_("Mark a failed migration as resolved by hand."))
@click.option("--applied", metavar=_("NAME"), help=_("Migration whose changes were all completed by hand."))
@click.option("--rolled-back", metavar=_("NAME"), help=_("Migration whose changes were all undone by hand."))
@database_option
@click.pass_obj
def resolve_(site: Site, applied: str | None, rolled_back: str | None, database: str | None) -> None:
    """Records in the history how the operator resolved a failed migration."""
    if (applied is None) == (rolled_back is None):
        raise UsageProblem(
            _("Specify either --applied or --rolled-back."),
            hint=_("See the names: ./airlock migrate status"),
        )
    name, settled = (applied, "applied") if applied is not None else (rolled_back or "", "rolled-back")
    with changing(site, "migrate resolve"):
        described = site.only_database(database)
        running = site.database(described.service)
        running.resolve(site.migrations(described), name, cast(Settled, settled))
        site.console.say(_("Migration `{name}` is recorded in the history.", name=shown(name)))


@migrate.command(
    "baseline", help=_("Mark migrations up to LAST as applied, in a database without migration history.")
)
@click.argument("last", metavar=_("LAST"))
@database_option
@click.pass_obj
def baseline_(site: Site, last: str, database: str | None) -> None:
    """Starts the history of a database that Prisma has not managed so far."""
    with changing(site, "migrate baseline"):
        described = site.only_database(database)
        running = site.database(described.service)
        running.baseline(_up_to(site.migrations(described), last), site.console)


def _up_to(migrations: Sequence[Migration], last: str) -> Sequence[Migration]:
    names = [migration.name for migration in migrations]
    if last not in names:
        raise UsageProblem(
            _("There is no migration `{name}` in this release (Prisma P3017).", name=shown(last)),
            hint=_("See the names: ./airlock migrate status"),
        )
    return migrations[: names.index(last) + 1]


COMMANDS = (migrate, restore)
