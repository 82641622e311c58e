"""The verbs about backups: backup, and backups list|verify|prune. Putting one back: `database_verbs`.

They need of `context.obj` what `Site` has: `release`, `console`, `name()`, `database()`, `backups_folder()`.
Those that write hold the site's lock. `backups verify` ends with 3 when a backup is damaged.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click

from installer.commands.click_words import Command, Group
from installer.database.records.backup_record import Backup, list_backups, read_backup
from installer.database.records.known_migrations import known_migrations
from installer.errors import Refused
from installer.operations.backups.check import check_backups
from installer.operations.backups.listing import backup_document, backup_rows, headings
from installer.operations.backups.retention import Pruning, halves_in, plan_pruning, prune
from installer.operations.release_directory import Site
from installer.screen.console import size
from installer.site.paths import log_path
from installer.system.clock import utc_now
from installer.text import _, ngettext
from installer.workflow.lock import site_lock

KEEP = click.IntRange(min=1)


@click.command(
    "backup",
    cls=Command,
    help=_(
        "Back up the database.\n\n"
        "The backups that an import makes are never encrypted: going back must not need a key."
    ),
)
@click.option("--keep", type=KEEP, help=_("Keep only the newest N backups."))
@click.option(
    "--recipient",
    "recipients",
    multiple=True,
    metavar=_("PUBLIC_KEY"),
    help=_("Encrypt to age1…, an SSH public key or a file of these, with `age`; may be given again."),
)
@click.pass_obj
def backup(site: Site, keep: int | None, recipients: tuple[str, ...]) -> None:
    """Write a backup and print its path."""
    with _changing(site, "backup"):
        made = site.database().back_up(
            site.backups_folder(),
            reason="manual",
            now=utc_now(),
            console=site.console,
            recipients=recipients,
            known_migrations=known_migrations(site.release),
        )
        if keep is not None:
            _prune(site, plan_pruning(site.release, keep))
    site.console.result(str(made.path))


@click.group(
    "backups",
    cls=Group,
    invoke_without_command=True,
    help=_("List, check and remove backups; alone it lists them."),
)
@click.option("--json", "as_json", is_flag=True, help=_("Print the result for programs."))
@click.pass_context
def backups(context: click.Context, as_json: bool) -> None:
    """The group of the verbs about finished backups."""
    if context.invoked_subcommand is None:
        context.invoke(list_, as_json=as_json)


@backups.command("list", help=_("List the backups."))
@click.option("--json", "as_json", is_flag=True, help=_("Print the result for programs."))
@click.pass_obj
def list_(site: Site, as_json: bool) -> None:
    """Show what can be restored."""
    found = list_backups(site.backups_folder())
    if as_json:
        site.console.json([backup_document(one) for one in found])
    else:
        site.console.table(headings(), backup_rows(found))
    _tell_halves(site)


@backups.command("verify", help=_("Read backups, all if none is named, and check them."))
@click.argument("names", metavar=_("[NAME]..."), nargs=-1)
@click.option(
    "--identity",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar=_("KEYFILE"),
    help=_("The key to encrypted backups."),
)
@click.option("--json", "as_json", is_flag=True, help=_("Print the result for programs."))
@click.pass_obj
def verify(site: Site, names: Sequence[str], identity: Path | None, as_json: bool) -> None:
    """Check each, tell of each, and fail at the end if one is damaged."""
    checked = []
    for one in check_backups(_named(site.backups_folder(), names), identity):
        (site.console.warn if one.problem else site.console.say)(one.line)
        checked.append(one)
    if as_json:
        site.console.json([one.document for one in checked])
    _tell_halves(site)
    damaged = [one.backup.path.name for one in checked if one.problem]
    if damaged:
        raise Refused(_("Not every backup can be restored."), details=damaged)


@backups.command("prune", help=_("Remove all backups but the newest, and those that going back would need."))
@click.option("--keep", type=KEEP, required=True, help=_("How many of the newest stay."))
@click.option("--yes", "-y", is_flag=True, help=_("Answer yes to every question."))
@click.option("--json", "as_json", is_flag=True, help=_("Print the result for programs."))
@click.pass_obj
def prune_(site: Site, keep: int, yes: bool, as_json: bool) -> None:
    """Show what would go, ask, remove it."""
    site.console.assume_yes = site.console.assume_yes or yes
    with _changing(site, "backups prune"):
        pruning = plan_pruning(site.release, keep)
        site.console.table(headings(), backup_rows(pruning.goes))
        if pruning.goes:
            hint = _(
                "To go on without being asked: ./airlock backups prune --keep {number} --yes", number=keep
            )
            site.console.expect_yes(_question(pruning), hint=hint)
        _prune(site, pruning)
    _tell_halves(site)
    if as_json:
        site.console.json({"removed": _names(pruning.goes), "needed": _names(pruning.needed)})


def _prune(site: Site, pruning: Pruning) -> None:
    prune(pruning)
    for one in pruning.needed:
        stays = _("{name} stays: going back to the release before would need it.", name=one.path.name)
        site.console.say(stays)
    site.console.say(_removed(pruning))


def _question(pruning: Pruning) -> str:
    count = len(pruning.goes)
    return ngettext("Remove {count} backup?", "Remove {count} backups?", count)


def _removed(pruning: Pruning) -> str:
    count, room = len(pruning.goes), size(pruning.size_bytes)
    return ngettext(
        "{count} backup removed, {room} freed.", "{count} backups removed, {room} freed.", count, room=room
    )


def _tell_halves(site: Site) -> None:
    for path in halves_in(site.backups_folder()):
        told = _(
            "Incomplete backup {name}: its .json or .sql.gz file is missing. It was left alone.",
            name=path.name,
        )
        site.console.warn(told)


def _named(folder: Path, names: Sequence[str]) -> tuple[Backup, ...]:
    if not names:
        return list_backups(folder)
    return tuple(read_backup(_place(folder, name)) for name in names)


def _place(folder: Path, name: str) -> Path:
    """A name in the folder of backups, or a path."""
    inside = folder / name
    return inside if inside.exists() else Path(name)


def _names(found: Sequence[Backup]) -> list[str]:
    return [one.path.name for one in found]


@contextmanager
def _changing(site: Site, activity: str) -> Iterator[None]:
    with site.console.logging_to(log_path(site.release)), site_lock(site.name(), activity):
        yield


COMMANDS = (backup, backups)
