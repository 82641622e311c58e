"""Defines the verb `export`."""

from collections.abc import Sequence
from pathlib import Path

import click

from installer.bundle.layout import shown
from installer.commands.click_words import Command
from installer.screen.console import Console
from installer.text import _
from packager.commands.base_options import for_site_option, previous_option, read_before, since_option
from packager.commands.context import VerbContext
from packager.commands.output_format_options import compression_option, output_format_of, split_option
from packager.commands.place_options import images_from_option, output_option, project_option
from packager.commands.say_left_out import say_left_out
from packager.commands.show_export_plan import plan_document, plan_lines
from packager.compression.codec import Compression
from packager.deltas.left_out_totals import LeftOut
from packager.export import export
from packager.git.chosen_version import choose_version, other_tag
from packager.git.git_source import Tree, read_tree
from packager.image_build.build_contexts import packages_in_contexts
from packager.image_build.windows_line_ends import windows_line_ends
from packager.layouts.image_layout import open_layout
from packager.pinning.check_pinned import check_pinned
from packager.plan.export_plan import ExportPlan, plan_export
from packager.project.data_services import unserved_services
from packager.project.project import Project, open_project
from packager.runtime.runtime_image import DEFAULT_IMAGE

SHOWN_FILES = 3


@click.command(
    "export",
    cls=Command,
    help=_("Build a release and pack it into one file.")
    + "\n\n"
    + _("VERSION is the version of the release, such as 2.1.2 (default: the Git tag of the current commit)."),
)
@click.argument("version", metavar=_("[VERSION]"), required=False)
@project_option
@output_option
@click.option("--platform", help=_("Build for another platform, such as linux/arm64."))
@previous_option
@since_option
@for_site_option
@compression_option
@split_option
@images_from_option
@click.option(
    "--runtime",
    metavar=_("IMAGE"),
    envvar="AIRLOCK_RUNTIME",
    help=_(
        "Pack the Python of this image, for sites without one (default: {image}). none: sites need Python "
        "3.10 or newer.",
        image=DEFAULT_IMAGE,
    ),
)
@click.option(
    "--cache",
    metavar=_("FOLDER"),
    type=click.Path(path_type=Path),
    help=_("Keep packed layers and the package's Python in this folder and reuse them in later exports."),
)
@click.option("--dry-run", is_flag=True, help=_("Show the plan without running it."))
@click.option("--json", "as_json", is_flag=True, help=_("Print the result as JSON."))
@click.pass_obj
def export_(
    context: VerbContext,
    version: str | None,
    directory: Path,
    output: Path,
    platform: str | None,
    previous: Path | None,
    since: Path | None,
    for_site: Path | None,
    compression: Compression,
    split: str | None,
    images_from: Path | None,
    runtime: str | None,
    cache: Path | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Prints the path of the package, or of its first part."""
    console = context.console
    output_format = output_format_of(compression, split)
    project = open_project(directory)
    chosen = choose_version(directory, version)
    if version is None:
        console.say(_("Version {version}, from the Git tag of the current commit.", version=chosen))
    tree = read_tree(directory)
    before = read_before(previous, since, for_site)
    plan = plan_export(
        project,
        chosen,
        tree.source,
        output,
        platform=platform,
        previous_migrations=before.release.migrations if before.release else None,
        since=before.since,
        output_format=output_format,
        runtime=runtime,
        layout=open_layout(images_from) if images_from else None,
    )
    _check_pinned(console, plan)
    _warn(console, plan, tree)
    left_out = None
    if not dry_run:
        export(plan, console, previous=before.release.version if before.release else None, cache=cache)
        left_out = _left_out(console, plan)
    if as_json:
        console.json(plan_document(plan, left_out))
    elif dry_run:
        console.result("\n".join(plan_lines(plan)))
    else:
        console.result(str(output_format.first_file(plan.package)))


COMMANDS = (export_,)


def _warn(console: Console, plan: ExportPlan, tree: Tree) -> None:
    """Warns about everything an engineer should know before the package is handed over."""
    if tree.changed:
        console.warn(
            _(
                "There are uncommitted changes, which the manifest records: {files}",
                files=_first_of(tree.changed),
            )
        )
    if tag := other_tag(tree, plan.version):
        console.warn(
            _("This commit has the tag {tag}, but the version is {version}.", tag=tag, version=plan.version)
        )
    _warn_of_data(console, plan.project)
    if plan.project.override:
        console.warn(_("{file} is not packed: it applies to this machine only.", file=plan.project.override))
    project = plan.project
    for note in (*project.files.notes, *packages_in_contexts(project), *windows_line_ends(project)):
        console.warn(note)


def _first_of(files: Sequence[str]) -> str:
    more = len(files) - SHOWN_FILES
    shown_files = ", ".join(shown(file) for file in files[:SHOWN_FILES])
    return shown_files + (" " + _("and {count} more", count=more) if more > 0 else "")


def _check_pinned(console: Console, plan: ExportPlan) -> None:
    obstacle = check_pinned(plan)
    if obstacle:
        console.warn(_("Compose could not check the pinned files: {obstacle}", obstacle=obstacle))


def _warn_of_data(console: Console, project: Project) -> None:
    for store in unserved_services(project.compose, project.database_services):
        console.warn(
            _("An import does not back up {store}, and a rollback does not restore its data.", store=store)
        )


def _left_out(console: Console, plan: ExportPlan) -> LeftOut | None:
    """Reports and returns what the written package leaves out; None for a whole package."""
    if plan.since is None:
        return None
    return say_left_out(plan.output_format.first_file(plan.package), console)
