"""Defines the options for compression and parts, shared by every verb that writes a package."""

import click

from installer.text import _
from packager.compression.codec import Compression
from packager.compression.codecs import CHOICES
from packager.compression.output_format import OutputFormat, parse_part_size

compression_option = click.option(
    "--compression",
    type=click.Choice(CHOICES),
    default="gzip",
    help=_(
        "gzip (default): every tar reads it. zstd: smaller. none: for media that are faster than this "
        "machine."
    ),
)
split_option = click.option(
    "--split",
    metavar=_("SIZE"),
    help=_(
        "Split the package into numbered parts of this size, such as 700MB or 4GiB; use 4GB for FAT32 "
        "and DVD."
    ),
)


def output_format_of(compression: Compression, split: str | None) -> OutputFormat:
    """Returns the output format that these options specify. Raises `UsageProblem`."""
    return OutputFormat(compression, parse_part_size(split) if split is not None else None)
