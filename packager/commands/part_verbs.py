"""Defines the verbs `split` and `join`, which divide a finished package into parts and join them again."""

from pathlib import Path

import click

from installer.commands.click_words import Command
from installer.text import _
from packager.commands.context import VerbContext
from packager.commands.place_options import output_option
from packager.compression.output_format import parse_part_size
from packager.division.join import join
from packager.division.split import split


@click.command(
    "split",
    cls=Command,
    help=_("Split a finished package into numbered parts.")
    + "\n\n"
    + _(
        "PACKAGE is a package file, or any part of a package in parts of another size. It is not changed; "
        "write the parts to another folder than its own."
    ),
)
@click.argument("package", metavar=_("PACKAGE"), type=click.Path(path_type=Path))
@click.option(
    "--size",
    "part_size",
    metavar=_("SIZE"),
    required=True,
    help=_("Size of each part, such as 700MB or 4GiB; use 4GB for FAT32 and DVD."),
)
@output_option
@click.pass_obj
def split_(context: VerbContext, package: Path, part_size: str, output: Path) -> None:
    """Prints the path of the first part."""
    part_bytes = parse_part_size(part_size, "--size")
    context.console.result(str(split(package, part_bytes, output, context.console)))


@click.command(
    "join",
    cls=Command,
    help=_("Join the parts of a package into one file.")
    + "\n\n"
    + _(
        "PARTS are the parts of one package. Those beside the first one are found; name those in other "
        "folders. They are not changed; write the file to another folder than theirs."
    ),
)
@click.argument("parts", metavar=_("PARTS"), type=click.Path(path_type=Path), nargs=-1, required=True)
@output_option
@click.pass_obj
def join_(context: VerbContext, parts: tuple[Path, ...], output: Path) -> None:
    """Prints the path of the file."""
    context.console.result(str(join(parts, output, context.console)))


COMMANDS = (split_, join_)
