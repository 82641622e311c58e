"""Defines the commands for sites that have an image registry of their own: images push|layout."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from installer.commands.click_words import Command, Group
from installer.operations.release_directory import Site
from installer.text import _

if TYPE_CHECKING:
    from installer.operations.push.push_plan import PushPlan

ABOUT_PACKAGE = _(
    "PACKAGE is a package file, one of its parts, or an unpacked package (default: this release directory)."
    " Image layers that it does not contain are taken from the Docker engine."
)
package_argument = click.argument(
    "package", metavar=_("[PACKAGE]"), type=click.Path(path_type=Path, readable=False), required=False
)


@click.group("images", cls=Group, help=_("Push the images of a package to a registry, or write them as OCI."))
def images() -> None:
    """Groups the commands for images."""


@images.command(
    "push",
    cls=Command,
    help=_("Push the images of a package to a registry of this site.")
    + "\n\n"
    + _(
        "REGISTRY is its host and port, and a prefix for the names of the images if needed, such as"
        " registry.site:5000/team. The login is the one that `docker login` saved. What the registry has"
        " already is not sent again."
    )
    + "\n\n"
    + ABOUT_PACKAGE,
)
@click.argument("registry", metavar=_("REGISTRY"))
@package_argument
@click.option(
    "--ca",
    "ca_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=_("Trust the certificate of the site's CA in this file."),
)
@click.option("--insecure", is_flag=True, help=_("Allow plain HTTP if the registry does not use TLS."))
@click.option("--yes", "-y", is_flag=True, help=_("Answer yes to every question."))
@click.option("--dry-run", is_flag=True, help=_("Show the plan without running it."))
@click.option("--json", "as_json", is_flag=True, help=_("Print the result as JSON."))
@click.pass_obj
def push(
    site: Site,
    registry: str,
    package: Path | None,
    ca_file: Path | None,
    insecure: bool,
    yes: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Prints the references by which engines pull the images."""
    from installer.operations.images.supply_blobs import supply_of
    from installer.operations.push.push_images import push_images
    from installer.operations.push.push_plan import open_repositories, plan_push
    from installer.operations.push.pushed_names import pushed_names
    from installer.operations.push.show_push import push_document, push_plan_lines, pushed_as
    from installer.system.registry.connect_registry import connected
    from installer.system.registry.docker_login import read_logins
    from installer.system.registry.registry_place import parse_place
    from installer.system.registry.trust import Trust

    console = site.console
    console.assume_yes = console.assume_yes or yes
    place = parse_place(registry)
    supply = supply_of(package or site.release, console)
    names = pushed_names(supply.manifest.images, place)
    digests = {}
    with connected(place.host, Trust(ca_file, insecure), read_logins()) as session:
        repository = open_repositories(session)
        plan = plan_push(names, repository)
        for line in push_plan_lines(plan, place.host):
            console.say(line)
        if not dry_run:
            _expect_agreement(site, plan)
            digests = push_images(supply, plan, repository)
    if as_json:
        console.json(push_document(plan, place.host, digests))
    elif digests:
        references = (f"{pushed_as(name, place.host)}@{digest}" for name, digest in digests.items())
        console.result("\n".join(references))


def _expect_agreement(site: Site, plan: "PushPlan") -> None:
    """Asks before a name that belongs to another image is taken from it."""
    if plan.replaced:
        site.console.expect_yes(
            _("Replace the images that have these names now?"),
            hint=_("To skip the question, add: --yes"),
        )


@images.command(
    "layout",
    cls=Command,
    help=_("Write the images of a package as an OCI image layout, for skopeo, crane and others.")
    + "\n\n"
    + _("FOLDER must not exist yet.")
    + " "
    + ABOUT_PACKAGE,
)
@click.argument("folder", metavar=_("FOLDER"), type=click.Path(path_type=Path))
@package_argument
@click.pass_obj
def layout(site: Site, folder: Path, package: Path | None) -> None:
    """Prints the path of the folder."""
    from installer.operations.images.supply_blobs import supply_of
    from installer.operations.images.write_layout import write_layout

    write_layout(supply_of(package or site.release, site.console), folder)
    site.console.result(str(folder))


COMMANDS = (images,)
