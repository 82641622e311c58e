"""The verbs about a release: import, rehearse, rollback, verify, inspect."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import click

from installer.commands.click_words import Command
from installer.operations.adaptations.choose_adaptations import KeepRequest, OverrideChoice
from installer.operations.adopt.adopt import adopt
from installer.operations.import_.carry_out import OnFailure
from installer.operations.import_.import_ import ImportRequest, import_release
from installer.operations.package.inspect_ import describe, document, read_head
from installer.operations.package.unpack import removed_if_bad, unpack
from installer.operations.package.verify import verified, verified_document, verify
from installer.operations.plan.import_plan import SnapshotChoice, StateMode
from installer.operations.rehearsal.rehearsal_step import RehearseMode
from installer.operations.rehearsal.rehearse_release import rehearse_release
from installer.operations.release_directory import Site
from installer.operations.way_back.roll_back import roll_back
from installer.site.paths import log_path
from installer.text import _

HEALTH_SECONDS = 300
ABOUT_PACKAGE = _(
    "PACKAGE is the package file, one of its parts, or its unpacked directory;"
    " without it, the directory of this release is taken."
)
package_argument = click.argument(
    "package", metavar=_("[PACKAGE]"), type=click.Path(path_type=Path, readable=False), required=False
)
from_option = click.option(
    "--from",
    "from_directory",
    type=click.Path(path_type=Path, readable=False),
    metavar=_("DIRECTORY"),
    help=_("The directory of the running installation, where it is not found by itself."),
)


@click.command(
    "import",
    cls=Command,
    help=_("Take a release into operation on this host.") + "\n\n" + ABOUT_PACKAGE,
)
@package_argument
@from_option
@click.option(
    "--state",
    "state_mode",
    type=click.Choice(("copy", "move")),
    default="copy",
    help=_("How data gets into the new directory: copy (default) or move."),
)
@click.option(
    "--snapshot",
    type=click.Choice(("auto", "always", "never")),
    default="auto",
    help=_(
        "Whether to keep a copy of the database's files for a way back in seconds,"
        " where they would be moved or are in a volume (default: auto, where there is room)."
    ),
)
@click.option(
    "--rehearse",
    type=click.Choice(("auto", "always", "never")),
    default="auto",
    help=_(
        "Whether to apply the migrations to a copy of the database first"
        " (default: auto, where there is room for one)."
    ),
)
@click.option(
    "--on-failure",
    type=click.Choice(("ask", "rollback", "stop")),
    default="ask",
    help=_("What to do when something fails after the old release was stopped (default: ask)."),
)
@click.option(
    "--keep",
    multiple=True,
    metavar=_("PATH"),
    help=_("Take over this file as the site has it in the old directory; may be repeated."),
)
@click.option(
    "--override",
    type=click.Choice(("keep", "drop")),
    help=_(
        "What to do with this site's own docker-compose.override.yml"
        " (default: name it in the plan and leave it out)."
    ),
)
@click.option(
    "--accept-changed-values",
    is_flag=True,
    help=_("Accept that migrations change values or drop rows without an error; --yes does not."),
)
@click.option("--yes", "-y", is_flag=True, help=_("Answer yes to every question."))
@click.option("--dry-run", is_flag=True, help=_("Check and show the plan, change nothing."))
@click.option(
    "--health-timeout",
    "health_seconds",
    type=click.FloatRange(min=1),
    default=HEALTH_SECONDS,
    metavar=_("SECONDS"),
    help=_("Seconds until services must be healthy (default: 300)."),
)
@click.pass_obj
def import_(
    site: Site,
    package: Path | None,
    from_directory: Path | None,
    state_mode: str,
    snapshot: str,
    rehearse: str,
    on_failure: str,
    keep: tuple[str, ...],
    override: str | None,
    accept_changed_values: bool,
    yes: bool,
    dry_run: bool,
    health_seconds: float,
) -> None:
    """Unpacks the package first, unless it is unpacked already."""
    console = site.console
    console.assume_yes = yes
    with _release(package or site.release, site) as (release, named):
        request = ImportRequest(
            release=release,
            package=named,
            from_directory=from_directory,
            state_mode=cast(StateMode, state_mode),
            snapshot=cast(SnapshotChoice, snapshot),
            rehearse=cast(RehearseMode, rehearse),
            on_failure=cast(OnFailure, on_failure),
            dry_run=dry_run,
            health_seconds=health_seconds,
            keep=KeepRequest(keep, cast("OverrideChoice | None", override)),
            accept_changed_values=accept_changed_values,
        )
        with console.logging_to(log_path(release)):
            import_release(request, console)


@click.command(
    "rehearse",
    cls=Command,
    help=_("Apply a release's migrations to a copy of the running database; nothing is changed.")
    + "\n\n"
    + ABOUT_PACKAGE,
)
@package_argument
@from_option
@click.option("--json", "as_json", is_flag=True, help=_("Print the result for programs."))
@click.pass_obj
def rehearse_(site: Site, package: Path | None, from_directory: Path | None, as_json: bool) -> None:
    """Unpacks the package first, unless it is unpacked already."""
    with (
        _release(package or site.release, site) as (release, named),
        site.console.logging_to(log_path(release)),
    ):
        rehearse_release(release, named, from_directory, site.console, as_json=as_json)


@click.command(
    "rollback",
    cls=Command,
    help=_("Go back to the release before, from an import that was cut off, got stuck or is finished."),
)
@click.option(
    "--health-timeout", "health_seconds", type=click.FloatRange(min=1), default=HEALTH_SECONDS, hidden=True
)
@click.option(
    "--to",
    "previous",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar=_("DIRECTORY"),
    help=_("The directory of the release before, if it was renamed and is not found."),
)
@click.option("--yes", "-y", is_flag=True, help=_("Answer yes to every question."))
@click.pass_obj
def rollback(site: Site, health_seconds: float, previous: Path | None, yes: bool) -> None:
    """Works in the directory of the release that is in operation, or whose import did not end well."""
    site.console.assume_yes = yes
    with site.console.logging_to(log_path(site.release)):
        roll_back(site.release, site.console, health_seconds=health_seconds, previous=previous)


@click.command(
    "adopt",
    cls=Command,
    help=_("After this directory was renamed: start the services from here and update the records."),
)
@click.option(
    "--health-timeout", "health_seconds", type=click.FloatRange(min=1), default=HEALTH_SECONDS, hidden=True
)
@click.option("--yes", "-y", is_flag=True, help=_("Answer yes to every question."))
@click.option("--dry-run", is_flag=True, help=_("Check and show the plan, change nothing."))
@click.pass_obj
def adopt_(site: Site, health_seconds: float, yes: bool, dry_run: bool) -> None:
    """Works in a release directory that was renamed while its services ran."""
    site.console.assume_yes = site.console.assume_yes or yes
    with site.console.logging_to(log_path(site.release)):
        adopt(site.release, site.console, health_seconds=health_seconds, dry_run=dry_run)


@click.command(
    "verify", cls=Command, help=_("Verify a package, as a file or unpacked.") + "\n\n" + ABOUT_PACKAGE
)
@package_argument
@click.option("--json", "as_json", is_flag=True, help=_("Print the result for programs."))
@click.pass_obj
def verify_(site: Site, package: Path | None, as_json: bool) -> None:
    """Every digest, every name, nothing missing, nothing more."""
    found = verify(package or site.release, site.console)
    if as_json:
        site.console.json(verified_document(found))
    else:
        site.console.result(verified(found))


@click.command("inspect", cls=Command, help=_("Show what a package holds.") + "\n\n" + ABOUT_PACKAGE)
@package_argument
@click.option("--json", "as_json", is_flag=True, help=_("Print the result for programs."))
@click.pass_obj
def inspect_(site: Site, package: Path | None, as_json: bool) -> None:
    """Reads the manifest only."""
    manifest = read_head(package or site.release, site.console)
    if as_json:
        site.console.json(document(manifest))
    else:
        site.console.result("\n".join(describe(manifest)))


COMMANDS = (import_, rehearse_, rollback, adopt_, verify_, inspect_)


@contextmanager
def _release(place: Path, site: Site) -> Iterator[tuple[Path, Path | None]]:
    """The release directory, and the package if `place` is one: then it is unpacked, unless it is already.

    What was unpacked goes again when the body finds that the package is damaged.
    """
    place = place.resolve()
    if place.is_dir():
        yield place, None
        return
    unpacked = unpack(place, place.parent, site.console, own=site.release)
    with removed_if_bad(unpacked):
        yield unpacked.directory, place
