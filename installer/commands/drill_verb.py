"""Defines the command `backups drill`: restores a backup into a temporary server; exits with 3 if that fails.

It uses these members of the `Site` in `context.obj`: `release`, `console`, `name()`, `manifest()`,
`database_service()`, `database_containers()`, `backups_folder()`. It holds the site's lock.
"""

from pathlib import Path

import click

from installer import VERSION
from installer.commands.click_words import Command
from installer.errors import Refused
from installer.operations.backups.drill_records import Drill
from installer.operations.backups.listing import drill_document, drill_lines
from installer.operations.release_directory import Site
from installer.text import _


@click.command(
    "drill",
    cls=Command,
    help=_("Restore a backup into a temporary server and compare it with its record (default: the newest)."),
)
@click.argument("name", metavar=_("[BACKUP]"), required=False)
@click.option(
    "--identity",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar=_("KEYFILE"),
    help=_("Key file of an encrypted backup."),
)
@click.option("--json", "as_json", is_flag=True, help=_("Print the result as JSON."))
@click.pass_obj
def drill(site: Site, name: str | None, identity: Path | None, as_json: bool) -> None:
    """Drills a backup, shows and records the outcome; fails if the backup cannot be restored."""
    from installer.operations.backups.drill_backup import drill_backup

    with site.locked("backups drill"):
        done = drill_backup(site, name, identity, version=VERSION)
        if as_json:
            site.console.json(drill_document(done))
        _show(site, done)


def _show(site: Site, done: Drill) -> None:
    if done.problems:
        raise Refused(
            _("The backup {name} cannot be restored exactly.", name=done.file),
            details=done.problems,
            hint=_("Find an intact backup: ./airlock backups verify"),
        )
    for line in drill_lines(done):
        site.console.say(line)
