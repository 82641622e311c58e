"""Defines the options for compression and parts, shared by every verb that writes a package."""

import click

from installer.text import _
from packager.compression.codec import Compression
from packager.compression.codecs import CHOICES
from packager.compression.medium import Medium, parse_part_size

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


def medium_of(compression: Compression, split: str | None) -> Medium:
    """Returns the medium that these options specify. Raises `UsageProblem`."""
    return Medium(compression, parse_part_size(split) if split is not None else None)
