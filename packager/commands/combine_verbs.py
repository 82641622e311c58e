"""The verb that makes a whole package out of deltas."""

from pathlib import Path

import click

from installer.commands.click_words import Command
from installer.text import _
from packager.combine.combine import combine
from packager.commands.context import Told
from packager.commands.medium_options import split_option
from packager.compression.medium import parse_part_size


@click.command(
    "combine",
    cls=Command,
    help=_("Make a whole package out of a whole one and the deltas that build on it.")
    + "\n\n"
    + _(
        "PACKAGES are package files in the order of their releases: first the whole one, then the deltas."
        " The result is the whole package of the last of them, compressed as that is."
    ),
)
@click.argument("packages", metavar=_("PACKAGES"), type=click.Path(path_type=Path), nargs=-1, required=True)
@click.option(
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    help=_("The folder for the package, if it is not this one."),
)
@split_option
@click.pass_obj
def combine_(told: Told, packages: tuple[Path, ...], output: Path, split: str | None) -> None:
    """Prints the path of the package, or of its first part."""
    part_bytes = parse_part_size(split) if split is not None else None
    told.console.result(str(combine(packages, output, told.console, part_bytes=part_bytes)))


COMMANDS = (combine_,)
