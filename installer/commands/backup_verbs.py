"""Defines the commands for backups: backup, and backups list|verify|prune.

They use these members of the `Site` in `context.obj`: `release`, `console`, `databases()`, `database()`,
`backups_folder()`. Commands that write hold the site's lock, and refuse while an import or a restore is
unfinished. `backups verify` exits with 3 if a backup is damaged. For `backups drill` see `drill_verb`, for
restore `database_verbs`.
"""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import click

from installer.commands.click_words import Command, Group
from installer.commands.database_option import database_option
from installer.commands.drill_verb import drill
from installer.database.records.backup_record import Backup, list_backups, read_backup
from installer.database.records.known_migrations import known_migrations
from installer.errors import Refused
from installer.operations.backups.check import check_backups
from installer.operations.backups.drill_records import last_drills
from installer.operations.backups.listing import backup_documents, backup_rows, headings, last_drill_lines
from installer.operations.backups.retention import Pruning, halves_in, plan_pruning, prune
from installer.operations.release_directory import Site
from installer.operations.way_back.changing_site import changing
from installer.screen.console import size
from installer.system.clock import utc_now
from installer.text import _, ngettext

KEEP = click.IntRange(min=1)


@click.command(
    "backup",
    cls=Command,
    help=_(
        "Back up the database.\n\n"
        "Backups made by an import are never encrypted: a rollback must not require a key."
    ),
)
@click.option("--keep", type=KEEP, help=_("Keep only the newest N backups."))
@click.option(
    "--recipient",
    "recipients",
    multiple=True,
    metavar=_("PUBLIC_KEY"),
    help=_("Encrypt with `age` to an age1… key, an SSH public key or a file of such keys; can be repeated."),
)
@database_option
@click.pass_obj
def backup(site: Site, keep: int | None, recipients: tuple[str, ...], database: str | None) -> None:
    """Writes a backup of each database and prints its path."""
    with changing(site, "backup"):
        now = utc_now()
        made = [_back_up(site, one.service, now, recipients) for one in site.databases(database)]
        if keep is not None:
            _prune(site, plan_pruning(site.release, keep))
    for one in made:
        site.console.result(str(one.path))


def _back_up(site: Site, service: str, now: datetime, recipients: tuple[str, ...]) -> Backup:
    return site.database(service).back_up(
        site.backups_folder(),
        reason="manual",
        now=now,
        console=site.console,
        recipients=recipients,
        known_migrations=known_migrations(site.release, service),
        label=site.label_of(service),
    )


@click.group(
    "backups",
    cls=Group,
    invoke_without_command=True,
    help=_("List, verify, drill and delete backups (default: list)."),
)
@click.option("--json", "as_json", is_flag=True, help=_("Print the result as JSON."))
@click.pass_context
def backups(context: click.Context, as_json: bool) -> None:
    """Groups the commands for existing backups; lists the backups if no subcommand is given."""
    if context.invoked_subcommand is None:
        context.invoke(list_, as_json=as_json)


@backups.command("list", help=_("List the backups."))
@click.option("--json", "as_json", is_flag=True, help=_("Print the result as JSON."))
@click.pass_obj
def list_(site: Site, as_json: bool) -> None:
    """Shows the backups of this release directory."""
    found, drills = list_backups(site.backups_folder()), last_drills(site.release)
    if as_json:
        site.console.json(backup_documents(found, drills))
    else:
        site.console.table(headings(found), backup_rows(found))
        for line in last_drill_lines(found, drills):
            site.console.say(line)
    _tell_halves(site)


@backups.command("verify", help=_("Verify backups by reading them (default: all)."))
@click.argument("names", metavar=_("[NAME]..."), nargs=-1)
@click.option(
    "--identity",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar=_("KEYFILE"),
    help=_("Key file of encrypted backups."),
)
@click.option("--json", "as_json", is_flag=True, help=_("Print the result as JSON."))
@click.pass_obj
def verify(site: Site, names: Sequence[str], identity: Path | None, as_json: bool) -> None:
    """Verifies each backup and reports on it; fails at the end if any is damaged."""
    checked = []
    for one in check_backups(_named(site.backups_folder(), names), identity):
        (site.console.warn if one.problem else site.console.say)(one.line)
        checked.append(one)
    if as_json:
        site.console.json([one.document for one in checked])
    _tell_halves(site)
    damaged = [one.backup.path.name for one in checked if one.problem]
    if damaged:
        raise Refused(_("Some backups cannot be restored."), details=damaged)


@backups.command("prune", help=_("Delete old backups; keep the newest and those that a rollback needs."))
@click.option("--keep", type=KEEP, required=True, help=_("Number of newest backups to keep."))
@click.option("--yes", "-y", is_flag=True, help=_("Answer yes to every question."))
@click.option("--json", "as_json", is_flag=True, help=_("Print the result as JSON."))
@click.pass_obj
def prune_(site: Site, keep: int, yes: bool, as_json: bool) -> None:
    """Shows the backups to delete, asks, and deletes them."""
    site.console.assume_yes = site.console.assume_yes or yes
    with changing(site, "backups prune"):
        pruning = plan_pruning(site.release, keep)
        site.console.table(headings(pruning.goes), backup_rows(pruning.goes))
        if pruning.goes:
            hint = _("To skip the question, run: ./airlock backups prune --keep {number} --yes", number=keep)
            site.console.expect_yes(_question(pruning), hint=hint)
        _prune(site, pruning)
    _tell_halves(site)
    if as_json:
        site.console.json({"removed": _names(pruning.goes), "needed": _names(pruning.needed)})


def _prune(site: Site, pruning: Pruning) -> None:
    prune(pruning)
    for one in pruning.needed:
        stays = _("{name} is kept: a rollback to the old release needs it.", name=one.path.name)
        site.console.say(stays)
    site.console.say(_removed(pruning))


def _question(pruning: Pruning) -> str:
    count = len(pruning.goes)
    return ngettext("Delete {count} backup?", "Delete {count} backups?", count)


def _removed(pruning: Pruning) -> str:
    count, room = len(pruning.goes), size(pruning.size_bytes)
    return ngettext(
        "{count} backup deleted, {room} freed.", "{count} backups deleted, {room} freed.", count, room=room
    )


def _tell_halves(site: Site) -> None:
    for path in halves_in(site.backups_folder()):
        told = _(
            "Incomplete backup {name}: its .json or .sql.gz file is missing. It was skipped.",
            name=path.name,
        )
        site.console.warn(told)


def _named(folder: Path, names: Sequence[str]) -> tuple[Backup, ...]:
    if not names:
        return list_backups(folder)
    return tuple(read_backup(_place(folder, name)) for name in names)


def _place(folder: Path, name: str) -> Path:
    """Returns the backup with this name in the backups folder, else the name as a path."""
    inside = folder / name
    return inside if inside.exists() else Path(name)


def _names(found: Sequence[Backup]) -> list[str]:
    return [one.path.name for one in found]


backups.add_command(drill)
COMMANDS = (backup, backups)
