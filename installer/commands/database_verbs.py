"""Defines the commands for the database: migrate status|deploy|resolve|baseline, restore.

They use these members of the `Site` in `context.obj`: `console`, `database()`, `migrations()`
(in order), `backups_folder()`, `changing()`, `only_the_database()`. `migrate status` exits with 3 if a
migration is pending, failed or diverged. For backups see `backup_verbs`.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import cast

import click

from installer.bundle.layout import shown
from installer.bundle.sql.migrations import Migration
from installer.commands.click_words import Command, Group
from installer.database.door.running_database import Settled
from installer.database.records.status_report import status_document, status_lines
from installer.errors import Refused, UsageProblem
from installer.operations.backups.choose_backup import choose_backup
from installer.operations.release_directory import Site
from installer.system.clock import utc_now
from installer.text import _

NOT_UP_TO_DATE = Refused.exit_code


@click.group(cls=Group, help=_("Show, apply and resolve the migrations of this release."))
def migrate() -> None:
    """Groups the commands for migrations."""


@migrate.command(
    "status", help=_("Compare the database with the release; exit with 3 unless it is up to date.")
)
@click.option("--json", "as_json", is_flag=True, help=_("Print the result as JSON."))
@click.pass_context
def status(context: click.Context, as_json: bool) -> None:
    """Reports which migrations are applied, pending, failed or diverged."""
    site = context.find_object(Site)
    assert site is not None
    migrations = site.migrations()
    found = site.database().history(migrations)
    if as_json:
        site.console.json(status_document(found, migrations))
    else:
        site.console.result("\n".join(status_lines(found, migrations)))
    context.exit(0 if found.is_up_to_date else NOT_UP_TO_DATE)


@migrate.command("deploy", help=_("Apply the pending migrations."))
@click.pass_obj
def deploy_(site: Site) -> None:
    """Applies the pending migrations."""
    with site.changing("migrate deploy"):
        site.database().deploy(site.migrations(), site.console)


@migrate.command("resolve", help=_("Mark a failed migration as resolved by hand."))
@click.option("--applied", metavar=_("NAME"), help=_("Migration whose changes were all completed by hand."))
@click.option("--rolled-back", metavar=_("NAME"), help=_("Migration whose changes were all undone by hand."))
@click.pass_obj
def resolve_(site: Site, applied: str | None, rolled_back: str | None) -> None:
    """Records in the history how the operator resolved a failed migration."""
    if (applied is None) == (rolled_back is None):
        raise UsageProblem(
            _("Specify either --applied or --rolled-back."),
            hint=_("See the names: ./airlock migrate status"),
        )
    name, settled = (applied, "applied") if applied is not None else (rolled_back or "", "rolled-back")
    with site.changing("migrate resolve"):
        site.database().resolve(site.migrations(), name, cast(Settled, settled))
        site.console.say(_("Migration `{name}` is recorded in the history.", name=shown(name)))


@migrate.command(
    "baseline", help=_("Mark migrations up to LAST as applied, in a database without migration history.")
)
@click.argument("last", metavar=_("LAST"))
@click.pass_obj
def baseline_(site: Site, last: str) -> None:
    """Starts the history of a database that Prisma has not managed so far."""
    with site.changing("migrate baseline"):
        site.database().baseline(_up_to(site.migrations(), last), site.console)


@click.command(
    "restore",
    cls=Command,
    help=_("Restore the database exactly from a backup (default: the newest)."),
)
@click.argument("name", metavar=_("[BACKUP]"), required=False)
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
@click.option("--yes", "-y", is_flag=True, help=_("Answer yes to every question."))
@click.pass_obj
def restore(
    site: Site, name: str | None, identity: Path | None, unproven: bool, no_safety_backup: bool, yes: bool
) -> None:
    """Asks, makes a safety backup, and restores."""
    site.console.assume_yes = site.console.assume_yes or yes
    database, folder = site.database(), site.backups_folder()
    chosen = choose_backup(folder, name, unproven=unproven)
    run = database.prepare_restore(chosen, site.console, identity=identity)
    safety = None if no_safety_backup else folder
    _confirm_restore(site, database.name, chosen if isinstance(chosen, Path) else chosen.path, safety)
    with site.changing("restore"):
        run(safety_folder=safety, now=utc_now(), alone=site.only_the_database())


def _confirm_restore(site: Site, database: str, backup: Path, safety_folder: Path | None) -> None:
    question = _("Replace all data in {database} with {name}?", database=database, name=backup.name)
    if safety_folder is None:
        site.console.warn(
            _("Without a safety backup, all current data in {database} will be LOST.", database=database)
        )
    site.console.expect_yes(question, hint=_("To skip the question, run: ./airlock restore --yes"))


def _up_to(migrations: Sequence[Migration], last: str) -> Sequence[Migration]:
    names = [migration.name for migration in migrations]
    if last not in names:
        raise UsageProblem(
            _("There is no migration `{name}` in this release (Prisma P3017).", name=shown(last)),
            hint=_("See the names: ./airlock migrate status"),
        )
    return migrations[: names.index(last) + 1]


COMMANDS = (migrate, restore)
