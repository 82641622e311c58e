"""Defines the options for places: the project that a verb reads, and where it writes the package."""

from pathlib import Path

import click

from installer.text import _

project_option = click.option(
    "--project",
    "directory",
    type=click.Path(path_type=Path),
    default=Path(),
    help=_("Use the project with the compose file in this directory (default: current directory)."),
)
images_from_option = click.option(
    "--images-from",
    metavar=_("FOLDER"),
    type=click.Path(path_type=Path),
    help=_("Take the images that this OCI image layout has from there, and all others from the engine."),
)
output_option = click.option(
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    help=_("Write the package to this folder (default: current folder)."),
)
