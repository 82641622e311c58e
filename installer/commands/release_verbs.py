"""Defines the commands for releases: import, rehearse, rollback, adopt.

Each imports what it does when it is run: half of the installer, which no other command needs.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from installer.commands.click_words import Command
from installer.commands.database_option import database_option
from installer.commands.package_verbs import ABOUT_PACKAGE, package_argument
from installer.errors import UsageProblem
from installer.operations.release_directory import Site
from installer.site.paths import log_path
from installer.text import _

if TYPE_CHECKING:
    from installer.operations.adaptations.choose_adaptations import OverrideChoice
    from installer.operations.import_.carry_out import OnFailure
    from installer.operations.plan.import_plan import BackupChoice, SnapshotChoice, StateMode
    from installer.operations.rehearsal.rehearsal_step import RehearseMode

HEALTH_SECONDS = 300
from_option = click.option(
    "--from",
    "from_directory",
    type=click.Path(path_type=Path, readable=False),
    metavar=_("DIRECTORY"),
    help=_("Directory of the old release, if it is not found automatically."),
)


@click.command(
    "import",
    cls=Command,
    help=_("Import a release and start it on this host.") + "\n\n" + ABOUT_PACKAGE,
)
@package_argument
@from_option
@click.option(
    "--state",
    "state_mode",
    type=click.Choice(("copy", "move")),
    default="copy",
    help=_("How to bring data into the new release directory: copy (default) or move."),
)
@click.option(
    "--snapshot",
    type=click.Choice(("auto", "always", "never")),
    default="auto",
    help=_(
        "Whether to keep a copy of the database files for a rollback in seconds,"
        " if they are moved or in a volume (default: auto, if there is room)."
    ),
)
@click.option(
    "--backup",
    type=click.Choice(("auto", "stopped", "serving")),
    default="auto",
    help=_(
        "When to back up the database: after the services were stopped, or from its untouched files while"
        " the new release is serving (default: auto, serving if a backup takes more than seconds)."
    ),
)
@click.option(
    "--rehearse",
    type=click.Choice(("auto", "always", "never")),
    default="auto",
    help=_(
        "Whether to apply the migrations to a copy of the database first (default: auto, if there is room)."
    ),
)
@click.option(
    "--on-failure",
    type=click.Choice(("ask", "rollback", "stop")),
    default="ask",
    help=_("What to do if the import fails after the old release was stopped (default: ask)."),
)
@click.option(
    "--keep",
    multiple=True,
    metavar=_("PATH"),
    help=_("Keep the site's version of this file from the old release; can be repeated."),
)
@click.option(
    "--override",
    type=click.Choice(("keep", "drop")),
    help=_(
        "Keep or drop the site's own docker-compose.override.yml"
        " (default: drop it, and report it in the plan)."
    ),
)
@click.option(
    "--accept-changed-values",
    is_flag=True,
    help=_("Accept migrations that change values or delete rows without an error; --yes does not."),
)
@click.option(
    "--resume",
    is_flag=True,
    help=_("Continue an import that was interrupted; the choices are those of that import."),
)
@click.option("--yes", "-y", is_flag=True, help=_("Answer yes to every question."))
@click.option("--dry-run", is_flag=True, help=_("Run the checks and show the plan; change nothing."))
@click.option(
    "--health-timeout",
    "health_seconds",
    type=click.FloatRange(min=1),
    default=HEALTH_SECONDS,
    metavar=_("SECONDS"),
    help=_("Seconds to wait until services are healthy (default: 300)."),
)
@click.pass_obj
def import_(
    site: Site,
    package: Path | None,
    from_directory: Path | None,
    state_mode: str,
    snapshot: str,
    backup: str,
    rehearse: str,
    on_failure: str,
    keep: tuple[str, ...],
    override: str | None,
    accept_changed_values: bool,
    resume: bool,
    yes: bool,
    dry_run: bool,
    health_seconds: float,
) -> None:
    """Unpacks the package first, unless it is already unpacked."""
    from installer.operations.adaptations.choose_adaptations import KeepRequest
    from installer.operations.import_.import_ import ImportRequest, import_release
    from installer.operations.import_.resume_import import resume_import

    console = site.console
    console.assume_yes = yes
    with _release(package or site.release, site) as (release, named):
        if resume:
            _refuse_dry_run(dry_run)
            with console.logging_to(log_path(release)):
                resume_import(
                    release,
                    named,
                    console,
                    health_seconds=health_seconds,
                    on_failure=cast("OnFailure", on_failure),
                    previous=from_directory,
                )
            return
        request = ImportRequest(
            release=release,
            package=named,
            from_directory=from_directory,
            state_mode=cast("StateMode", state_mode),
            snapshot=cast("SnapshotChoice", snapshot),
            rehearse=cast("RehearseMode", rehearse),
            on_failure=cast("OnFailure", on_failure),
            dry_run=dry_run,
            health_seconds=health_seconds,
            keep=KeepRequest(keep, cast("OverrideChoice | None", override)),
            accept_changed_values=accept_changed_values,
            backup=cast("BackupChoice", backup),
        )
        with console.logging_to(log_path(release)):
            import_release(request, console)


def _refuse_dry_run(dry_run: bool) -> None:
    if dry_run:
        raise UsageProblem(
            _("--resume changes this host; it cannot be combined with --dry-run."),
            hint=_("To see where the import stands, run: ./airlock rollback (it asks first)"),
        )


@click.command(
    "rehearse",
    cls=Command,
    help=_("Apply the release's migrations to a copy of the running database; change nothing else.")
    + "\n\n"
    + ABOUT_PACKAGE,
)
@package_argument
@from_option
@database_option
@click.option("--json", "as_json", is_flag=True, help=_("Print the result as JSON."))
@click.pass_obj
def rehearse_(
    site: Site, package: Path | None, from_directory: Path | None, database: str | None, as_json: bool
) -> None:
    """Unpacks the package first, unless it is already unpacked."""
    from installer.operations.rehearsal.rehearse_release import RehearseRequest, rehearse_release

    with (
        _release(package or site.release, site) as (release, named),
        site.console.logging_to(log_path(release)),
    ):
        request = RehearseRequest(release, named, from_directory, database, as_json)
        rehearse_release(request, site.console)


@click.command(
    "rollback",
    cls=Command,
    help=_(
        "Roll back to the old release, after an import that was interrupted, got stuck, or finished;"
        " or to the content from before a restore that was interrupted or got stuck."
    ),
)
@click.option(
    "--health-timeout", "health_seconds", type=click.FloatRange(min=1), default=HEALTH_SECONDS, hidden=True
)
@click.option(
    "--to",
    "previous",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar=_("DIRECTORY"),
    help=_("Directory of the old release, if it was renamed and is not found."),
)
@click.option("--yes", "-y", is_flag=True, help=_("Answer yes to every question."))
@click.pass_obj
def rollback(site: Site, health_seconds: float, previous: Path | None, yes: bool) -> None:
    """Rolls back a restore that did not end, else the import of this release directory."""
    from installer.operations.restore_.roll_back_restore import roll_back_restore
    from installer.operations.way_back.roll_back import roll_back
    from installer.operations.way_back.unfinished_runs import unfinished_restore

    site.console.assume_yes = yes
    if unfinished_restore(site.release) is not None:
        roll_back_restore(site, health_seconds=health_seconds)
        return
    with site.console.logging_to(log_path(site.release)):
        roll_back(site.release, site.console, health_seconds=health_seconds, previous=previous)


@click.command(
    "adopt",
    cls=Command,
    help=_("Start the services from this directory after it was renamed, and update its records."),
)
@click.option(
    "--health-timeout", "health_seconds", type=click.FloatRange(min=1), default=HEALTH_SECONDS, hidden=True
)
@click.option("--yes", "-y", is_flag=True, help=_("Answer yes to every question."))
@click.option("--dry-run", is_flag=True, help=_("Run the checks and show the plan; change nothing."))
@click.pass_obj
def adopt_(site: Site, health_seconds: float, yes: bool, dry_run: bool) -> None:
    """Adopts a release directory that was renamed while its services ran."""
    from installer.operations.adopt.adopt import adopt

    site.console.assume_yes = site.console.assume_yes or yes
    with site.console.logging_to(log_path(site.release)):
        adopt(site.release, site.console, health_seconds=health_seconds, dry_run=dry_run)


COMMANDS = (import_, rehearse_, rollback, adopt_)


@contextmanager
def _release(place: Path, site: Site) -> Iterator[tuple[Path, Path | None]]:
    """Yields the release directory, and the package file if `place` is one; unpacks it if necessary.

    Deletes the unpacked files if the body finds that the package is damaged.
    """
    from installer.operations.package.unpack import removed_if_bad, unpack

    place = place.resolve()
    if place.is_dir():
        yield place, None
        return
    unpacked = unpack(place, place.parent, site.console, own=site.release)
    with removed_if_bad(unpacked):
        yield unpacked.directory, place
