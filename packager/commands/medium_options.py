"""The options that say what a package travels on; every verb that writes one has them."""

import click

from installer.text import _
from packager.compression.codec import Compression
from packager.compression.codecs import CHOICES
from packager.compression.medium import Medium, parse_part_size

compression_option = click.option(
    "--compression",
    type=click.Choice(CHOICES),
    default="gzip",
    help=_("gzip: tar reads it everywhere. zstd: smaller. none: for media that are faster than the machine."),
)
split_option = click.option(
    "--split",
    metavar=_("SIZE"),
    help=_("Cut the package into numbered parts of this size: 4GB for FAT32 and DVD, 700MB, 4GiB."),
)


def medium_of(compression: Compression, split: str | None) -> Medium:
    """What these options mean. Raises `UsageProblem`."""
    return Medium(compression, parse_part_size(split) if split is not None else None)
