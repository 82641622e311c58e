"""Defines the commands for the database: migrate status|deploy|resolve|baseline, restore.

They use these members of the `Site` in `context.obj`: `release`, `console`, `name()`, `databases()`,
`database()`, `migrations()` (in order), `backups_folder()`; a restore also those about services. Commands
that write hold the site's lock, and refuse while an import or a restore is unfinished. `migrate status`
exits with 3 if a migration is pending, failed or diverged. For backups see `backup_verbs`.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from installer.bundle.layout import shown
from installer.bundle.sql.migrations import Migration
from installer.commands.click_words import Command, Group
from installer.commands.database_option import database_option
from installer.database.records.settle_migrations import Settled
from installer.database.records.status_report import status_document, status_lines
from installer.errors import Refused, UsageProblem
from installer.operations.plan.labels import labelled
from installer.operations.release_directory import Site
from installer.operations.way_back.changing_site import changing
from installer.text import _

if TYPE_CHECKING:
    from installer.operations.restore_.restore_backup import RestoreRequest

NOT_UP_TO_DATE = Refused.exit_code
HEALTH_SECONDS = 300


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
    found = [
        (one.service, migrations := site.migrations(one), site.database(one.service).history(migrations))
        for one in site.databases(database)
    ]
    if as_json:
        documents = [{"service": name, **status_document(status, known)} for name, known, status in found]
        site.console.json(documents if len(documents) > 1 else documents[0])
    else:
        for name, known, status in found:
            lines = (labelled(site.label_of(name), line) for line in status_lines(status, known))
            site.console.result("\n".join(lines))
    context.exit(0 if all(status.is_up_to_date for _name, _known, status in found) else NOT_UP_TO_DATE)


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


@click.command(
    "restore",
    cls=Command,
    help=_("Restore the database exactly from a backup (default: the newest)."),
)
@click.argument("name", metavar=_("[BACKUP]"), required=False)
@database_option
@click.option(
    "--identity",
    metavar=_("KEYFILE"),
    type=click.Path(path_type=Path),
    help=_("Key file of an encrypted backup."),
)
@click.option("--unproven", is_flag=True, help=_("Do not compare the result with the backup's record."))
@click.option(
    "--no-safety-backup", is_flag=True, help=_("Do not back up the current data first: it is LOST.")
)
@click.option(
    "--resume",
    is_flag=True,
    help=_("Continue a restore that was interrupted, on request with another BACKUP."),
)
@click.option(
    "--health-timeout", "health_seconds", type=click.FloatRange(min=1), default=HEALTH_SECONDS, hidden=True
)
@click.option("--yes", "-y", is_flag=True, help=_("Answer yes to every question."))
@click.pass_obj
def restore(
    site: Site,
    name: str | None,
    database: str | None,
    identity: Path | None,
    unproven: bool,
    no_safety_backup: bool,
    resume: bool,
    health_seconds: float,
    yes: bool,
) -> None:
    """Asks, makes a safety backup, and restores; or continues a restore."""
    from installer.operations.restore_.restore_backup import RestoreRequest, restore_backup
    from installer.operations.restore_.resume_restore import ResumeRequest, resume_restore

    site.console.assume_yes = site.console.assume_yes or yes
    if resume:
        resume_restore(site, ResumeRequest(name, identity, unproven, health_seconds))
    else:
        makes_safety = not no_safety_backup
        request = RestoreRequest(name, identity, unproven, makes_safety, health_seconds, database)
        for one in _to_restore(site, request):
            restore_backup(site, one)


def _to_restore(site: Site, request: "RestoreRequest") -> list["RestoreRequest"]:
    """Returns the request; one for each database if it names neither a backup nor a database."""
    if request.name is not None or request.database is not None:
        return [request]
    return [replace(request, database=one.service) for one in site.databases()]


def _up_to(migrations: Sequence[Migration], last: str) -> Sequence[Migration]:
    names = [migration.name for migration in migrations]
    if last not in names:
        raise UsageProblem(
            _("There is no migration `{name}` in this release (Prisma P3017).", name=shown(last)),
            hint=_("See the names: ./airlock migrate status"),
        )
    return migrations[: names.index(last) + 1]


COMMANDS = (migrate, restore)
