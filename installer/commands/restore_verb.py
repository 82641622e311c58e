"""Defines the command `restore`.

It uses these members of the `Site` in `context.obj`: `release`, `console`, `databases()`, `database()`,
`backups_folder()`, and those about services. It holds the site's lock.
"""

from pathlib import Path

import click

from installer.commands.click_words import Command
from installer.commands.database_option import database_option
from installer.operations.release_directory import Site
from installer.text import _

HEALTH_SECONDS = 300


@click.command(
    "restore",
    cls=Command,
    help=_(
        "Restore databases exactly from backups (default: the newest).\n\n"
        "If the release has several databases, the newest backups that were made together are restored"
        " as one: all or none. A named backup restores its database alone."
    ),
)
@click.argument("names", metavar=_("[BACKUP]..."), nargs=-1)
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
    names: tuple[str, ...],
    database: str | None,
    identity: Path | None,
    unproven: bool,
    no_safety_backup: bool,
    resume: bool,
    health_seconds: float,
    yes: bool,
) -> None:
    """Asks, makes safety backups, and restores; or continues a restore."""
    from installer.operations.restore_.restore_backup import RestoreRequest, restore_backup
    from installer.operations.restore_.resume_restore import ResumeRequest, resume_restore

    site.console.assume_yes = site.console.assume_yes or yes
    if resume:
        resume_restore(site, ResumeRequest(names, identity, unproven, health_seconds, database))
    else:
        makes_safety = not no_safety_backup
        restore_backup(
            site, RestoreRequest(names, identity, unproven, makes_safety, health_seconds, database)
        )
