"""Defines the command `restore`.

It uses these members of the `Site` in `context.obj`: `release`, `console`, `databases()`, `database()`,
`backups_folder()`, and those about services. It holds the site's lock.
"""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from installer.commands.click_words import Command
from installer.commands.database_option import database_option
from installer.operations.release_directory import Site
from installer.text import _

if TYPE_CHECKING:
    from installer.operations.restore_.restore_backup import RestoreRequest

HEALTH_SECONDS = 300


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
