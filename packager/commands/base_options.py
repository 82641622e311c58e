"""The options that say what came before an export: for its MIGRATIONS.md, or to pack only what is new."""

from dataclasses import dataclass
from pathlib import Path

import click

from installer.errors import UsageProblem
from installer.text import _
from packager.deltas.previous import PreviousRelease, read_previous
from packager.deltas.since import Since, since_release, since_site

previous_option = click.option(
    "--previous",
    type=click.Path(path_type=Path),
    metavar=_("PACKAGE"),
    help=_("The package of the release before: MIGRATIONS.md then tells only what is new."),
)
since_option = click.option(
    "--since",
    type=click.Path(path_type=Path),
    metavar=_("PACKAGE"),
    help=_(
        "The package of the release that the site has, or the manifest.json out of it:"
        " only image layers that it lacks are packed. Includes --previous."
    ),
)
for_site_option = click.option(
    "--for-site",
    type=click.Path(path_type=Path),
    metavar=_("INVENTORY"),
    help=_("What `airlock inventory` printed on a site: only image layers that it lacks are packed."),
)


@dataclass(frozen=True)
class Before:
    """What came before: the release, for MIGRATIONS.md, and what a delta builds on."""

    release: PreviousRelease | None
    since: Since | None


def read_before(previous: Path | None, since: Path | None, for_site: Path | None) -> Before:
    """What these options name. Raises `UsageProblem`, `BadPackage`."""
    if since is not None and (previous or for_site):
        raise UsageProblem(
            _("--since stands alone: it includes --previous, and a package builds on one thing only."),
            hint=_("Leave the other option out."),
        )
    named = since or previous
    release = read_previous(named) if named else None
    if since is not None and release is not None:
        return Before(release, since_release(release))
    return Before(release, since_site(for_site) if for_site else None)
