"""Defines the command that lists a site's image layers."""

import click

from installer.bundle.manifest.inventory import dump_inventory
from installer.commands.click_words import Command
from installer.operations.images.take_inventory import take_inventory
from installer.operations.release_directory import Site
from installer.system.clock import utc_now
from installer.system.docker.docker import Engine
from installer.text import _


@click.command(
    "inventory",
    cls=Command,
    help=_("Print the image layers that this site already has, as a short text to carry out.")
    + "\n\n"
    + _(
        "The text contains digests, but no image names and no secrets. Save it to a file:"
        " ./airlock inventory > inventory.txt. Outside, `airlock export VERSION --for-site inventory.txt`"
        " then packs only the layers that this site lacks."
    ),
)
@click.pass_obj
def inventory(site: Site) -> None:
    """Prints the inventory."""
    taken = take_inventory(Engine.connect(), site.release, utc_now())
    site.console.result(dump_inventory(taken).removesuffix("\n"))


COMMANDS = (inventory,)
