"""The verb that takes down what a site has."""

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
    help=_("Print which image layers this site has, as a small text to carry out.")
    + "\n\n"
    + _(
        "It holds digests, no names of images and no secrets. Write it into a file:"
        " ./airlock inventory > inventory.txt. Outside, `airlock export VERSION --for-site inventory.txt`"
        " then packs only the layers that are missing here."
    ),
)
@click.pass_obj
def inventory(site: Site) -> None:
    """Prints the text of an inventory."""
    taken = take_inventory(Engine.connect(), site.release, utc_now())
    site.console.result(dump_inventory(taken).removesuffix("\n"))


COMMANDS = (inventory,)
