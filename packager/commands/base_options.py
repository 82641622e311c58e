"""Defines the options for what came before an export: the previous release, and the base of a delta."""

from dataclasses import dataclass
from pathlib import Path

import click

from installer.errors import UsageProblem
from installer.text import _
from packager.deltas.export_base import Since, since_release, since_site
from packager.deltas.previous_release import PreviousRelease, read_previous

previous_option = click.option(
    "--previous",
    type=click.Path(path_type=Path),
    metavar=_("PACKAGE"),
    help=_("List only new migrations in MIGRATIONS.md: specify the package of the previous release."),
)
since_option = click.option(
    "--since",
    type=click.Path(path_type=Path),
    metavar=_("PACKAGE"),
    help=_(
        "Pack only image layers that the release on the site lacks: specify its package, or the "
        "manifest.json from it. Includes --previous."
    ),
)
for_site_option = click.option(
    "--for-site",
    type=click.Path(path_type=Path),
    metavar=_("INVENTORY"),
    help=_(
        "Pack only image layers that the site lacks: specify the output of `airlock inventory` from "
        "that site."
    ),
)


@dataclass(frozen=True)
class Before:
    """What came before an export: the previous release, for MIGRATIONS.md, and the base of a delta."""

    release: PreviousRelease | None
    since: Since | None


def read_before(previous: Path | None, since: Path | None, for_site: Path | None) -> Before:
    """Reads the files that these options specify. Raises `UsageProblem`, `BadPackage`."""
    if since is not None and (previous or for_site):
        raise UsageProblem(
            _(
                "--since cannot be combined with --previous or --for-site: it includes --previous, and "
                "a package has only one base."
            ),
            hint=_("Remove the other option."),
        )
    named = since or previous
    release = read_previous(named) if named else None
    if since is not None and release is not None:
        return Before(release, since_release(release))
    return Before(release, since_site(for_site) if for_site else None)
