"""Defines the verbs for migrations: `lint` and `migration new`."""

from pathlib import Path

import click

from installer.commands.click_words import Command, Group
from installer.commands.database_option import database_option
from installer.errors import Refused, UsageProblem
from installer.screen.console import Console
from installer.system.clock import utc_now
from installer.text import _
from packager.commands.context import VerbContext
from packager.commands.place_options import project_option
from packager.deltas.previous_release import read_previous
from packager.migration.new_migration import show_new_migration, write_by_prisma, write_empty
from packager.migration.prisma_tool import PrismaTool, find_prisma
from packager.project.databases.project_databases import ProjectDatabase
from packager.project.project import Project, open_project
from packager.project.project_migrations import ProjectMigrations, require_migrations

ERRORS_STAND = Refused.exit_code


@click.command(
    "lint",
    cls=Command,
    help=_("Check the SQL of the migrations for statements that destroy data, may fail, or block writes."),
    epilog=_(
        "Exit codes: 0 without errors, 3 with errors, 2 without migrations. To accept a finding, add "
        "it to airlock-lint.yml in the migrations folder: under the name of its migration, `CODE "
        "table.column: the reason`."
    ),
)
@project_option
@click.option(
    "--previous",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=_("Check only migrations that are new since the previous release: specify its package."),
)
@database_option
@click.option("--json", "as_json", is_flag=True, help=_("Print the result as JSON."))
@click.pass_context
def lint_(
    context: click.Context, directory: Path, previous: Path | None, database: str | None, as_json: bool
) -> None:
    """Prints every finding with its code; the schema is known from earlier migrations."""
    from packager.lint.report import lint
    from packager.lint.show import report_document, report_lines

    console: Console = context.obj.console
    project = open_project(directory)
    known = read_previous(previous).migrations if previous else {}
    reports = [
        (
            found.folder,
            lint(found.all, found.accepted, known=known.get(one.service, ()), provider=found.provider),
        )
        for one in _databases(project, database)
        for found in (require_migrations(directory, one.migrations, project.files.state),)
    ]
    if as_json:
        documents = [report_document(report, folder) for folder, report in reports]
        console.json(documents if len(documents) > 1 else documents[0])
    else:
        console.result("\n".join(line for folder, report in reports for line in report_lines(report, folder)))
    context.exit(ERRORS_STAND if any(report.has_errors for _folder, report in reports) else 0)


@click.group("migration", cls=Group, help=_("Write migrations."))
def migration() -> None:
    """Groups the verbs that write migrations."""


@migration.command(
    "new",
    help=_(
        "Create a migration in Prisma's format: with the project's own Prisma if it has one, otherwise "
        "as an empty script."
    ),
)
@click.argument("name", metavar=_("NAME"))
@project_option
@database_option
@click.option("--empty", is_flag=True, help=_("Write an empty script without running Prisma."))
@click.pass_obj
def new(context: VerbContext, name: str, directory: Path, database: str | None, empty: bool) -> None:
    """Creates a migration; NAME describes it, such as add_user_department."""
    console = context.console
    project = open_project(directory)
    found = _only_migrations(project, database)
    prisma = None if empty else _agreed(find_prisma(project, found.folder), console)
    if prisma:
        made = write_by_prisma(project, found, name, prisma)
    else:
        made = write_empty(project, found, name, utc_now())
    show_new_migration(made, found, console)
    console.result(made.script)


COMMANDS = (lint_, migration)


def _databases(project: Project, named: str | None) -> tuple[ProjectDatabase, ...]:
    """Returns the databases with migrations; the only one, or the named one, also without."""
    chosen = project.chosen_databases(named)
    if not chosen:
        require_migrations(project.directory, None, project.files.state)
    return tuple(one for one in chosen if one.migrations is not None) or chosen[:1]


def _only_migrations(project: Project, named: str | None) -> ProjectMigrations:
    found = [one.migrations for one in _databases(project, named) if one.migrations is not None]
    if len(found) > 1:
        raise UsageProblem(
            _("This project has several databases: {names}", names=", ".join(project.database_services)),
            hint=_("Specify one: --database {name}", name=project.database_services[0]),
        )
    if not found:
        raise UsageProblem(
            _("The project has no migrations folder yet."),
            hint=_("Create the folder and specify it in airlock.yml: `migrations: prisma/migrations`"),
        )
    return found[0]


def _agreed(prisma: PrismaTool | None, console: Console) -> PrismaTool | None:
    """Returns Prisma if the user agrees: it connects to the team's development database."""
    if prisma is None:
        return None
    if not console.is_interactive:
        console.say(_("Prisma writes migrations only on a terminal: creating an empty one."))
        return None
    question = _("Let Prisma write the migration? It connects to the development database in DATABASE_URL.")
    return prisma if console.confirm(question, default=True) else None
