"""Defines the commands that read a package, on every system: verify, inspect."""

from pathlib import Path

import click

from installer.commands.click_words import Command
from installer.operations.package.inspect_ import describe, document, read_head
from installer.operations.package.verify import verified, verified_document, verify
from installer.operations.release_directory import Site
from installer.text import _

ABOUT_PACKAGE = _(
    "PACKAGE is a package file, one of its parts, or an unpacked package (default: this release directory)."
)
package_argument = click.argument(
    "package", metavar=_("[PACKAGE]"), type=click.Path(path_type=Path, readable=False), required=False
)


@click.command(
    "verify", cls=Command, help=_("Verify a package file or an unpacked package.") + "\n\n" + ABOUT_PACKAGE
)
@package_argument
@click.option("--json", "as_json", is_flag=True, help=_("Print the result as JSON."))
@click.pass_obj
def verify_(site: Site, package: Path | None, as_json: bool) -> None:
    """Verifies every digest and name, and that no file is missing or extra."""
    found = verify(package or site.release, site.console)
    if as_json:
        site.console.json(verified_document(found))
    else:
        site.console.result(verified(found))


@click.command("inspect", cls=Command, help=_("Show the contents of a package.") + "\n\n" + ABOUT_PACKAGE)
@package_argument
@click.option("--json", "as_json", is_flag=True, help=_("Print the result as JSON."))
@click.pass_obj
def inspect_(site: Site, package: Path | None, as_json: bool) -> None:
    """Shows a package by its manifest alone."""
    manifest = read_head(package or site.release, site.console)
    if as_json:
        site.console.json(document(manifest))
    else:
        site.console.result("\n".join(describe(manifest)))


COMMANDS = (verify_, inspect_)
