"""Defines the option that names one database of a release with several."""

import click

from installer.text import _

database_option = click.option(
    "--database",
    metavar=_("SERVICE"),
    help=_("Service of the database, if the release has several (default: all, in their order)."),
)
