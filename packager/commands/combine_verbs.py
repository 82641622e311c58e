"""Defines the verbs that make packages from finished packages: `combine` a whole one, `delta` a delta."""

from pathlib import Path

import click

from installer.commands.click_words import Command
from installer.text import _
from packager.combine.combine import combine
from packager.combine.make_delta import make_delta
from packager.commands.context import VerbContext
from packager.commands.output_format_options import split_option
from packager.commands.place_options import output_option
from packager.commands.say_left_out import say_left_out
from packager.compression.output_format import parse_part_size


@click.command(
    "combine",
    cls=Command,
    help=_("Combine a whole package and the deltas that build on it into one whole package.")
    + "\n\n"
    + _(
        "PACKAGES are package files in the order of their releases: the whole package first, then the "
        "deltas. The result is the whole package of the last release, with the same compression as the "
        "last package."
    ),
)
@click.argument("packages", metavar=_("PACKAGES"), type=click.Path(path_type=Path), nargs=-1, required=True)
@output_option
@split_option
@click.pass_obj
def combine_(context: VerbContext, packages: tuple[Path, ...], output: Path, split: str | None) -> None:
    """Prints the path of the package, or of its first part."""
    part_bytes = parse_part_size(split) if split is not None else None
    context.console.result(str(combine(packages, output, context.console, part_bytes=part_bytes)))


@click.command(
    "delta",
    cls=Command,
    help=_("Make a delta from the packages of two releases: only what a site with the old release lacks.")
    + "\n\n"
    + _(
        "OLD is the package of the release on the site, or the manifest.json from it. NEW is the whole "
        "package of the new release. The delta has the same compression as NEW."
    ),
)
@click.argument("old", metavar=_("OLD"), type=click.Path(path_type=Path))
@click.argument("new", metavar=_("NEW"), type=click.Path(path_type=Path))
@output_option
@split_option
@click.pass_obj
def delta_(context: VerbContext, old: Path, new: Path, output: Path, split: str | None) -> None:
    """Prints the path of the delta, or of its first part."""
    part_bytes = parse_part_size(split) if split is not None else None
    made = make_delta(old, new, output, context.console, part_bytes=part_bytes)
    say_left_out(made, context.console)
    context.console.result(str(made))


COMMANDS = (combine_, delta_)
