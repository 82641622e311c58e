"""Defines the command `backups drill`: restores a backup into a temporary server; exits with 3 if that fails.

It uses these members of the `Site` in `context.obj`: `release`, `console`, `name()`, `databases()`,
`manifest()`, `database_service()`, `database_containers()`, `backups_folder()`. It holds the site's lock.
"""

from pathlib import Path

import click

from installer import VERSION
from installer.commands.click_words import Command
from installer.commands.database_option import database_option
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
@database_option
@click.pass_obj
def drill(site: Site, name: str | None, identity: Path | None, as_json: bool, database: str | None) -> None:
    """Drills a backup of each database, or the named one; fails if one cannot be restored."""
    from installer.operations.backups.drill_backup import DrillOrder, drill_backup

    services = [one.service for one in site.databases(database)] if name is None else [database]
    orders = [DrillOrder(name, identity, service) for service in services]
    with site.locked("backups drill"):
        done = [drill_backup(site, order, version=VERSION) for order in orders]
        if as_json:
            documents = [drill_document(one) for one in done]
            site.console.json(documents if len(documents) > 1 else documents[0])
        for one in done:
            _show(site, one)


def _show(site: Site, done: Drill) -> None:
    if done.problems:
        raise Refused(
            _("The backup {name} cannot be restored exactly.", name=done.file),
            details=done.problems,
            hint=_("Find an intact backup: ./airlock backups verify"),
        )
    for line in drill_lines(done):
        site.console.say(line)
